"""Sending and editing messages: `Message.save()`, `Message.edit()` and `post()` all lead here.

Text is cleaned and rendered before any lock is held. Then the conversation's next version is taken, and what
must be true is checked under its lock (`Conversation.writing`). Only then Django saves, and the signals write
history and notifications. A plain `pre_save` would not do: it was seen to store old HTML and no version under
`update_fields`, `only()` and `update_or_create()`, and to bring removed text back from a stale instance.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models
from django.db.models import Exists, Q
from django.utils.translation import gettext_lazy as _

from messaging.models.conversations.conversation import Conversation, Unchanged
from messaging.models.conversations.permissions import Condition, condition, has_active_member
from messaging.models.db.refusals import Gone, Refused, get_or_gone
from messaging.models.messages.attachment import Attachment
from messaging.models.messages.block_list import CONDITION, BlockList, is_current, with_block_list
from messaging.models.messages.conflicts import AlreadySent, ClientIdTaken, EditConflict
from messaging.models.messages.drafting import Place, forget_sent
from messaging.models.messages.edit_history import ReplacedText
from messaging.models.messages.group_mentions import refused_among
from messaging.models.messages.permissions import in_edit_window
from messaging.models.messages.polls import NewPoll, add_poll
from messaging.models.messages.refused import invalid
from messaging.models.messages.rendered_text import render_text
from messaging.models.messages.send_conditions import answers
from messaging.models.messages.sent_text import fingerprint
from messaging.models.messages.target import resolve_target
from messaging.models.messages.ticks import keep_ticks
from messaging.models.people.user import User
from messaging.models.site.installation import Installation
from messaging.text import clean_text, many_mentioned_in

if TYPE_CHECKING:
    from messaging.models.messages.message import Message

# What an edit writes, with any `update_fields`.
EDITED_FIELDS = ("content", "content_html", "renderer_version", "edited", "edited_at", "version")
# What a message is, for ever: an attempt to change one of these is a mistake and is refused.
IMMUTABLE_FIELDS = ("sender_id", "receiver_id", "conversation_id", "parent_message_id", "timestamp")
# Django's `update_or_create()` adds these columns to `update_fields`, so they are accepted beside "content".
TIMES = ("timestamp", "removed_at", "pinned_at")
# These columns are computed: after a save an instance shows what is stored.
COMPUTED = (*EDITED_FIELDS[1:], "read", "seq", "has_link_previews", "pinned_at", "pinned_by_id")


def post(
    conversation: Conversation,
    sender: User,
    content: str,
    parent: "Message | None" = None,
    client_id: UUID | None = None,
    timestamp: datetime | None = None,
    files: Sequence[int] = (),
    poll: NewPoll | None = None,
    present: Collection[int] = (),
    notifies_only_people: bool = False,
    draft: int | None = None,
) -> "Message":
    """Send a message.

    Args:
        sender: a member.
        content: what was typed; it may be empty if there are files.
        parent: the message that it replies to.
        client_id: the sender's own id of it, so that sending again does not send twice.
        timestamp: when it was written, if not now.
        files: the ids of files that the sender uploaded for it, in their order.
        poll: the message is the question of this poll.
        present: the ids of the people who have a page open, whom `@here` notifies.
        notifies_only_people: `@room` and the like stay plain text.
        draft: the version of the sender's draft that this message was; 0 if no save of it was answered yet;
            None if there is none.

    Returns:
        The new message; or, if it was already sent under this `client_id`, that one as it is now.

    Raises:
        ValidationError: the text is refused, the sender no member, the parent removed, the room archived.
        ClientIdTaken: the `client_id` was used for something else.
    """
    message = conversation.messages.model(
        conversation=conversation,
        sender=sender,
        content=content,
        parent_message=parent,
        client_id=client_id,
        file_count=len(files),
        **({"timestamp": timestamp} if timestamp else {}),
    )
    message.files_to_attach, message.poll_to_add = files, poll
    message.present, message.notifies_only_people = present, notifies_only_people
    message.draft_to_forget = draft
    try:
        message.save()
    except (AlreadySent, ValidationError) as refused:
        # Only now, so that a message that is sent costs no query more.
        if earlier := type(message).rows.sent_before(conversation, sender, content, parent, client_id):
            return earlier
        if isinstance(refused, AlreadySent):
            raise ClientIdTaken from None
        raise
    return message


def send(message: "Message") -> None:
    """Insert a new message. Raises what `Message.save` does."""
    message.content = _cleaned(message)
    message.file_count, message.has_poll = len(message.files_to_attach), message.poll_to_add is not None
    sender = resolve_target(message)
    render_text(message)
    message.sent_hmac = fingerprint(message.client_id, message.content) if message.client_id else ""
    message.edited, message.read = False, False
    message.edited_at = message.removed_at = None
    with_block_list(partial(_insert, message, sender))


def _insert(message: "Message", sender: User, block_list: BlockList) -> None:
    choices = message.poll_to_add.choices if message.poll_to_add else ()
    block_list.refuse((message.content, *choices), message.content_html)
    try:
        conditions = partial(answers, message, sender, block_list.key)
        with message.conversation.writing(conditions, last_message_at=message.timestamp) as version:
            if refused_among(sender, message.conversation, message.group_mentions):
                raise Refused("group_mention")
            if message.draft_to_forget is not None:  # before messages are locked, as everywhere
                place = Place(message.conversation_id, message.parent_message_id or 0)
                forget_sent(sender, place, message.client_id, message.draft_to_forget)
            message.seq = message.version = version
            models.Model.save(message, force_insert=True)
            if message.files_to_attach and not Attachment.objects.attach(message, message.files_to_attach):
                raise Refused("files")
            if message.poll_to_add:
                add_poll(message, message.poll_to_add)
    except Gone:
        raise
    except Refused as refused:
        if refused.code == "not_sent_before":
            raise AlreadySent from None
        if refused.code == CONDITION:
            raise
        raise invalid(refused.code) from None
    except IntegrityError:
        # The same id was used in two conversations at once. Their locks are separate; the constraint notices.
        rows = type(message).rows.filter(sender_id=message.sender_id, client_id=message.client_id)
        if message.client_id and rows.exists():
            raise AlreadySent from None
        raise


def edit(message: "Message", by: User | None = None, revision: int | None = None) -> None:
    """Write an edited text. Raises what `Message.edit` does.

    Args:
        by: who edits; the sender by default.
        revision: the `revision` that the editor saw.
    """
    message.content = _cleaned(message)
    render_text(message)
    with_block_list(partial(_update, message, by or message.sender, revision))


def _update(message: "Message", editor: User | None, revision: int | None, block_list: BlockList) -> None:
    # An edit that is sent again changes nothing, so it needs no open room.
    same = type(message).rows.filter(pk=message.pk, removed_at=None, content=message.content)
    conditions: dict[str, Condition] = {"archived": condition(Q(archived_at=None) | Q(Exists(same)))}
    if editor:
        conditions["editor"] = has_active_member(editor.pk)
    conditions[CONDITION] = is_current(block_list.key)
    try:
        with message.conversation.writing(conditions) as version:
            stored = get_or_gone(type(message).rows.all(), pk=message.pk)
            _check_fixed_fields(message, stored)
            if stored.content == message.content:
                for field in COMPUTED:
                    setattr(message, field, getattr(stored, field))
                raise Unchanged
            block_list.refuse((message.content,), message.content_html)
            texts = stored.revision
            if revision not in (None, texts):
                raise EditConflict(stored, texts)
            site = Installation.objects.current()
            if not in_edit_window(stored, site):
                raise invalid("late")
            message.keywords_key = site.keywords_key
            new = message.group_mentions.keys() - many_mentioned_in(stored.content_html).keys()
            if editor and refused_among(editor, message.conversation, new):
                raise invalid("group_mention")
            message.version, message.read = version, stored.read
            message.earlier = ReplacedText(stored, texts + 1, editor)
            keep_ticks(stored, message)
            models.Model.save(message, force_update=True, update_fields=EDITED_FIELDS)
    except (EditConflict, Gone):
        raise
    except Refused as refused:
        if refused.code == CONDITION:
            raise
        raise invalid(refused.code) from None


def refuse_other_fields(update_fields: Iterable[str]) -> None:
    """Raises TypeError where `save(update_fields=…)` names columns that it would not write."""
    names = set(update_fields)
    if others := names - {"content", *COMPUTED, *(TIMES if "content" in names else ())}:
        raise TypeError(f"save() writes the text of a message alone, not {', '.join(sorted(others))}.")


def _check_fixed_fields(message: "Message", stored: "Message") -> None:
    """Raises ValidationError: the message was removed, or one of `IMMUTABLE_FIELDS` was changed."""
    if stored.is_removed:
        raise invalid("removed")
    loaded = set(IMMUTABLE_FIELDS) - message.get_deferred_fields()
    for field in sorted(loaded):
        if getattr(message, field) != getattr(stored, field):
            name = field.removesuffix("_id")
            raise ValidationError({name: _("This field of a message cannot be changed.")}, code="identity")


def _cleaned(message: "Message") -> str:
    """The text as it is stored. It may be empty beside files."""
    try:
        return clean_text(message.content)
    except ValidationError as refused:
        if refused.code == "empty" and (message.files_to_attach or message.file_count):
            return ""
        raise
