"""The answer to "Why did I get this?": a sentence, and where to change it."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from messaging.models import Message, Notification
from messaging.models.inbox.why import Cause, Follows
from messaging.text.lists import join_names

Reason = Notification.Reason


@dataclass(frozen=True)
class Answer:
    """`address` is the page on which the person changes it."""

    sentence: str
    address: str


def answer_of(cause: Cause, message: Message, shows_words: bool = True) -> Answer:
    """Why the message is for the person, and where they can change that.

    Args:
        shows_words: as in `sentence_of`.
    """
    return Answer(sentence_of(cause, shows_words), _address(cause.reason, message))


def sentence_of(cause: Cause, shows_words: bool) -> str:
    """Why the message is for the person.

    Args:
        shows_words: whether its words are shown there too. If not, keywords are not named either.
    """
    names = join_names(cause.names)
    match cause.reason:
        case Reason.DIRECT:
            return _("A direct message to you")
        case Reason.MENTION:
            return _("You are mentioned")
        case Reason.GROUP:
            return _("You are mentioned as one of %(names)s") % {
                "names": names or pgettext("of people", "a group")
            }
        case Reason.EVERYBODY:
            return _("@room mentions everybody in this room")
        case Reason.PRESENT:
            return _("@here mentions everybody who was online")
        case Reason.KEYWORD if not (names and shows_words):
            return _("It has one of your keywords")
        case Reason.KEYWORD:
            quoted = join_names(_("“%(word)s”") % {"word": word} for word in cause.names)
            text = ngettext("The keyword %(words)s", "The keywords %(words)s", len(cause.names))
            return text % {"words": quoted}
        case Reason.EVERY:
            return _("You chose to be notified of each message here")
        case Reason.REPLY:
            return _followed(cause.follows)
        case _:
            return _("You chose to see all messages here as unread")


def _followed(follows: Follows | None) -> str:
    match follows:
        case Follows.CHOSE:
            return _("You chose to follow this thread")
        case Follows.BEGAN:
            return _("You follow this thread because you began it")
        case _:
            return _("You follow this thread because you answered in it")


def _address(reason: str, message: Message) -> str:
    if reason == Reason.KEYWORD:
        return f"{reverse('account_notifications')}#keywords"
    if reason == Reason.REPLY:
        return reverse("thread", args=[message.thread_root_id])
    return reverse("conversation_settings", args=[message.conversation_id])
