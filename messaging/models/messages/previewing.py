"""Link previews: fetching them after a message was saved, and removing them.

A task fetches one page at a time. It may run twice, and messages may be edited or removed meanwhile: what it
stores is decided under the lock of the conversation.
"""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from messaging.models.conversations.permissions import Condition, can_moderate, has_active_member
from messaging.models.db.refusals import Gone
from messaging.models.db.tasks import task
from messaging.models.messages.changing import change_stored
from messaging.models.messages.file_deletion import delete_bytes, delete_bytes_later
from messaging.models.messages.link_preview import MAX_TRIES, RETRY_AFTER, LinkPreview, key_of
from messaging.models.messages.message import Message
from messaging.models.messages.preview_results import Result, copied, fetched
from messaging.models.messages.uploading import random_name
from messaging.models.people.user import User
from messaging.models.site.installation import Installation
from messaging.text.preview_links import preview_links

FOLDER: Final = "previews"  # of the storage
# Fetching a page can take nine seconds of the loop that runs all tasks, and reading it and its picture takes
# more. A preview that is this late is not fetched, so that links to slow servers do not delay other tasks.
LATEST: Final = timedelta(minutes=1)


def links_of(message: Message) -> dict[str, str]:
    """The links of a message of which previews are shown, by their keys."""
    return {key_of(link): link for link in preview_links(message.content_html, settings.OWN_HOST)}


def follow_text(message: Message, is_new: bool) -> None:
    """Delete the previews of links that a message no longer has, and fetch those that are new.

    Call it in the transaction that saved the message.
    """
    links = links_of(message)
    if not is_new:
        message.has_link_previews = message.earlier.message.has_link_previews
    if message.has_link_previews:
        message.link_previews.shown().exclude(key__in=links).delete()
        _mark(message)
    if links and Installation.objects.current().link_previews:
        fetch_previews.enqueue(message.pk)


@task()
def fetch_previews(message_id: int) -> None:
    """Fetch the next page that the message links to. The rest is enqueued again."""
    message = Message.rows.select_related("conversation").filter(pk=message_id, removed_at=None).first()
    if message is None or not Installation.objects.current().link_previews:
        return
    rows = {row.key: row for row in message.link_previews.all()}
    links = links_of(message)
    missing = [key for key in links if key not in rows or rows[key].is_due]
    if not missing:
        return
    key, own = missing[0], rows.get(missing[0])
    if _expected_at(message, own) + LATEST < timezone.now():
        return
    known = LinkPreview.objects.all().last_result(key, own)
    tries = own.tries if own else 0
    result = copied(known) if known else fetched(links[key])
    if result.title:
        _show(message, key, result)
    else:
        _remember_failure(message, key, replace(result, tries=min(result.tries + tries, MAX_TRIES)))
    if len(missing) > 1:
        fetch_previews.enqueue(message_id)


def remove_preview(preview: LinkPreview, by: User) -> Message:
    """Remove a preview for good. Removing it again changes nothing.

    Args:
        by: the author of its message, or a moderator.

    Returns:
        The message as it is now.

    Raises:
        ValidationError: `by` is neither, or no member any more; or the message was removed.
        Gone: the message or the conversation was deleted.
    """
    message = preview.message
    conditions: dict[str, Condition] = {"editor": has_active_member(by.pk)}
    if by.pk != message.sender_id:
        conditions["moderator"] = can_moderate(by)

    def write(stored: Message) -> bool:
        row = stored.link_previews.shown().filter(pk=preview.pk).first()
        if row is None:
            return False
        delete_bytes_later(row.stored_names)
        delete_bytes.enqueue()
        removed = LinkPreview(
            pk=row.pk, message=stored, key=row.key, tried_at=row.tried_at, state=LinkPreview.State.REMOVED
        )
        removed.save(force_update=True)
        _mark(stored)
        return True

    return change_stored(message, conditions, write)


def _expected_at(message: Message, own: LinkPreview | None) -> datetime:
    """When the page would have been fetched if no other task had been before it."""
    return own.tried_at + RETRY_AFTER if own else message.edited_at or message.timestamp


def _show(message: Message, key: str, result: Result) -> None:
    """Store a preview, unless the text changed, or another run or a person was faster."""
    stored_as = ""
    if result.picture:
        stored_as = default_storage.save(random_name(FOLDER), ContentFile(result.picture))

    def write(stored: Message) -> bool:
        url, row = links_of(stored).get(key), stored.link_previews.filter(key=key).first()
        if url is None or (row and row.state != LinkPreview.State.FAILED):
            return False
        shown = LinkPreview(
            pk=row.pk if row else None,
            message=stored,
            key=key,
            state=LinkPreview.State.READY,
            url=url,
            title=result.title,
            description=result.description,
            site_name=result.site_name,
            picture=stored_as,
            tried_at=result.tried_at,
        )
        shown.save()
        _mark(stored)
        return True

    with suppress(Gone, ValidationError):  # deleted or removed meanwhile
        change_stored(message, {}, write)
    if stored_as and not LinkPreview.objects.filter(picture=stored_as).exists():
        with transaction.atomic():
            delete_bytes_later([stored_as])
            delete_bytes.enqueue()


def _remember_failure(message: Message, key: str, result: Result) -> None:
    """Store that the page has no preview, and enqueue another try, if one is left."""
    with transaction.atomic():
        if not Message.rows.filter(pk=message.pk, removed_at=None).lock():
            return
        row, is_new = LinkPreview.objects.get_or_create(
            message=message,
            key=key,
            defaults={"state": LinkPreview.State.FAILED, "tries": result.tries, "tried_at": result.tried_at},
        )
        if not is_new and row.state == LinkPreview.State.FAILED:
            row.tries, row.tried_at = result.tries, result.tried_at
            row.save(update_fields=["tries", "tried_at"])
        if row.state == LinkPreview.State.FAILED and row.tries < MAX_TRIES:
            fetch_previews.using(run_after=row.tried_at + RETRY_AFTER).enqueue(message.pk)


def _mark(message: Message) -> None:
    """Store whether a message has previews. Under the conversation's lock."""
    message.has_link_previews = message.link_previews.shown().exists()
    Message.rows.filter(pk=message.pk).update(has_link_previews=message.has_link_previews)
