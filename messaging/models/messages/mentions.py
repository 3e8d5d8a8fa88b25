from collections.abc import Collection
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_noop

from messaging.models.conversations.membership import Membership
from messaging.models.db.batches import CHUNK
from messaging.models.db.insert_select import InsertFrom
from messaging.models.db.registry import (
    MessagePart,
    PersonPart,
    Rows,
    register_message_part,
    register_person_part,
)
from messaging.models.people.user import User
from messaging.text import mentioned, unlink_mentions
from messaging.text.room_names import NO_ROOMS, Rooms

if TYPE_CHECKING:
    from messaging.models.messages.message import Message


class MentionChange(NamedTuple):
    """The ids of the people whom a text newly mentions, and of those whom it no longer does."""

    new: set[int]
    gone: set[int]


class MentionQuerySet(models.QuerySet["Mention"]):
    def update_for(self, message: "Message", is_new: bool) -> MentionChange:
        """Make the rows agree with the message's text, under the conversation's lock."""
        rows = self.filter(message=message)
        before = set() if is_new else set(rows.values_list("user_id", flat=True))
        now = set(message.mentionable.values())
        if gone := before - now:
            rows.filter(user_id__in=gone).delete()
        if not (new := now - before):
            return MentionChange(new, gone)
        # Members are looked up again: the text was rendered before the lock was held.
        members = Membership.objects.filter(conversation_id=message.conversation_id, user_id__in=new)
        this = models.Value(message.pk, output_field=models.BigIntegerField())
        found = InsertFrom(Mention, ("user_id", "message_id"), members.values_list("user_id", this))
        if found.execute() < len(new):
            self._unlink_former_members(message)
            new = set(rows.filter(user_id__in=new).values_list("user_id", flat=True))
        return MentionChange(new, gone)

    def _unlink_former_members(self, message: "Message") -> None:
        """Take the highlight off those who were members when it was rendered, and left before the lock."""
        still_members = set(self.filter(message=message).values_list("user_id", flat=True))
        for user_id in set(message.mentionable.values()) - still_members:
            message.content_html = unlink_mentions(message.content_html, user_id)
        type(message).rows.filter(pk=message.pk).update(content_html=message.content_html)


class Mention(models.Model):
    """That a message's text names a member with an @."""

    message = models.ForeignKey(
        "Message", on_delete=models.CASCADE, related_name=gettext_noop("mentions"), db_index=False
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name=gettext_noop("mentions")
    )

    objects: ClassVar[models.Manager["Mention"]] = models.Manager.from_queryset(MentionQuerySet)()

    class Meta:
        constraints = [
            # Message first, so that it also finds whom a message mentions.
            models.UniqueConstraint(fields=["message", "user"], name="one_mention")
        ]

    def __str__(self) -> str:
        return f"@{self.user}"


def members_named_in(content: str, conversation_id: int, rooms: Rooms = NO_ROOMS) -> dict[str, int]:
    """The members of the conversation whom the text mentions: username -> id. No query without an @.

    Args:
        rooms: that the text names (`room_names`). An @ in such a name mentions nobody.
    """
    names = mentioned(content, rooms=rooms)
    if not names:
        return {}
    members = Membership.objects.filter(conversation_id=conversation_id, user__username__in=names)
    found = dict(members.values_list("user__username", "user_id"))
    meant = mentioned(content, found, rooms)
    return {name: user_id for name, user_id in found.items() if name in meant}


def _erase(people: Collection[int], messages: Rows, version: int | None) -> int:
    """Take the highlight of these people's names out of the messages. The text stays as it was typed."""
    found = Mention.objects.filter(user__in=people, message__in=messages.values("pk"))
    for person in User.objects.filter(pk__in=people):  # one after the other, as one message may name several
        mentions = found.filter(user=person).select_related("message__conversation")
        for message in (mention.message for mention in mentions.iterator(CHUNK)):
            messages.model.rows.filter(pk=message.pk).update(
                content_html=unlink_mentions(message.content_html, person.pk),
                version=version or message.conversation.version,
            )
    gone, _ = found.delete()
    return gone


register_message_part(MessagePart(Mention, gettext_noop("mentions")))
register_person_part(
    PersonPart(
        Mention,
        "user",
        name=gettext_noop("mentions"),
        conversation="message__conversation",
        message="message",
        erase=_erase,
        why_not_exported="Others wrote them.",
    )
)
