"""The commands that can be typed, as in "/topic Low water": who may use each, and what it does.

Each does what a button of the pages does, by the same function and under the same conditions, or leads to the
page. /me and /shrug only stand for a text (`messaging.text.commands.text_of`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from messaging.http.rate_limits import take_token
from messaging.models import User
from messaging.models.conversations.permissions import can_add_members, can_administer
from messaging.models.db.refusals import Refused
from messaging.models.inbox.sections import arrange, unmuted_level
from messaging.models.inbox.status import set_status
from messaging.models.messages.conflicts import ClientIdTaken
from messaging.models.messages.saving import post
from messaging.models.people.preferences import NotificationLevel
from messaging.models.rooms.members import add_people
from messaging.models.rooms.settings import rename
from messaging.text.commands import SHRUGGING
from messaging.text.lists import join_names
from messaging.views.messages.command_given import Given, Outcome
from messaging.views.messages.command_remind import remind_as_typed
from messaging.views.messages.forwarding import direct_with
from messaging.views.responses import too_many_requests

MOST_PEOPLE = 20  # that one command names
LONGEST_IN_ADDRESS = 2000  # bytes of what an address carries to a page


@dataclass
class Command:
    """
    Attributes:
        takes: what stands behind the name, as a list of commands shows it.
        does: in a few words.
        run: does it. Raises ValidationError if it is refused.
        may: whether it can be used where it was typed, by this person.
        refusal: the sentence for everybody else.
    """

    name: str
    takes: str
    does: str
    run: Callable[[Given], Outcome]
    may: Callable[[Given], bool] = lambda given: True
    refusal: str = ""
    others: tuple[str, ...] = ()  # its other names


def all_commands() -> list[Command]:
    """In the order in which they are offered: completion shows eight, and `/help` all."""
    return [
        Command(
            "remind",
            _("time and text; in a reply: time"),
            _("Be reminded of a text, or of the message that you are replying to"),
            remind_as_typed,
            lambda given: not (given.parent and given.parent.is_removed),
            _("This message was removed."),
        ),
        Command(
            "poll",
            _("question"),
            _("Ask with choices"),
            _poll,
            lambda given: (
                not (given.parent and given.parent.is_removed) and not given.conversation.archived_at
            ),
            _("A poll cannot be made here: the room is archived, or the message was removed."),
        ),
        Command(
            "topic",
            _("text"),
            _("Change what this room is about"),
            _topic,
            lambda given: given.conversation.allows(can_administer(given.user)),
            _("Only administrators of a room can change its topic."),
        ),
        Command(
            "invite",
            "@name",
            _("Add people"),
            _invite,
            lambda given: given.conversation.allows(can_add_members(given.user)),
            _("You cannot add people here."),
        ),
        Command("msg", _("@name text"), _("Write to somebody in private"), _message_to, others=("dm",)),
        Command("status", _("text"), _("Set your status"), _status),
        Command("mute", "", _("Show nothing here as unread"), _mute),
        Command("me", _("text"), _("Say what you do, in italics"), _needs_text),
        Command("help", "", _("All commands"), _help, others=("?",)),
        Command("search", _("words"), _("Search messages"), _search),
        Command("unmute", "", _("Show as unread again what is said here"), _unmute),
        Command("away", _("text, or nothing"), _("Set your status to “Away”"), _away),
        Command(
            "leave",
            "",
            _("Leave, after a question"),
            lambda given: Outcome(address=reverse("conversation_leave", args=[given.conversation.pk])),
            lambda given: not given.conversation.is_direct,
            _("A direct conversation cannot be left. Its menu can hide it until something is said."),
        ),
        Command("shrug", _("text, or nothing"), SHRUGGING, _needs_text),
    ]


def _needs_text(given: Given) -> Outcome:
    """For /me without a text: with one, it is sent as a message."""
    raise ValidationError(_("Write something after it."), code="command")


def _poll(given: Given) -> Outcome:
    question, _line_end, choices = given.rest.partition("\n")
    name, pk = ("poll_reply", given.parent.pk) if given.parent else ("poll_new", given.conversation.pk)
    return _page(name, pk, question=question, choices=choices.strip())


def _topic(given: Given) -> Outcome:
    if not given.rest:
        return Outcome(address=reverse("conversation_settings", args=[given.conversation.pk]))
    rename(given.conversation, given.conversation.name, given.rest, by=given.user)
    return Outcome(_("Topic saved."))


def _invite(given: Given) -> Outcome:
    if not given.rest:
        return Outcome(address=reverse("conversation_members", args=[given.conversation.pk]))
    words = given.rest.replace(",", " ").split()
    if len(words) > MOST_PEOPLE:
        too_many = _("These are too many people for one command: the limit is %(limit)d.")
        raise ValidationError(too_many % {"limit": MOST_PEOPLE}, code="command")
    people = [_person(given, word) for word in words]
    inside = given.conversation.memberships.filter(user__in=people).values_list("user_id", flat=True)
    new = [person for person in people if person.pk not in set(inside)]
    if not new:
        sentence = ngettext("They are here already.", "They are all here already.", len(people))
        raise ValidationError(sentence, code="command")
    if wait := take_token("create", given.user.pk):
        raise ValidationError(too_many_requests(wait), code="command")
    add_people(given.conversation, new, by=given.user)
    return Outcome(_("Added: %(names)s") % {"names": join_names(person.name for person in new)})


def _mute(given: Given) -> Outcome:
    arrange(given.user, given.conversation, notification_level=NotificationLevel.MUTED)
    return Outcome(_("Muted. Mentions of you still wait in your inbox."))


def _unmute(given: Given) -> Outcome:
    arrange(given.user, given.conversation, notification_level=unmuted_level(given.user, given.conversation))
    return Outcome(_("No longer muted."))


def _status(given: Given) -> Outcome:
    if not given.rest:
        return Outcome(address=reverse("account_status"))
    set_status(given.user, given.rest)
    return Outcome(_("Status set."))


def _away(given: Given) -> Outcome:
    set_status(given.user, given.rest or _("Away"))
    return Outcome(_("Status set."))


def _message_to(given: Given) -> Outcome:
    if not given.rest:
        return Outcome(address=reverse("conversation_new"))
    name, *text = given.rest.split(None, 1)
    person = _person(given, name)
    try:
        conversation = direct_with(given.user, person)
    except Refused as refused:
        raise ValidationError(refused.sentence, code="command") from None
    if text:
        try:
            post(conversation, given.user, text[0], client_id=given.client_id or uuid4())
        except ClientIdTaken as refused:
            raise ValidationError(refused.sentence, code="command") from None
    return Outcome(address=reverse("conversation", args=[conversation.pk]))


def _search(given: Given) -> Outcome:
    return _page("search", q=given.rest)


def _help(given: Given) -> Outcome:
    if given.parent:
        return Outcome(address=reverse("message_commands", args=[given.parent.pk]))
    return Outcome(address=reverse("conversation_commands", args=[given.conversation.pk]))


def _page(name: str, *of: int, **query: str) -> Outcome:
    """A page that gets what was typed in its address."""
    filled = urlencode({key: value for key, value in query.items() if value})
    if len(filled) > LONGEST_IN_ADDRESS:
        raise ValidationError(_("This is too long for a command. Shorten it."), code="command")
    return Outcome(address="?".join(filter(None, [reverse(name, args=of), filled])))


def _person(given: Given, word: str) -> User:
    """The person of this username, with or without an @ before it."""
    name = word.removeprefix("@")
    found = User.objects.visible_to(given.user).active().filter(username__iexact=name).first()
    if found is None:
        raise ValidationError(
            _("Nobody here is called @%(name)s. Type a username.") % {"name": name}, code="command"
        )
    return found


def run(command: Command, given: Given) -> Outcome:
    """Run a command.

    Raises:
        ValidationError: it is refused, with the sentence for the person.
    """
    if not command.may(given):
        raise ValidationError(command.refusal, code="command")
    try:
        return command.run(given)
    except Refused as refused:  # the right was lost at this moment
        if not command.refusal:
            raise
        raise ValidationError(command.refusal, code="command") from refused
