from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from messaging.forms.fields import LineField
from messaging.models import Report
from messaging.models.accounts.reports import NOTE_LENGTH
from messaging.models.messages.removal import REASON_LENGTH


class ReportForm(forms.Form):
    """Why a message is reported."""

    reason = forms.ChoiceField(
        label=_("What is wrong with it?"), choices=Report.Reason.choices, widget=forms.RadioSelect
    )
    note = LineField(
        label=_("Note"),
        required=False,
        max_length=NOTE_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class DecisionForm(forms.Form):
    """What is done about a report.

    Args:
        decisions: those of `Report.Decision` that the person may choose.
    """

    decision = forms.ChoiceField(label=_("What should be done?"), widget=forms.RadioSelect)
    words = LineField(
        label=_("Why?"),
        required=False,
        max_length=REASON_LENGTH,
        help_text=_(
            "The author gets a warning as a direct message from you. The reason for a removal is shown in "
            "place of the message."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, decisions: list[str], **options: Any) -> None:
        super().__init__(*args, **options)
        verbs = {
            Report.Decision.NOTHING: _("Nothing: the message may stay"),
            Report.Decision.WARNED: _("Warn the author; the message stays"),
            Report.Decision.REMOVED: _("Remove the message"),
            Report.Decision.DEACTIVATED: _("Deactivate the author’s account"),
        }
        field: Any = self.fields["decision"]
        field.choices = [(one, verbs[Report.Decision(one)]) for one in decisions]
