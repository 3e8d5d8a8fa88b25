"""Look-ups of objects, which check access. Most of them are functions (user, id) -> object.

For a person who may not see the object, `NotFound` is raised as if it did not exist. A look-up runs for every
request, before any cache. It is one query, or two where roles in a room are checked.
"""

from typing import Any, TypeVar
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.db.models import Q, Subquery, Value

from messaging.models import (
    AccountDeletion,
    Attachment,
    Conversation,
    CustomEmoji,
    Installation,
    Invitation,
    LinkPreview,
    Membership,
    Message,
    MessageHistory,
    User,
    UserGroup,
)
from messaging.models.conversations.permissions import can_administer, can_moderate
from messaging.models.db.numbers import LARGEST_ID
from messaging.models.db.prepared import prepared
from messaging.models.db.refusals import Refused
from messaging.models.people.roles import can_manage
from messaging.models.site.custom_emoji import FOLDER as EMOJI_FOLDER

# The columns that every page needs. The look-up reads them in the same query.
INSTALLATION_COLUMNS = ("name", "picture", "epoch", "retention")
INSTALLATION = {
    f"installation_{name}": Subquery(Installation.objects.row().values(name)) for name in INSTALLATION_COLUMNS
}

NOT_JOINED = "not_joined"  # an annotation of what is shown to somebody who could join the room
Row = TypeVar("Row", bound=models.Model)


class NotFound(Refused):
    """The object does not exist, or the person may not see it."""

    def __init__(self) -> None:
        super().__init__("not_found")


def installation_of(found: Any) -> Installation:
    """The installation as it was when the row was read. Its other columns are loaded on access."""
    known = [getattr(found, name) for name in INSTALLATION]
    return Installation.from_db("default", ["id", *INSTALLATION_COLUMNS], [Installation.THE_ONE, *known])


def conversation(user: User, pk: int) -> Conversation:
    """A conversation of which the person is a member."""
    found = conversation_or_none(user, pk)
    if found is None:
        raise NotFound
    return found


def conversation_or_none(user: User, pk: int) -> Conversation | None:
    """Like `conversation`, but None instead of NotFound, for views with another page to show."""
    return _conversation.first(user.pk, pk) if pk <= LARGEST_ID else None


def readable_conversation(user: User, pk: int) -> Conversation:
    """A conversation of which the person is a member, or a public room that they may join: what was written
    there can be read before joining (`has_joined`)."""
    return conversation_or_none(user, pk) or one(_of_public_rooms(Conversation.objects.open_to(user)), pk)


def group(user: User, pk: int) -> UserGroup:
    """A group of people, also a deleted one. Guests find only groups with somebody whom they may see."""
    return one(UserGroup.objects.all().visible_to(user), pk)


def has_joined(found: Conversation | Message) -> bool:
    """Whether the person is a member of the conversation that a look-up found, or that the message is in."""
    return not hasattr(found, NOT_JOINED)


def _of_public_rooms(rows: models.QuerySet[Row]) -> models.QuerySet[Row]:
    return rows.annotate(**INSTALLATION, **{NOT_JOINED: Value(True)})


@prepared
def _conversation(user_id: int, pk: int) -> models.QuerySet[Conversation]:
    return Conversation.objects.visible_to(user_id).filter(pk=pk).annotate(**INSTALLATION)


def message(user: User, pk: int) -> Message:
    """A message in a conversation of which the person is a member."""
    found = _message.first(user.pk, pk) if pk <= LARGEST_ID else None
    if found is None:
        raise NotFound
    return found


def readable_message(user: User, pk: int) -> Message:
    """A message in a conversation of which the person is a member, or in a public room that they may join."""
    found = _message.first(user.pk, pk) if pk <= LARGEST_ID else None
    if found is None:
        there = Message.objects.filter(conversation__in=Conversation.objects.open_to(user))
        found = one(_of_public_rooms(there.select_related("conversation", "sender")), pk)
    return found


@prepared
def _message(user_id: int, pk: int) -> models.QuerySet[Message]:
    messages = Message.objects.visible_to(user_id).filter(pk=pk).annotate(**INSTALLATION)
    return messages.select_related("conversation", "sender")


