"""A new poll."""

import uuid
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from messaging.forms.clock import ClockField, checked_time
from messaging.forms.fields import TypedField
from messaging.forms.messages.composer import AsksFirst, TextField
from messaging.models.messages.polls import CHOICE_LENGTH, FEWEST_CHOICES, MOST_CHOICES, NewPoll
from messaging.text import clean_text

NUMBERS = {"least": FEWEST_CHOICES, "most": MOST_CHOICES}


class ChoicesField(TypedField):
    """Different choices, one in each line."""

    def __init__(self, **options: Any) -> None:
        super().__init__(strip=False, **options)

    def to_python(self, value: Any) -> Any:
        lines = [line for line in (value or "").splitlines() if line.strip()]
        if not FEWEST_CHOICES <= len(lines) <= MOST_CHOICES:
            raise ValidationError(_("Enter %(least)d to %(most)d choices.") % NUMBERS, code="number")
        choices = tuple(clean_text(line, max_length=CHOICE_LENGTH, single_line=True) for line in lines)
        for choice in choices:
            if choices.count(choice) > 1:
                twice = _("You have entered “%(choice)s” twice.") % {"choice": choice}
                raise ValidationError(twice, code="twice")
        return choices


class PollForm(AsksFirst):
    """A question and its choices.

    `client_id` is fresh in every form, so that sending one twice sends it once.
    """

    question = TextField(label=_("Question"), widget=forms.Textarea(attrs={"rows": 2}))
    choices = ChoicesField(
        label=_("Choices"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=lazy(lambda: gettext("One in each line, %(least)d to %(most)d.") % NUMBERS, str)(),
    )
    has_several = forms.BooleanField(label=_("Each person can vote for several choices"), required=False)
    is_anonymous = forms.BooleanField(
        label=_("Anonymous: nobody sees who voted for what"),
        required=False,
    )
    ends_at = ClockField(label=_("Ends"), required=False)
    client_id = forms.UUIDField(
        required=False, initial=uuid.uuid4, widget=forms.HiddenInput(attrs={"autocomplete": "off"})
    )

    def __init__(
        self, data: Any = None, *, now: datetime, auto_id: str, initial: dict[str, str] | None = None
    ) -> None:
        """`now` is in the person's time zone."""
        super().__init__(data, auto_id=auto_id, initial=initial)
        self.now = now

    def clean_ends_at(self) -> datetime | None:
        at = self.cleaned_data["ends_at"]
        return checked_time(at, self.now) if at else None

    def clean(self) -> dict[str, Any]:
        """An invalid `client_id` is not the person's mistake: the form gets a new one to send."""
        if self.errors.pop("client_id", None):
            self.add_error(None, _("Something was wrong with this page, so nothing was sent. Send it again."))
            self.with_fresh_id()
        return self.cleaned_data

    def with_fresh_id(self) -> None:
        self.data = {**self.data.dict(), "client_id": str(uuid.uuid4())}  # type: ignore[attr-defined]

    @property
    def poll(self) -> NewPoll:
        names = ("choices", "has_several", "is_anonymous", "ends_at")
        return NewPoll(**{name: self.cleaned_data[name] for name in names})
