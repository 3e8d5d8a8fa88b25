from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from messaging.forms.messages.composer import ComposerForm, allow_empty_text
from messaging.text.commands import is_no_text

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class ToField(forms.RegexField):
    """A conversation, or a person: `Target.value`."""

    def __init__(self, choose: "StrOrPromise") -> None:
        """`choose` asks for it, where nothing was chosen."""
        super().__init__(regex=r"^[cp][0-9]{1,19}$", error_messages={"required": choose, "invalid": choose})


class ShareForm(ComposerForm):
    """What another app shares, and where it becomes a draft."""

    to = ToField(_("Choose a conversation."))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["content"].widget.attrs["rows"] = 4

    def clean_content(self) -> str:
        """As it will stand in the composer."""
        return str(self.cleaned_data["content"])


class ForwardForm(ComposerForm):
    """Where a message is forwarded to, and a comment, which may be empty."""

    to = ToField(_("Choose where to send it."))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["content"].label = _("Comment")
        self.with_placeholder(gettext("Add a comment, if you like"))

    def clean_content(self) -> str:
        """The comment that is sent. A command is refused, as a mistyped one is everywhere."""
        if is_no_text(self.cleaned_data["content"]):
            how = _("A comment cannot be a command. To send this as a text, begin with // or with a space.")
            raise ValidationError(how, code="command")
        return super().clean_content()

    def clean(self) -> dict[str, Any]:
        allow_empty_text(self)
        return super().clean()
