from typing import Any, Final

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from messaging.forms.fields import LineField
from messaging.forms.people.languages import LanguageField
from messaging.forms.people.picture import PictureField, RemovePictureField
from messaging.forms.people.time_zones import ZoneField
from messaging.models import User
from messaging.models.inbox.digest import plan_again
from messaging.models.inbox.missed_mail import mail_at_once

SETTINGS: Final = ("display_name", "language", "time_zone", "theme")


class NameField(LineField):
    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"autocomplete": "name"})
        super().__init__(
            label=_("Your name"),
            max_length=User._meta.get_field("display_name").max_length,
            required=False,
            widget=widget,
            **options,
        )


class ProfileForm(forms.Form):
    """Name, picture, language, time zone and theme."""

    display_name = NameField(help_text=_("Shown to others. If empty, your username is shown."))
    picture = PictureField()
    without_picture = RemovePictureField()
    language = LanguageField(label=_("Language"))
    time_zone = ZoneField(
        label=_("Time zone"),
        help_text=_("Times are shown in this time zone. If you choose one, others can see your local time."),
    )
    theme = forms.ChoiceField(label=_("Theme"), choices=User.Theme.choices, widget=forms.RadioSelect)

    def __init__(self, data: Any = None, files: Any = None, *, user: User) -> None:
        initial = {name: getattr(user, name) for name in SETTINGS}
        super().__init__(data, files, initial=initial)
        self.user = user
        self.fields["language"].help_text = gettext(
            "If it follows your browser, emails and push notifications are in the language of this site: "
            "%(language)s."
        ) % {"language": dict(settings.LANGUAGES)[settings.LANGUAGE_CODE]}
        if not user.avatar:
            del self.fields["without_picture"]

    def save(self) -> None:
        """Save everything in one transaction."""
        is_moved = self.user.time_zone != self.cleaned_data["time_zone"]
        for name in SETTINGS:
            setattr(self.user, name, self.cleaned_data[name])
        if self.cleaned_data["picture"]:
            self.user.set_avatar(self.cleaned_data["picture"])
        elif self.cleaned_data.get("without_picture"):
            self.user.set_avatar(None)
        self.user.save(update_fields=[*SETTINGS, "avatar"])
        if "language" in self.changed_data:
            User.objects.filter(pk=self.user.pk).raise_version()  # open pages follow
        mail_at_once(self.user)  # their quiet hours are in this time zone
        if is_moved:
            plan_again(self.user)
