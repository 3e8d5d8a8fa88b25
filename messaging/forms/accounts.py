from typing import Any

from allauth.account.forms import SignupForm
from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from messaging.forms.lines import LineField
from messaging.forms.zones import ZoneField
from messaging.models import User
from messaging.models.pictures import FORMATS, square_picture


class NameField(LineField):
    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"autocomplete": "name"})
        super().__init__(
            label="Your name",
            max_length=User._meta.get_field("display_name").max_length,
            required=False,
            widget=widget,
            **options,
        )


class SignUpForm(SignupForm):
    """A new account. A mailbox is only needed for forgotten passwords.

    Attributes:
        to_confirm: the address that was given, where mail can be sent: the account has none until a code
            that is mailed there is typed in.
    """

    display_name = NameField(help_text="As others will see it. Without one it is your username.")
    field_order = ["username", "display_name", "email", "password1", "password2"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.to_confirm = ""
        self.fields["username"].help_text = User._meta.get_field("username").help_text
        self.fields["username"].widget.attrs |= {"autocapitalize": "none", "spellcheck": "false"}
        self.fields["password1"].help_text = "At least 8 characters, and none that everybody uses."
        self.fields["email"].label = "E-mail address"
        self.fields["email"].help_text = "Only for a password that you forget; nobody else sees it."

    def clean_username(self) -> str:
        """Usernames have small letters only: who types a capital one means that."""
        self.cleaned_data["username"] = self.cleaned_data["username"].lower()
        return super().clean_username()

    def clean_email(self) -> str:
        """Who was banned does not come back by another name: not by the same address, at least."""
        email: str = super().clean_email()
        if email and User.objects.filter(email__iexact=email, banned_at__isnull=False).exists():
            raise forms.ValidationError("This address cannot be used here.", code="banned")
        return email

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if settings.HAS_MAIL_SERVER:
            self.to_confirm, cleaned["email"] = cleaned.get("email", ""), ""
        return cleaned


class PasswordAgainForm(forms.Form):
    """The password again, so that a browser left open does not cost anybody their words or their account."""

    password = forms.CharField(
        label="Your password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user = user

    def clean_password(self) -> str:
        password = self.cleaned_data["password"]
        if not self.user.check_password(password):
            raise forms.ValidationError("This is not your password.", code="wrong")
        return password


class EmailForm(PasswordAgainForm):
    """The address that a password can be reset by: as good as the password, so it takes the password."""

    email = forms.EmailField(
        label="E-mail address",
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    field_order = ["email", "password"]


class ProfileForm(forms.Form):
    """How one is seen, and how one sees: `picture` is cleaned to the bytes of a small square."""

    display_name = NameField(help_text="As others see it. Without one it is your username.")
    picture = forms.FileField(
        required=False,
        help_text="JPEG, PNG, WebP or GIF. Its middle is shown as a square.",
        widget=forms.FileInput(attrs={"accept": ",".join(f"image/{kind.lower()}" for kind in FORMATS)}),
    )
    without_picture = forms.BooleanField(label="Take the picture away", required=False)
    time_zone = ZoneField(
        label="Time zone", help_text="Times are shown by it. If you choose one, others see your local time."
    )
    theme = forms.ChoiceField(label="Appearance", choices=User.Theme.choices, widget=forms.RadioSelect)

    def __init__(self, data: Any = None, files: Any = None, *, user: User) -> None:
        initial = {name: getattr(user, name) for name in ("display_name", "time_zone", "theme")}
        super().__init__(data, files, initial=initial)
        self.user = user
        if not user.avatar:
            del self.fields["without_picture"]

    def clean_picture(self) -> bytes | None:
        file: UploadedFile | None = self.cleaned_data["picture"]
        return square_picture(file, file.size or 0) if file else None

    def save(self) -> None:
        """Everything at once, or nothing."""
        self.user.display_name = self.cleaned_data["display_name"]
        self.user.time_zone = self.cleaned_data["time_zone"]
        self.user.theme = self.cleaned_data["theme"]
        if self.cleaned_data["picture"]:
            self.user.show_picture(self.cleaned_data["picture"])
        elif self.cleaned_data.get("without_picture"):
            self.user.show_picture(None)
        self.user.save(update_fields=["display_name", "time_zone", "theme", "avatar"])
