"""Claiming due notices, and what each contains now: what is unread, and what the person may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from messaging.models.conversations.conversation import Conversation
from messaging.models.inbox.delivery import Loudness
from messaging.models.inbox.push_notice import PushNotice, due
from messaging.models.inbox.unread_by_loudness import MemberKey, UnreadGroup, titles_of, unread_by_loudness
from messaging.models.inbox.why import Cause, NotifiedMessage, causes_of
from messaging.models.messages.message import Message
from messaging.models.messages.notification import Notification
from messaging.models.people.push_subscription import PushSubscription
from messaging.models.people.user import User

AT_ONCE: Final = 50  # notices that one transaction claims


@dataclass(frozen=True)
class ClaimedNotice:
    """What one notice is about: the newest unread `message` for the person, and how many there are.

    `title` is what the person calls the conversation. `cause` is why the message is for them.
    `personal` is how much is unread for the person anywhere.
    """

    notice: PushNotice
    before: int  # `notice.last` before this notice
    user: User
    subscription: PushSubscription
    conversation: Conversation
    title: str
    message: Message
    count: int
    personal: int
    cause: Cause


class _SortedOut(NamedTuple):
    """Notices that are due: to be pushed now; to wait until their `due_at`; and those of which nothing is
    pushed up to their `last`."""

    to_push: list[tuple[PushNotice, UnreadGroup]]
    waiting: list[PushNotice]
    silent: list[PushNotice]


def claim() -> tuple[list[ClaimedNotice], int]:
    """Take notices that are due. They will not be pushed again, whatever happens to this process.

    Notices for people who are looking at a page wait until they leave; notices for a browser whose push
    service asked us to wait, until that time. What came in somebody's quiet time is not pushed later either:
    the next notice about that conversation counts it.

    Returns:
        What is to be pushed, and how many due notices were looked at.
    """
    now = timezone.now()
    due_now = due(now).select_related("subscription__user", "subscription__session")
    notices = list(due_now[:AT_ONCE])
    seen = {(notice.pk, notice.last, notice.due_at) for notice in notices}
    to_push, waiting, silent = _sort_out([one for one in notices if _may_get(one.subscription, now)], now)
    claimed = _claimed(to_push)
    # Everything was read before the transaction, so that it holds its locks only for a few updates.
    with transaction.atomic():
        locked = PushNotice.objects.filter(pk__in=[one.pk for one in notices])
        locked = locked.select_for_update(skip_locked=True, no_key=True)
        mine = {pk for pk, *state in locked.values_list("pk", "last", "due_at") if (pk, *state) in seen}
        waiting = [notice for notice in waiting if notice.pk in mine]
        claimed = [one for one in claimed if one.notice.pk in mine]
        over = [one.notice for one in claimed] + [notice for notice in silent if notice.pk in mine]
        PushNotice.objects.filter(pk__in=mine - {one.pk for one in waiting}).update(due_at=None)
        PushNotice.objects.bulk_update(waiting, ["due_at"])
        PushNotice.objects.bulk_update(over, ["last"])
    return claimed, len(notices)


def _may_get(subscription: PushSubscription, now: datetime) -> bool:
    return subscription.user.is_active and subscription.session.expire_date > now


def _key(notice: PushNotice) -> MemberKey:
    return notice.subscription.user_id, notice.conversation_id


def _sort_out(notices: Sequence[PushNotice], now: datetime) -> _SortedOut:
    """Decide about each notice. Those that wait or stay silent are changed, and not saved."""
    found = _SortedOut([], [], [])
    people = {notice.subscription.user_id: notice.subscription.user for notice in notices}
    looking = {one.subscription.user_id for one in notices if _is_later(one.subscription.present_until, now)}
    unread = unread_by_loudness({_key(notice) for notice in notices}, people, looking, now)
    for notice in notices:
        here, subscription = unread.get(_key(notice), {}), notice.subscription
        quiet = here.get(Loudness.AFTERWARDS)
        about = here.get(Loudness.TELL) or here.get(Loudness.WAIT)
        times = [subscription.paused_until]
        if Loudness.WAIT in here:
            times.append(subscription.present_until)
        later = max((time for time in times if time and time > now), default=None)
        if quiet and quiet.newest > notice.last:
            notice.last = quiet.newest
            found.silent.append(notice)
        elif about is None or about.newest <= notice.last:
            continue
        elif later:
            notice.due_at = later
            found.waiting.append(notice)
        elif about.loudness.pushes:
            found.to_push.append((notice, about))
    return found


def _is_later(time: datetime | None, now: datetime) -> bool:
    return time is not None and time > now


def _claimed(to_push: Sequence[tuple[PushNotice, UnreadGroup]]) -> list[ClaimedNotice]:
    if not to_push:
        return []
    messages = Message.rows.filter(removed_at=None).select_related("sender")
    found = messages.in_bulk([about.message for _notice, about in to_push])
    people = {notice.subscription.user_id: notice.subscription.user for notice, _about in to_push}
    titles = titles_of({_key(notice): about.conversation for notice, about in to_push}, people)
    rows = Notification.objects.personal().filter(user__in=people, read_at=None)
    personal = dict(rows.order_by().values_list("user").annotate(Count("pk")))
    causes = causes_of(
        [
            NotifiedMessage(notice.subscription.user_id, found[about.message], about.reason)
            for notice, about in to_push
            if about.message in found
        ]
    )
    claimed = []
    for notice, about in to_push:
        user = notice.subscription.user
        # The message was removed, or the person has read everything, since the other queries.
        if about.message not in found or user.pk not in personal:
            continue
        before, notice.last = notice.last, about.newest
        claimed.append(
            ClaimedNotice(
                notice,
                before,
                user,
                notice.subscription,
                about.conversation,
                titles[_key(notice)],
                found[about.message],
                about.count,
                personal[user.pk],
                causes[user.pk, about.message],
            )
        )
    return claimed
