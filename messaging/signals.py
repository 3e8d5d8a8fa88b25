"""What happens on every save and deletion: history before, notifications and wake-ups after, clean-up."""

import logging
from functools import partial
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.cache import caches
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django_redis.cache import RedisCache

from messaging.live import wakeups
from messaging.models import (
    Installation,
    Invitation,
    Mention,
    Message,
    MessageHistory,
    Notification,
    Session,
    User,
)
from messaging.models.db.sqlite_vacuum import rewrite_the_file
from messaging.models.people.avatars import delete_picture

logger = logging.getLogger(__name__)


def log_history(instance: Message, raw: bool = False, **kwargs: Any) -> None:
    """`pre_save` of a message: keep the text that is about to be replaced, and set `edited`."""
    if raw:
        return
    if instance._state.adding:
        instance.edited, instance.edited_at = False, None
        return
    MessageHistory.objects.log(instance.earlier)
    instance.edited, instance.edited_at = True, timezone.now()


def notify(instance: Message, created: bool, raw: bool = False, **kwargs: Any) -> None:
    """`post_save` of a message: write its mentions and notifications, and whether anybody has to read it."""
    if raw:
        return
    newly_mentioned = Mention.objects.update_for(instance, is_new=created)
    if created:
        read = not Notification.objects.create_for(instance)
    else:
        unread = Notification.objects.create_for_mentions(instance, newly_mentioned)
        read = instance.read and not unread
    new_reply_in = instance.thread_root_id if created else None
    if new_reply_in or read != instance.read:
        instance.read = read
        Message.rows.all().store_read(instance, new_reply_in)


def wake_up(conversations: set[int], people: set[int], installation: bool, **kwargs: Any) -> None:
    """`changed`: wake every process that has pages open; each reads what changed."""
    wakeups.send(wakeups.Wakeup(frozenset(conversations), frozenset(people), installation))


def make_installation(**kwargs: Any) -> None:
    """`post_migrate`: the row about the installation exists as soon as its table does."""
    Installation.objects.make_sure_it_exists()


def note_session(request: HttpRequest, **kwargs: Any) -> None:
    """`user_logged_in`: keep time and browser, for the list of one's sessions."""
    Session.note(request)


def end_streams(instance: Session, **kwargs: Any) -> None:
    """`post_delete` of a session: close its open streams. An expired one has none."""
    if instance.user_id and instance.expire_date > timezone.now():
        Installation.objects.session_ended()


def forget_name(instance: User | EmailAddress | Authenticator, **kwargs: Any) -> None:
    """`post_delete` of a person, address or passkey: a number replaces the name in the admin's log."""
    kind = ContentType.objects.get_for_model(instance)
    log = LogEntry.objects.filter(content_type=kind, object_id=str(instance.pk))
    what = "person" if isinstance(instance, User) else kind.name
    log.update(object_repr=f"{what} {instance.pk}")


def clean_up(instance: User, **kwargs: Any) -> None:
    """`post_delete` of a person: delete their address, words and picture where the models do not reach."""
    if instance.email:
        Invitation.objects.filter(email__iexact=instance.email).update(email="")
    delete_picture(instance.avatar.name)
    forget_copies()


def forget_copies(**kwargs: Any) -> None:
    """`words_erased`: on the commit, empty every place that holds copies of words."""
    # Robust: the words are gone by then, and one place that cannot be reached must not stop the next.
    for place in (partial(_clear, "pages"), partial(_clear, "fragments"), rewrite_the_file):
        transaction.on_commit(place, robust=True)


def _clear(alias: str) -> None:
    """Empty a cache, which holds names and words for up to an hour."""
    cache = caches[alias]
    if isinstance(cache, RedisCache):
        # Its clear() would empty the whole Redis, which may be other programs' too.
        cache.delete_pattern("*", itersize=1000)
    else:
        cache.clear()
