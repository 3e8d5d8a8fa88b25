"""Setting and taking back a reaction: two verbs, so that two presses that cross each other do no harm."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from messaging.models.messages.changing import change_stored, may_write
from messaging.models.messages.emoji_choices import chosen_emoji
from messaging.models.messages.message import Message
from messaging.models.messages.reactions import Reaction
from messaging.models.people.user import User
from messaging.text.emoji_choice import Choice

MOST_KINDS = 50  # of different emoji on one message


def react(message: Message, user: User, emoji: str, tone: str = "") -> Message:
    """Set the person's reaction. If it is set already, nothing changes, except its skin tone.

    Args:
        emoji: one of the table, in a skin tone or none, or the name of one between colons.
        tone: the skin tone, if `emoji` has none.

    Returns:
        The message as it is now.

    Raises:
        ValidationError: there is no such emoji; the message was removed or has too many kinds of them; the
            room is archived; or the person is no member.
        Gone: the message or the conversation was deleted.
    """
    choice = _choice(emoji, tone)

    def write(stored: Message) -> bool:
        mine = Reaction.objects.filter(message=message, user=user, emoji=choice.base).first()
        if mine is None:
            _check_kinds(message, choice.base)
            author = None if stored.sender_id == user.pk else stored.sender_id
            Reaction.objects.create(
                message=message, user=user, emoji=choice.base, chosen=choice.emoji, author=author
            )
            return True
        if mine.chosen == choice.emoji:
            return False
        mine.chosen = choice.emoji
        mine.save(update_fields=["chosen"])
        return True

    return change_stored(message, may_write(user), write)


def unreact(message: Message, user: User, emoji: str) -> Message:
    """Take the person's reaction back, in whatever skin tone. If there is none, nothing changes.

    Returns and raises what `react` does.
    """
    mine = Reaction.objects.filter(message=message, user=user, emoji=_choice(emoji, with_retired=True).base)
    return change_stored(message, may_write(user), lambda _stored: mine.delete()[0] > 0)


def _choice(emoji: str, tone: str = "", with_retired: bool = False) -> Choice:
    choice = chosen_emoji(emoji, tone, with_retired)
    if choice is None:
        raise ValidationError(_("There is no such emoji."), code="emoji")
    return choice


def _check_kinds(message: Message, emoji: str) -> None:
    """Raises ValidationError: the message has so many different emoji that there is no place for this one."""
    kinds = set(Reaction.objects.filter(message=message).values_list("emoji", flat=True).distinct())
    if emoji not in kinds and len(kinds) >= MOST_KINDS:
        text = ngettext(
            "This message has %(number)d different emoji already. You can join one of them.",
            "This message has %(number)d different emoji already. You can join one of them.",
            MOST_KINDS,
        )
        raise ValidationError(text % {"number": MOST_KINDS}, code="kinds")
