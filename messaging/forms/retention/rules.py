from django import forms
from django.http import QueryDict
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from messaging.models.site.retention import LONGEST_DAYS, RoomRules, Rule


class RuleForm(forms.Form):
    """How long messages are kept, by the age of each."""

    days = forms.IntegerField(
        label=_("Delete messages after how many days"),
        help_text=_("Empty: messages are kept for ever."),
        required=False,
        min_value=1,
        max_value=LONGEST_DAYS,
        widget=forms.NumberInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )
    keeps_pinned = forms.BooleanField(label=_("Keep pinned messages"), required=False)
    keeps_saved = forms.BooleanField(
        label=_("Keep messages that somebody has saved"),
        help_text=_("Others can then guess that somebody saved them."),
        required=False,
    )

    def __init__(self, rule: Rule, data: QueryDict | None = None) -> None:
        """Args: rule: what is shown at first."""
        initial = {"days": rule.days, "keeps_pinned": rule.keeps_pinned, "keeps_saved": rule.keeps_saved}
        super().__init__(data, initial={**initial, "rooms": rule.rooms})

    @property
    def rule(self) -> Rule:
        return Rule(**{name: self.cleaned_data[name] for name in ("days", "keeps_pinned", "keeps_saved")})


class SiteRuleForm(RuleForm):
    """The rule of the site."""

    rooms = forms.ChoiceField(
        label=_("May rooms have rules of their own?"), choices=RoomRules, widget=forms.RadioSelect
    )

    @property
    def rule(self) -> Rule:
        return Rule(**self.cleaned_data)


class RoomRuleForm(RuleForm):
    """The rule of a room: its own, or the site's."""

    own = forms.ChoiceField(
        label=_("Rule"),
        widget=forms.RadioSelect,
        help_text=_("What you choose below counts only with “A rule of this room”."),
    )
    field_order = ["own"]

    def __init__(self, own: Rule | None, site: Rule, data: QueryDict | None = None) -> None:
        """Args: own: what is shown at first; None: the rule of the site."""
        super().__init__(own or site, data)
        self.site = site
        self.initial["own"] = "own" if own else "site"
        field = self.fields["own"]
        field.choices = [  # type: ignore[attr-defined]
            ("site", _rule_of_site(site)),
            ("own", _("A rule of this room:")),
        ]

    def clean(self) -> None:
        days, most = self.cleaned_data.get("days"), self.site.days
        if not (self.cleaned_data.get("own") == "own" and most and self.site.rooms == RoomRules.SHORTER):
            return
        if self.cleaned_data["keeps_pinned"] and not self.site.keeps_pinned:
            self.add_error(
                "keeps_pinned", _("On this site pinned messages are deleted too: a room cannot keep them.")
            )
        if self.cleaned_data["keeps_saved"] and not self.site.keeps_saved:
            self.add_error(
                "keeps_saved", _("On this site saved messages are deleted too: a room cannot keep them.")
            )
        if "days" not in self.errors and (days is None or days > most):
            self.add_error(
                "days",
                ngettext(
                    "On this site a room can keep messages for at most %(number)d day.",
                    "On this site a room can keep messages for at most %(number)d days.",
                    most,
                )
                % {"number": most},
            )

    @property
    def own_rule(self) -> Rule | None:
        """The rule of the room's own; None if it follows the site."""
        return self.rule if self.cleaned_data["own"] == "own" else None


def _rule_of_site(rule: Rule) -> str:
    if rule.days is None:
        return gettext("The rule of the site: kept for ever")
    text = ngettext(
        "The rule of the site: deleted after %(number)d day",
        "The rule of the site: deleted after %(number)d days",
        rule.days,
    )
    return text % {"number": rule.days}