def own_message(user: User, pk: int) -> Message:
    """A message that the person wrote. A removed message has no author."""
    found = message(user, pk)
    if found.author != user:
        raise NotFound
    return found


def removable_message(user: User, pk: int) -> Message:
    """A message that the person may remove, as its author or as a moderator; it may be removed already."""
    found = message(user, pk)
    if found.sender_id != user.pk and not found.conversation.allows(can_moderate(user)):
        raise NotFound
    return found


def file(user: User, pk: int) -> Attachment:
    """A file of a message that the person can read now, or one of their own that they have not sent yet."""
    sent = Q(message__isnull=False) & _hangs_on_readable(user)
    return one(Attachment.objects.filter(Q(message=None, uploader=user) | sent), pk)


def preview_with_picture(user: User, pk: int) -> LinkPreview:
    """A link preview that has a picture, of a message that the person can read now."""
    return one(LinkPreview.objects.exclude(picture="").filter(_hangs_on_readable(user)), pk)


def removable_preview(user: User, pk: int) -> LinkPreview:
    """A link preview of a message that the person may remove; the preview may be removed already."""
    found = one(LinkPreview.objects.exclude(state=LinkPreview.State.FAILED), pk)
    found.message = removable_message(user, found.message_id)
    return found


def _hangs_on_readable(user: User) -> Q:
    """Those of these rows whose message the person can read now.

    Somebody who has not joined a public room can read only the messages of its timeline, and their files.
    """
    rooms = Conversation.objects
    readable = Q(message__conversation__in=rooms.visible_to(user).values("pk")) | Q(
        message__conversation__in=rooms.open_to(user).values("pk"), message__parent_message=None
    )
    return Q(message__removed_at=None) & readable


def earlier_text(message: Message, number: int) -> MessageHistory:
    """An earlier text of a message, unless that text was removed."""
    return one(message.history.filter(removed_at=None), number, "number")


def room_to_join(user: User, pk: int) -> Conversation:
    """A room of which the person is a member, or which they may join."""
    return one(Conversation.objects.open_to(user), pk)


def administered_room(user: User, pk: int) -> Conversation:
    """A room that the person may administer (`can_administer`)."""
    found = conversation(user, pk)
    if not found.allows(can_administer(user)):
        raise NotFound
    return found


def removed_room(user: User, pk: int) -> Conversation:
    """A removed room whose removal the person may undo."""
    return one(Conversation.objects.removal_undoable_by(user), pk)


def member(room: Conversation, user_id: int) -> Membership:
    """The membership of a person in this room, whose access must have been checked."""
    return one(room.memberships.select_related("user"), user_id, "user")


def person(user: User, pk: int) -> User:
    """A person. Guests may see only people with whom they share a conversation; others may see everybody."""
    return one(User.objects.visible_to(user), pk)


def managed_person(user: User, pk: int) -> User:
    """A person whom the user may manage as an administrator (`can_manage`)."""
    found = person(user, pk)
    if not can_manage(user, found):
        raise NotFound
    return found


def open_invitation(pk: int) -> Invitation:
    """An invitation that can still be used."""
    return one(Invitation.objects.open().select_related("created_by"), pk)


def custom_emoji(pk: int) -> CustomEmoji:
    return one(CustomEmoji.objects.all(), pk)


def emoji_with_picture(name: str) -> CustomEmoji:
    """The custom emoji whose picture has this file name."""
    found = CustomEmoji.objects.filter(picture=f"{EMOJI_FOLDER}/{name}").first()
    if found is None:
        raise NotFound
    return found


def receipt(code: UUID) -> AccountDeletion:
    """The deletion of an account, for everybody who knows its URL."""
    try:
        return AccountDeletion.objects.get(pk=code, deletes_account=True)
    except AccountDeletion.DoesNotExist:
        raise NotFound from None


def one(rows: models.QuerySet[Row], pk: int, column: str = "pk") -> Row:
    if pk > LARGEST_ID:  # a database driver may raise an error for larger numbers
        raise NotFound
    try:
        return rows.get(**{column: pk})
    except ObjectDoesNotExist:
        raise NotFound from None
