"""Drafts: save one, delete it, and forget it when its text is sent.

Every change locks the person, whose row lists their drafts (`User.drafts`). Locks are taken in the order
conversation, person, draft.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final, NamedTuple
from uuid import UUID

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from messaging.models.db.changes import NEXT_VERSION, notify_changed
from messaging.models.db.refusals import Gone, Refused, get_or_gone
from messaging.models.messages.conflicts import CONFLICT
from messaging.models.messages.draft import Draft
from messaging.models.people.user import User
from messaging.text import MAX_LENGTH, clean_text
from messaging.text.cleaning import remove_forbidden

MOST_DRAFTS: Final = 200  # of one person


class Place(NamedTuple):
    """Where a draft would be sent: a conversation, and the id of the message that it replies to, or 0."""

    conversation: int
    reply_to: int = 0


class Typed(NamedTuple):
    """What a browser wants to save.

    Attributes:
        token: what it calls this text, until it is sent.
        sequence: which of the saves with this token it is; later ones have higher numbers.
        known: the version of the draft that it replaces; 0 if the browser knows of none.
    """

    text: str
    token: UUID
    sequence: int = 0
    known: int = 0


class DraftConflict(Refused):
    """The place has another text than the browser knows. Nothing was saved.

    Attributes:
        draft: the text that is stored.
    """

    def __init__(self, draft: Draft) -> None:
        super().__init__("draft_conflict", _("You have written something else here meanwhile."), CONFLICT)
        self.draft = draft


class DraftSent(Refused):
    """This text was sent or scheduled already; what came late is not saved."""

    def __init__(self) -> None:
        super().__init__("draft_sent", _("This message was already sent."), CONFLICT)


def save_draft(user: User, place: Place, typed: Typed) -> int:
    """Save what the person has typed there; an empty text deletes the draft.

    Args:
        place: in a conversation that the person is in, which the caller has checked.

    Returns:
        The version of the draft; 0 if there is none now.

    Raises:
        ValidationError: the text is too long, or they have too many drafts.
        DraftConflict: something else was saved there.
        DraftSent: the text was sent, or is going to be.
        Gone: the account or the conversation was deleted.
    """
    try:
        return _save(user, place, typed, _as_typed(typed.text))
    except IntegrityError:  # at the commit: the conversation is not locked
        raise Gone from None


def _save(user: User, place: Place, typed: Typed, text: str) -> int:
    with _changing(user) as drafts:
        if text and _is_sent(user, typed.token):
            raise DraftSent
        stored = _at(user, place).first()
        if stored is None and not text:
            return 0
        if stored and stored.token == typed.token and stored.sequence >= typed.sequence:
            return stored.version
        if stored and stored.token != typed.token and stored.version != typed.known:
            raise DraftConflict(stored)
        if stored and not text:
            stored.delete()
            drafts.remove(stored)
            return 0
        # A page that is left during a save sends the same text again: only the sequence changes.
        if stored and (stored.token, stored.text) == (typed.token, text):
            Draft.objects.filter(pk=stored.pk).update(sequence=typed.sequence)
            return stored.version
        draft = stored or Draft(user=user, conversation_id=place.conversation, reply_to=place.reply_to)
        draft.text, draft.token, draft.sequence = text, typed.token, typed.sequence
        draft.saved_at = timezone.now()
        drafts.put(draft)
        draft.save()
        return draft.version


def delete_draft(draft: Draft) -> None:
    """Delete a draft, also if it was changed since it was read. Without effect if it is gone."""
    with _changing(draft.user) as drafts:
        for stored in draft.user.draft_texts.filter(pk=draft.pk):
            stored.delete()
            drafts.remove(stored)


def forget_sent(user: User, place: Place, client_id: UUID | None, known: int) -> None:
    """Delete the draft of a message, in the transaction that sends or schedules the message.

    A text that another device has saved there since stays.

    Args:
        client_id: of the message; its draft has the same id as its `token`.
        known: the version of the draft from which the message was made; 0 if no save was answered yet.
    """
    with _changing(user) as drafts:
        sent = Q(version=known) | Q(token=client_id) if client_id else Q(version=known)
        for stored in _at(user, place).filter(sent):
            stored.delete()
            drafts.remove(stored)


def draft_at(user: User, conversation_id: int, reply_to: int = 0) -> Draft | None:
    """The person's draft there. Without a query if their row lists none."""
    place = Place(conversation_id, reply_to)
    if any((conversation, parent) == place for conversation, parent, _version in user.drafts):
        return _at(user, place).first()
    return None


def list_again(user: User) -> None:
    """Make the person's row list their drafts. It does not if an older instance was saved as a whole."""
    with _changing(user) as drafts:
        rows = user.draft_texts.order_by("version").values_list("conversation", "reply_to", "version")
        drafts.drafts = [[conversation or 0, *rest] for conversation, *rest in rows]
        drafts.version = max([drafts.version, *(version + 1 for *_place, version in drafts.drafts)])
        drafts.is_changed = True


@dataclass
class _Listed:
    """The list of a person's drafts while it is being changed: [conversation, reply_to, version] of each."""

    drafts: list[list[int]]
    version: int
    is_changed: bool = field(default=False, init=False)

    def remove(self, draft: Draft) -> None:
        self.drafts = [one for one in self.drafts if one[2] != draft.version]
        self.is_changed = True

    def put(self, draft: Draft) -> None:
        """Give the draft a new version. Raises ValidationError: there are too many."""
        if draft.pk:
            self.remove(draft)
        if len(self.drafts) >= MOST_DRAFTS:
            refusal = ngettext(
                "You have %(number)d draft already. It stays in this tab; delete others to save it.",
                "You have %(number)d drafts already. This one stays in this tab; delete others to save it.",
                MOST_DRAFTS,
            )
            raise ValidationError(refusal % {"number": MOST_DRAFTS}, code="drafts")
        draft.version = self.version
        self.drafts.append([draft.conversation_id or 0, draft.reply_to, draft.version])
        self.is_changed = True


@contextmanager
def _changing(user: User) -> Iterator[_Listed]:
    """Lock the person, and write their list of drafts if the block has changed it."""
    this = User.objects.filter(pk=user.pk)
    with transaction.atomic():
        row = get_or_gone(this.select_for_update(no_key=True).values("drafts", "drafts_version"))
        listed = _Listed(row["drafts"], row["drafts_version"] + 1)
        yield listed
        if listed.is_changed:
            notify_changed(people=[user.pk])
            this.update(version=NEXT_VERSION, drafts=listed.drafts, drafts_version=listed.version)


def _is_sent(user: User, token: UUID) -> bool:
    """Whether the text with this token was sent, or is scheduled."""
    sent = apps.get_model("messaging", "Message").rows.filter(sender=user, client_id=token)
    return user.scheduled.filter(client_id=token).exists() or sent.exists()


def _at(user: User, place: Place) -> QuerySet[Draft]:
    return Draft.objects.filter(user=user, conversation=place.conversation, reply_to=place.reply_to)


def _as_typed(text: str) -> str:
    """The text with its spaces, as it is stored; "" if nothing of it can be seen. Raises ValidationError."""
    try:
        cleaned = clean_text(text)
    except ValidationError as refused:
        if refused.code == "empty":
            return ""
        raise
    typed = remove_forbidden(text.replace("\r\n", "\n").replace("\r", "\n"))
    return typed if len(typed) <= MAX_LENGTH else cleaned
