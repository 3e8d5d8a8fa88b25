from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from messaging.forms.fields import LineField
from messaging.forms.people.time_zones import ZoneField
from messaging.models import User
from messaging.models.people.avatar_decoder import FORMATS
from messaging.models.people.avatars import square_avatar


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
    """Name, picture, time zone and theme. `picture` is cleaned to the bytes of a small square."""

    display_name = NameField(help_text=_("Shown to others. If empty, your username is shown."))
    picture = forms.FileField(
        label=_("Picture"),
        required=False,
        help_text=_("JPEG, PNG, WebP or GIF. It is cropped to a square."),
        widget=forms.FileInput(attrs={"accept": ",".join(f"image/{kind.lower()}" for kind in FORMATS)}),
    )
    without_picture = forms.BooleanField(label=_("Remove the picture"), required=False)
    time_zone = ZoneField(
        label=_("Time zone"),
        help_text=_("Times are shown in this time zone. If you choose one, others can see your local time."),
    )
    theme = forms.ChoiceField(label=_("Theme"), choices=User.Theme.choices, widget=forms.RadioSelect)

    def __init__(self, data: Any = None, files: Any = None, *, user: User) -> None:
        initial = {name: getattr(user, name) for name in ("display_name", "time_zone", "theme")}
        super().__init__(data, files, initial=initial)
        self.user = user
        if not user.avatar:
            del self.fields["without_picture"]

    def clean_picture(self) -> bytes | None:
        file: UploadedFile | None = self.cleaned_data["picture"]
        return square_avatar(file, file.size or 0) if file else None

    def save(self) -> None:
        """Save everything in one transaction."""
        self.user.display_name = self.cleaned_data["display_name"]
        self.user.time_zone = self.cleaned_data["time_zone"]
        self.user.theme = self.cleaned_data["theme"]
        if self.cleaned_data["picture"]:
            self.user.set_avatar(self.cleaned_data["picture"])
        elif self.cleaned_data.get("without_picture"):
            self.user.set_avatar(None)
        self.user.save(update_fields=["display_name", "time_zone", "theme", "avatar"])
