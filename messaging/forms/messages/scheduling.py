"""A message that is to be sent later."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from messaging.forms.clock import Offer, TimeForm, days_after
from messaging.forms.messages.composer import AsksFirst, DraftField, TextField
from messaging.text.commands import is_no_text, text_of

HOUR, TOMORROW, MONDAY = "1", "2", "3"  # as templates/messaging/messages/_send_buttons.html names them
MORNING_HOUR = 9


def times(now: datetime) -> list[Offer]:
    """The times that can be chosen by a name. `now` is in the person's time zone."""
    return [
        Offer(HOUR, _("In an hour"), now + timedelta(hours=1)),
        Offer(TOMORROW, _("Tomorrow at 9:00"), days_after(now, 1, MORNING_HOUR)),
        Offer(MONDAY, _("Next Monday at 9:00"), days_after(now, 7 - now.weekday(), MORNING_HOUR)),
    ]


class ScheduleForm(AsksFirst, TimeForm):
    """`cleaned_data["until"]` is when the message is sent."""

    content = TextField(label=_("Message"), widget=forms.Textarea(attrs={"rows": 4}))
    client_id = forms.UUIDField(
        required=False, initial=uuid.uuid4, widget=forms.HiddenInput(attrs={"autocomplete": "off"})
    )
    draft = DraftField()
    field_order = ("content", "at")

    def __init__(self, data: Any = None, *, now: datetime, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, now=now, times=times(now), initial=initial, auto_id="schedule-%s")

    def clean_content(self) -> str:
        """The text that will be sent. Nothing else that a command does can be done later."""
        typed: str = self.cleaned_data["content"]
        if is_no_text(typed):
            how = _("A command cannot be scheduled. To send this as a text, begin with // or with a space.")
            raise ValidationError(how, code="command")
        return text_of(typed)

    def clean(self) -> dict[str, Any]:
        """A form without a valid `client_id` counts as a new one."""
        self.errors.pop("client_id", None)
        self.cleaned_data["client_id"] = self.cleaned_data.get("client_id") or uuid.uuid4()
        return super().clean()

    def with_fresh_id(self) -> "ScheduleForm":
        """The same form with what was typed, to be sent under another id."""
        self.data = {**self.data.dict(), "client_id": str(uuid.uuid4())}  # type: ignore[attr-defined]
        return self
