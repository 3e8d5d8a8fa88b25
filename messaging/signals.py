"""Signal handlers: history before a save, notifications and wake-ups after it, clean-up after deletions."""

import logging
from functools import partial
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from messaging.caching.clearing import clear
from messaging.live import wakeups
from messaging.models import (
    Attachment,
    Installation,
    Invitation,
    Mention,
    Message,
    MessageHistory,
    PushSetup,
    SearchText,
    Session,
    User,
)
from messaging.models.accounts.reports import clear_notes_of_deleted_reporters
from messaging.models.db.sqlite_vacuum import vacuum_or_postpone
from messaging.models.messages.notifying import notify_audience, update_notifications
from messaging.models.messages.previewing import follow_text
from messaging.models.people.avatars import delete_avatar

logger = logging.getLogger(__name__)


def log_history(instance: Message, raw: bool = False, **kwargs: Any) -> None:
    """`pre_save` of a message: log the text that is about to be replaced, and set `edited`."""
    if raw:
        return
    if instance._state.adding:
        instance.edited, instance.edited_at = False, None
        return
    MessageHistory.objects.log(instance.earlier)
    instance.edited, instance.edited_at = True, timezone.now()


def notify(instance: Message, created: bool, raw: bool = False, **kwargs: Any) -> None:
    """`post_save` of a message: write its words, mentions and notifications, and whether all have read it;
    fetch previews of what it links to."""
    if raw:
        return
    SearchText.objects.write(instance)
    follow_text(instance, is_new=created)
    mentions = Mention.objects.update_for(instance, is_new=created)
    if created:
        read = not notify_audience(instance)
    else:
        has_changed = update_notifications(instance, mentions)
        read = not instance.notifications.filter(read_at=None).exists() if has_changed else instance.read
    new_reply_in = instance.thread_root_id if created else None
    if new_reply_in or read != instance.read:
        instance.read = read
        Message.rows.all().store_read(instance, new_reply_in)


def index_description(instance: Attachment, raw: bool = False, **kwargs: Any) -> None:
    """`post_save` of a file: the description of a picture is searched with the words of its message."""
    if instance.message and not raw:
        SearchText.objects.write(instance.message)


def wake_up(conversations: set[int], people: set[int], installation: bool, **kwargs: Any) -> None:
    """`changed`: wake every process with open pages. Each reads what changed."""
    wakeups.send(wakeups.Wakeup(frozenset(conversations), frozenset(people), installation))


def make_installation(**kwargs: Any) -> None:
    """`post_migrate`: create the rows of the installation and of push, as soon as their tables exist."""
    Installation.objects.make_sure_it_exists()
    PushSetup.objects.make_sure_it_exists()


def record_sign_in(request: HttpRequest, **kwargs: Any) -> None:
    """`user_logged_in`: store the time and the browser, for the person's list of sessions."""
    Session.record_sign_in(request)


def end_streams(instance: Session, **kwargs: Any) -> None:
    """`post_delete` of a session: close its open streams. An expired session has none."""
    if instance.user_id and instance.expire_date > timezone.now():
        Installation.objects.raise_sessions_version()


def anonymise_admin_log(instance: User | EmailAddress | Authenticator, **kwargs: Any) -> None:
    """`post_delete` of a person, address or passkey: replace the name by an id in the log of the admin."""
    kind = ContentType.objects.get_for_model(instance)
    log = LogEntry.objects.filter(content_type=kind, object_id=str(instance.pk))
    what = "person" if isinstance(instance, User) else kind.name
    log.update(object_repr=f"{what} {instance.pk}")


def clean_up(instance: User, **kwargs: Any) -> None:
    """`post_delete` of a person: delete their address, texts and picture where no foreign key points."""
    if instance.email:
        Invitation.objects.filter(email__iexact=instance.email).update(email="")
    clear_notes_of_deleted_reporters()
    delete_avatar(instance.avatar.name)
    clear_copies()


def clear_copies(**kwargs: Any) -> None:
    """`texts_erased`: after the commit, remove all copies of the texts, from caches and the SQLite file."""
    # Robust: if one of them fails (Redis cannot be reached), the others must still run.
    for remove_copies in (partial(clear, "pages"), partial(clear, "fragments"), vacuum_or_postpone):
        transaction.on_commit(remove_copies, robust=True)
