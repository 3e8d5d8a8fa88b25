"""What each notice contains, as everything is at this moment: what is unread, and what the person may see."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Count, Max
from django.utils import timezone

from messaging.models.conversations.conversation import Conversation
from messaging.models.conversations.membership import Membership
from messaging.models.inbox.push_notice import PushNotice, due
from messaging.models.inbox.sidebar_entry import title_of
from messaging.models.messages.message import Message
from messaging.models.messages.notification import Notification
from messaging.models.people.preferences import NotificationLevel
from messaging.models.people.push_subscription import PushSubscription
from messaging.models.people.user import User

AT_ONCE: Final = 50  # notices that one transaction claims
Place = tuple[int, int]  # the ids of a person and a conversation


@dataclass(frozen=True)
class ClaimedNotice:
    """What one notice is about: the newest unread `message` for the person, and how many there are.

    `title` is what the person calls the conversation.
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


@dataclass(frozen=True)
class _Unread:
    """What is unread for a person in a conversation: how much, the newest message and notification."""

    count: int
    message: int
    newest: int


def claim() -> tuple[list[ClaimedNotice], int]:
    """Take notices that are due. They will not be pushed again, whatever happens to this process.

    Notices for people who are looking at a page wait until they leave; notices for a browser whose push
    service asked us to wait, until that time.

    Returns:
        What is to be pushed, and how many notices were taken.
    """
    now = timezone.now()
    due_now = due(now).select_related("subscription__user", "subscription__session")
    notices = list(due_now[:AT_ONCE])
    seen = {(notice.pk, notice.last, notice.due_at) for notice in notices}
    waiting = [notice for notice in notices if _wait(notice, now)]
    rest = [notice for notice in notices if notice not in waiting and _may_get(notice.subscription, now)]
    claimed = _claimed(rest)
    # Everything was read before the transaction, so that it holds its locks only for a few updates.
    with transaction.atomic():
        locked = PushNotice.objects.filter(pk__in=[one.pk for one in notices])
        locked = locked.select_for_update(skip_locked=True, no_key=True)
        mine = {pk for pk, *state in locked.values_list("pk", "last", "due_at") if (pk, *state) in seen}
        waiting = [notice for notice in waiting if notice.pk in mine]
        claimed = [one for one in claimed if one.notice.pk in mine]
        PushNotice.objects.filter(pk__in=mine - {one.pk for one in waiting}).update(due_at=None)
        PushNotice.objects.bulk_update(waiting, ["due_at"])
        PushNotice.objects.bulk_update([one.notice for one in claimed], ["last"])
    return claimed, len(notices)


def _wait(notice: PushNotice, now: datetime) -> bool:
    """Whether the notice has to wait; then `due_at` is until when."""
    subscription = notice.subscription
    times = (subscription.present_until, subscription.paused_until)
    later = max((time for time in times if time and time > now), default=None)
    if later:
        notice.due_at = later
    return later is not None


def _may_get(subscription: PushSubscription, now: datetime) -> bool:
    return subscription.user.is_active and subscription.session.expire_date > now


def _claimed(notices: Sequence[PushNotice]) -> list[ClaimedNotice]:
    if not notices:
        return []
    places = {(notice.subscription.user_id, notice.conversation_id) for notice in notices}
    conversations = _visible(places)
    unread = _unread_in(conversations.keys())
    messages = Message.rows.filter(removed_at=None).select_related("sender")
    found = messages.in_bulk([one.message for one in unread.values()])
    titles = _titles(conversations)
    rows = Notification.objects.personal().filter(user__in={user for user, _pk in unread}, read_at=None)
    personal = dict(rows.values_list("user").annotate(Count("pk")))
    claimed = []
    for notice in notices:
        place = (notice.subscription.user_id, notice.conversation_id)
        about = unread.get(place)
        if about is None or about.newest <= notice.last or about.message not in found:
            continue
        if place[0] not in personal:  # the person has read everything since the other queries
            continue
        before, notice.last = notice.last, about.newest
        claimed.append(
            ClaimedNotice(
                notice,
                before,
                notice.subscription.user,
                notice.subscription,
                conversations[place],
                titles[place],
                found[about.message],
                about.count,
                personal[place[0]],
            )
        )
    return claimed


def _visible(places: Collection[Place]) -> dict[Place, Conversation]:
    """Of these places, those in which the person is, and has not muted."""
    people, conversations = {user for user, _pk in places}, {pk for _user, pk in places}
    memberships = Membership.objects.filter(
        user__in=people, conversation__in=conversations, conversation__archived_at=None
    ).exclude(notification_level=NotificationLevel.MUTED)
    found = {
        (one.user_id, one.conversation_id): one.conversation
        for one in memberships.select_related("conversation")
    }
    return {place: found[place] for place in places if place in found}


def _unread_in(places: Collection[Place]) -> dict[Place, _Unread]:
    if not places:
        return {}
    people, conversations = {user for user, _pk in places}, {pk for _user, pk in places}
    rows = Notification.objects.personal().filter(
        user__in=people, conversation__in=conversations, read_at=None
    )
    numbers = rows.values_list("user", "conversation").annotate(
        count=Count("pk"), message=Max("message"), newest=Max("pk")
    )
    found = {(user, pk): _Unread(count, message, newest) for user, pk, count, message, newest in numbers}
    return {place: found[place] for place in places if place in found}


def _titles(conversations: dict[Place, Conversation]) -> dict[Place, str]:
    """What each person calls each conversation: the room's name, or the names of the others."""
    unnamed = {pk for (_user, pk), one in conversations.items() if not one.name}
    people: dict[int, list[User]] = defaultdict(list)
    rows = Membership.objects.filter(conversation__in=unnamed).select_related("user").order_by("pk")
    for membership in rows:
        people[membership.conversation_id].append(membership.user)
    titles = {}
    for (user, pk), conversation in conversations.items():
        others = [person.name for person in people[pk] if person.pk != user]
        titles[user, pk] = conversation.name or title_of(others, conversation.is_direct)
    return titles
