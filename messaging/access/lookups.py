"""From an id to an object that the person may see: (user, id) -> object.

Somebody who may not see it learns nothing, not even that it exists: `NotFound`, as if there were none. Each
look-up is one query, and it always runs, above every cache.
"""

from typing import Any, TypeVar
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.db.models import Subquery

from messaging.models import (
    AccountDeletion,
    Conversation,
    Installation,
    Invitation,
    Membership,
    Message,
    MessageHistory,
    Notification,
    User,
)
from messaging.models.conversations.permissions import can_administer
from messaging.models.db.refusals import Refused
from messaging.models.messages.permissions import can_remove
from messaging.models.people.roles import can_decide_about

LARGEST_ID = 2**63 - 1  # that a database column holds

# What every page needs of the installation comes with the query whether it may be seen.
INSTALLATION_COLUMNS = ("name", "epoch", "people_version")
the_one = Installation.objects.filter(pk=Installation.THE_ONE)
INSTALLATION = {f"installation_{name}": Subquery(the_one.values(name)) for name in INSTALLATION_COLUMNS}

Row = TypeVar("Row", bound=models.Model)


class NotFound(Refused):
    """There is no such thing for this person."""

    def __init__(self) -> None:
        super().__init__("not_found")


def installation_of(found: Any) -> Installation:
    """The installation as it was when the row was read. Its other columns are fetched on access."""
    known = [getattr(found, name) for name in INSTALLATION]
    return Installation.from_db("default", ["id", *INSTALLATION_COLUMNS], [Installation.THE_ONE, *known])


def conversation(user: User, pk: int) -> Conversation:
    """A conversation that they are a member of."""
    found = conversation_or_none(user, pk)
    if found is None:
        raise NotFound
    return found


def conversation_or_none(user: User, pk: int) -> Conversation | None:
    """The same, for a page that knows what else to show."""
    conversations = Conversation.objects.visible_to(user).annotate(**INSTALLATION)
    return conversations.filter(pk=pk).first() if pk <= LARGEST_ID else None


def message(user: User, pk: int) -> Message:
    """A message in a conversation that they are a member of."""
    messages = Message.objects.visible_to(user).select_related("conversation", "sender")
    return _one(messages.annotate(**INSTALLATION), pk)


def own_message(user: User, pk: int) -> Message:
    """A message that they wrote; a removed one has no author."""
    found = message(user, pk)
    if found.author != user:
        raise NotFound
    return found


def removable_message(user: User, pk: int) -> Message:
    """A message that they may remove: their own, or as a moderator."""
    found = message(user, pk)
    if not can_remove(found, user):
        raise NotFound
    return found


def earlier_text(message: Message, number: int) -> MessageHistory:
    """A text of a message's history that was not removed."""
    return _one(message.history.filter(removed_at=None), number, "number")


def room_to_join(user: User, pk: int) -> Conversation:
    """A room that they are in, or may join."""
    return _one(Conversation.objects.open_to(user), pk)


def administered_room(user: User, pk: int) -> Conversation:
    """A room of which they are an administrator."""
    found = conversation(user, pk)
    if not found.allows(can_administer(user)):
        raise NotFound
    return found


def removed_room(user: User, pk: int) -> Conversation:
    """A removed room that they may restore."""
    return _one(Conversation.objects.removed_for(user), pk)


def member(room: Conversation, user_id: int) -> Membership:
    """The membership of this person in a conversation that may be seen."""
    return _one(room.memberships.select_related("user"), user_id, "user")


def person(user: User, pk: int) -> User:
    """All who are signed in may see each other; guests only those with whom they share a conversation."""
    return _one(User.objects.visible_to(user), pk)


def person_to_decide_about(user: User, pk: int) -> User:
    """Somebody about whom they, as an administrator, may decide."""
    found = person(user, pk)
    if not can_decide_about(user, found):
        raise NotFound
    return found


def open_invitation(pk: int) -> Invitation:
    """An invitation that still works."""
    return _one(Invitation.objects.open().select_related("made_by"), pk)


def receipt(code: UUID) -> AccountDeletion:
    """The deletion of an account, for everybody who has its address."""
    try:
        return AccountDeletion.objects.get(pk=code, account_goes=True)
    except AccountDeletion.DoesNotExist:
        raise NotFound from None


def notification(user: User, pk: int) -> Notification:
    """One of their own."""
    return _one(user.notifications.select_related("message__sender"), pk)


def _one(rows: models.QuerySet[Row], pk: int, column: str = "pk") -> Row:
    if pk > LARGEST_ID:  # a database cannot even be asked
        raise NotFound
    try:
        return rows.get(**{column: pk})
    except ObjectDoesNotExist:
        raise NotFound from None
