import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from messaging.forms.people.profile import NameField
from messaging.models import User
from messaging.models.people.profile import NAME_LENGTH, USERNAME_LENGTH
from messaging.models.people.usernames import username_has_end


class ProviderSignUpForm(forms.ModelForm):
    """A new account of somebody who signs in by an identity provider: only its names are missing.

    Args:
        waiting: what the provider said; its names are suggested.
    """

    display_name = NameField(help_text=_("Shown to others. If empty, your username is shown."))

    class Meta:
        model = User
        fields = ["username", "display_name"]

    def __init__(self, *args: Any, waiting: dict[str, Any], **options: Any) -> None:
        options["initial"] = {
            "username": suggested_username(waiting["username"]),
            "display_name": waiting["name"][:NAME_LENGTH],
        }
        super().__init__(*args, **options)
        self.fields["username"].widget.attrs |= {"autocapitalize": "none", "spellcheck": "false"}

    def clean_username(self) -> str:
        """Convert to lower case, since usernames have lower-case letters only."""
        username: str = self.cleaned_data["username"].lower()
        username_has_end(username)
        return username


def suggested_username(name: str) -> str:
    """A username like this name or address, as far as it consists of letters that a username can have."""
    start = name.lower().partition("@")[0]
    return re.sub(r"[^a-z0-9_.-]+", "-", start)[:USERNAME_LENGTH].strip("-.")
