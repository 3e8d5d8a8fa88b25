"""A status, and when it ends, in the person's time zone."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from messaging.forms.clock import ClockField, checked_time, days_after
from messaging.forms.fields import LineField
from messaging.models import User
from messaging.models.people.status import STATUS_LENGTH
from messaging.models.people.time_zones import zone_named

AS_NOW, NEVER, TODAY, WEEK, AT = "as-now", "never", "today", "week", "at"
ENDS = [
    (NEVER, _("Never")),
    ("30", _("In 30 minutes")),
    ("60", _("In 1 hour")),
    ("240", _("In 4 hours")),
    (TODAY, _("At the end of today")),
    (WEEK, _("At the end of this week")),
    (AT, _("At another time")),
]


class StatusForm(forms.Form):
    """`cleaned_data["until"]` is when the status ends; None if it does not end by itself.

    A script writes the browser's time zone into `zone`. It is used if the person has chosen no time zone.
    """

    status = LineField(
        label=_("Status"),
        max_length=STATUS_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": _("At lunch")}),
        help_text=_("Shown next to your name."),
    )
    ends = forms.ChoiceField(label=_("Ends"), error_messages={"invalid_choice": _("Choose when it ends.")})
    at = ClockField(label=_("Date and time"), required=False)
    zone = forms.CharField(required=False, widget=forms.HiddenInput(attrs={"autocomplete": "off"}))

    def __init__(self, data: Any = None, *, user: User) -> None:
        has_end = bool(user.current_status and user.status_until)
        super().__init__(data, initial={"status": user.current_status, "ends": AS_NOW if has_end else NEVER})
        self.user = user
        ends: Any = self.fields["ends"]
        ends.choices = [(AS_NOW, _("Leave it as it is")), *ENDS] if has_end else ENDS
        if user.zone:
            self.fields["at"].help_text = _("In your time zone: %(zone)s.") % {"zone": user.time_zone}
        else:
            self.fields["at"].help_text = _("In the time zone of your browser (UTC without JavaScript).")

    def clean(self) -> dict[str, Any]:
        zone = self.user.zone or zone_named(self.cleaned_data.get("zone", "")) or ZoneInfo("UTC")
        try:
            self.cleaned_data["until"] = self._until(timezone.now().astimezone(zone))
        except ValidationError as error:
            self.add_error("at", error)
        return self.cleaned_data

    def _until(self, now: datetime) -> datetime | None:
        """When the status ends. `now` is in the person's time zone.

        Raises:
            ValidationError: the chosen time is missing, past or too far ahead.
        """
        ends = self.cleaned_data.get("ends", NEVER)
        if ends.isdigit():
            return now + timedelta(minutes=int(ends))
        if ends == TODAY:
            return days_after(now, 1)
        if ends == WEEK:
            return days_after(now, 7 - now.weekday())
        if ends == AT and "at" in self.cleaned_data:
            return checked_time(self.cleaned_data["at"], now)
        return self.user.status_until if ends == AS_NOW else None
