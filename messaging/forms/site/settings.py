from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from messaging.forms.accounts.sign_up import SignUpForm
from messaging.forms.fields import LineField, LinesField, number_or_none
from messaging.forms.people.picture import PictureField, RemovePictureField
from messaging.models import Installation

MAIL_MINUTES = [
    (2, _("2 minutes")),
    (5, _("5 minutes")),
    (15, _("15 minutes")),
    (60, _("1 hour")),
]
BACKUP_DAYS = [
    ("0", _("Not limited")),
    ("7", _("7 days")),
    ("30", _("30 days")),
    ("90", _("90 days")),
    ("365", _("1 year")),
]
MINUTES = [("0", _("No limit")), ("5", _("5 minutes")), ("60", _("1 hour")), ("1440", _("1 day"))]


CHOSEN = ("sign_up", "room_creators", "room_mentioners", "history_readers")


class SiteNameField(LineField):
    def __init__(self, **options: Any) -> None:
        super().__init__(
            label=_("Team name"),
            max_length=Installation._meta.get_field("name").max_length,
            widget=forms.TextInput(attrs={"autocomplete": "organization"}),
            **options,
        )


class SetUpForm(SignUpForm):
    """The first account, and what the site is called."""

    site_name = SiteNameField(help_text=_("Shown to everyone. You can change it later."))
    field_order = ["site_name", "username", "display_name", "email", "password1", "password2"]


class SettingsForm(forms.ModelForm):
    """Settings of the whole site. `picture` is no field of the instance: the view stores it."""

    field_order = ["name", "picture", "without_picture"]

    name = SiteNameField()
    picture = PictureField()
    without_picture = RemovePictureField()
    edit_minutes = forms.TypedChoiceField(
        label=_("How long messages can be edited"),
        choices=MINUTES,
        coerce=number_or_none,
        widget=forms.RadioSelect,
    )
    blocked_words = LinesField(
        label=_("Words that messages must not contain"),
        help_text=_("One word or phrase in each line; a * at its end stands for any ending. Empty: none."),
    )
    blocked_hosts = LinesField(
        label=_("Sites that messages must not link to"),
        help_text=_(
            "One host in each line, such as example.org, which includes its subdomains. Empty: none."
        ),
    )
    mail_minutes = forms.TypedChoiceField(
        label=_("Messages for somebody who has not read them are mailed after"),
        choices=MAIL_MINUTES,
        coerce=int,
        widget=forms.RadioSelect,
    )
    backup_days = forms.TypedChoiceField(
        label=_("How long backups are kept (deleted messages stay in them)"),
        choices=BACKUP_DAYS,
        coerce=number_or_none,
        widget=forms.RadioSelect,
        help_text=_(
            "The nightly backup deletes older copies. People who delete their account are told this time, "
            "so delete the copies that you keep elsewhere in time too."
        ),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if not settings.HAS_MAIL_SERVER:
            del self.fields["mail_minutes"], self.fields["mail_texts"]
        self.initial["edit_minutes"] = self.instance.edit_minutes or 0
        self.initial["backup_days"] = self.instance.backup_days or 0
        if not self.instance.picture:
            del self.fields["without_picture"]

    def clean_blocked_hosts(self) -> str:
        """Hosts as links name them: of an address that was pasted, its host."""
        lines = self.cleaned_data["blocked_hosts"].split("\n")
        return "\n".join(dict.fromkeys(filter(None, map(_host, lines))))

    def clean_blocked_words(self) -> str:
        lines: str = self.cleaned_data["blocked_words"]
        for one in filter(None, lines.split("\n")):
            if not any(map(str.isalnum, one)):
                sentence = _("“%(line)s” has no letter and no digit: it would stop nearly every message.")
                raise forms.ValidationError(sentence, code="no_word", params={"line": one})
        return lines

    class Meta:
        model = Installation
        fields = (
            "name",
            "sign_up",
            "room_creators",
            "room_mentioners",
            "edit_minutes",
            "history_readers",
            "link_previews",
            "mail_minutes",
            "mail_texts",
            "push_texts",
            "backup_days",
            "blocked_words",
            "blocked_hosts",
        )
        labels = {
            "sign_up": _("Who can create an account"),
            "room_creators": _("Who can create rooms"),
            "room_mentioners": _("Who can notify everybody in a room with @room and @here"),
            "history_readers": _("Who can see earlier versions of a message"),
            "link_previews": _("Show previews of the pages that messages link to"),
            "push_texts": _("Push notifications may contain what was written"),
            "mail_texts": _("Emails about missed messages may contain what was written"),
        }
        help_texts = {
            "link_previews": _(
                "This server then fetches each page that somebody links to, in private conversations too. "
                "So the servers of these pages learn that somebody here linked to them."
            ),
            "push_texts": _(
                "They are encrypted for each browser, so push services cannot read them; "
                "anybody who sees the screen of a device can."
            ),
            "mail_texts": _(
                "Each person can choose to get less. Every server that an email passes through can read it."
            ),
        }
        widgets = dict.fromkeys(CHOSEN, forms.RadioSelect)


def _host(line: str) -> str:
    """Raises ValidationError: it is no host."""
    try:
        host = urlsplit("//" + line.rpartition("://")[2]).hostname or ""
        return host.strip("*. ").encode("idna").decode()
    except ValueError:  # UnicodeError is one
        sentence = _("“%(line)s” is no host. Write a name such as example.org.")
        raise forms.ValidationError(sentence, code="no_host", params={"line": line}) from None
