from typing import Any

from allauth.account.forms import SignupForm
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from messaging.forms.people.profile import NameField
from messaging.models import User
from messaging.models.accounts.identities import is_banned
from messaging.models.people.usernames import username_has_end


class SignUpForm(SignupForm):
    """A new account. An e-mail address is only needed for forgotten passwords.

    Attributes:
        to_confirm: the address that was entered, if there is a mail server. The account has no address until
            the code that is mailed there was entered.
    """

    display_name = NameField(help_text=_("Shown to others. If empty, your username is shown."))
    field_order = ["username", "display_name", "email", "password1", "password2"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.to_confirm = ""
        self.fields["username"].label = _("Username")  # allauth's own, for our catalogs: elsewhere, too
        self.fields["username"].help_text = User._meta.get_field("username").help_text
        self.fields["username"].widget.attrs |= {"autocapitalize": "none", "spellcheck": "false"}
        self.fields["password1"].help_text = _("At least 8 characters, and not a common password.")
        self.fields["email"].label = _("Email address")
        self.fields["email"].help_text = _(
            "For resetting your password, and for emails about what you missed. It is not shown to other "
            "members."
        )

    def clean_username(self) -> str:
        """Convert to lower case, since usernames have lower-case letters only."""
        self.cleaned_data["username"] = self.cleaned_data["username"].lower()
        username: str = super().clean_username()
        username_has_end(username)
        return username

    def clean_email(self) -> str:
        """Refuse the e-mail address of a banned person."""
        email: str = super().clean_email()
        if is_banned(email):
            raise forms.ValidationError(_("This address cannot be used here."), code="banned")
        return email

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if settings.HAS_MAIL_SERVER:
            self.to_confirm, cleaned["email"] = cleaned.get("email", ""), ""
        return cleaned
