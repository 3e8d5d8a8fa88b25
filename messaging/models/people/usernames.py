"""Which usernames somebody can have."""

from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

validate_username = RegexValidator(
    r"^[a-z0-9_.-]+\Z", _("A username can only contain lowercase letters a–z, digits, and _ . -"), "username"
)
# In "Thanks, @ada." the dot ends the sentence. Older usernames with such an end can still be mentioned.
username_has_end = RegexValidator(
    r"[a-z0-9_]\Z", _("A username must end with a letter, a digit or _"), "username"
)

RESERVED = ("room", "here")  # mentions of many people (`messages.group_mentions`)


def validate_username_is_free(username: str) -> None:
    """Raises ValidationError for a name that means many people: one of RESERVED, or a group."""
    groups = apps.get_model("messaging", "UserGroup").objects
    if username.lower() in RESERVED or groups.filter(handle=username.lower()).exists():
        raise ValidationError(
            _("“%(name)s” cannot be a username: @%(name)s mentions many people."),
            "reserved",
            {"name": username},
        )
