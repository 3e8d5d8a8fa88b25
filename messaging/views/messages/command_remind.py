"""/remind: of a text, which is kept in one's notes to oneself; or in a reply, of the message."""

from typing import Final
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from messaging.forms.clock import checked_time
from messaging.models.inbox.reminders import remind, remind_of_text
from messaging.models.messages.conflicts import ClientIdTaken
from messaging.text.typed_times import TypedTime, time_in
from messaging.views.messages.command_given import Given, Outcome

LONGEST_REPEATED: Final = 80  # characters of the text that the answer repeats


def remind_as_typed(given: Given) -> Outcome:
    """Set the reminder that was typed. In a reply without a time, open the form of times.

    Raises:
        ValidationError: the time is missing or impossible; the text is missing, or a reply has one.
    """
    if not given.rest and given.parent:
        return Outcome(address=reverse("message_remind", args=[given.parent.pk]))
    typed = time_in(given.rest, given.now)
    if typed is None:
        raise _refused(
            _(
                "When? For example: /remind in 2 hours call Ada, /remind tomorrow 9:00 call Ada, "
                "/remind call Ada on Friday at 14:30, /remind 14 March call Ada."
            )
        )
    checked_time(typed.at.replace(tzinfo=None), given.now)
    if given.parent:
        if typed.text:
            raise _refused(
                _(
                    "“%(text)s” is not understood. In a reply, type only a time, such as /remind tomorrow "
                    "9:00, to be reminded of the message. For a text, type the command in the conversation."
                )
                % {"text": _shortened(typed.text)}
            )
        remind(given.user, given.parent, typed.at)
        return Outcome(_("Saved. You will be reminded on %(day)s.") % {"day": _when(typed)})
    if not typed.text:
        raise _refused(
            _("What should you be reminded of? Write it after the time: /remind tomorrow 9:00 call Ada.")
        )
    try:
        remind_of_text(given.user, typed.text, typed.at, given.client_id or uuid4())
    except ClientIdTaken as refused:
        raise ValidationError(refused.sentence, code="command") from None
    said = _("You will be reminded of “%(text)s” on %(day)s. Only you see it: it is in your notes.")
    return Outcome(said % {"text": _shortened(typed.text), "day": _when(typed)})


def _refused(sentence: str) -> ValidationError:
    return ValidationError(sentence, code="command")


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_REPEATED else f"{text[:LONGEST_REPEATED].rstrip()}…"


def _when(typed: TypedTime) -> str:
    return f"{date_format(typed.at, 'WEEKDAY_DATETIME_FORMAT')} ({typed.at.tzinfo})"
