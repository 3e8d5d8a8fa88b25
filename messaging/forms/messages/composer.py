"""What is typed into a conversation. No other fields of a request are used."""

import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from messaging.forms.fields import LineField, TypedField
from messaging.models.db.numbers import LARGEST_ID
from messaging.models.messages.removal import REASON_LENGTH
from messaging.text import MAX_LENGTH, clean_text
from messaging.text.commands import text_of

if TYPE_CHECKING:
    from messaging.models import Attachment, Draft
    from messaging.models.messages.group_mentions import Question


class AsksFirst(forms.Form):
    """A text that may have to be confirmed before it is sent (`group_mentions.question`)."""

    group_question: "Question | None" = None


class TextField(TypedField):
    """A message's text, cleaned as the model will clean it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(strip=False, **options)

    def to_python(self, value: Any) -> str:
        return clean_text(value or "")


class RevisionField(forms.IntegerField):
    """The number of earlier texts when the edit form was opened.

    An invalid value becomes -1, which no message has, so that the edit is a conflict.
    """

    def clean(self, value: Any) -> int:
        try:
            return super().clean(value)
        except ValidationError:
            return -1


class DraftField(forms.IntegerField):
    """The version of the draft that is sent; 0 if it may be being saved. Anything else is None."""

    def __init__(self) -> None:
        hidden = forms.HiddenInput(attrs={"autocomplete": "off"})
        super().__init__(required=False, min_value=0, max_value=LARGEST_ID, widget=hidden)

    def clean(self, value: Any) -> int | None:
        try:
            return super().clean(value)
        except ValidationError:
            return None


class ComposerForm(AsksFirst):
    """A new message: a text, files, or both.

    `client_id` is fresh in every form, so that sending one twice sends it once.

    Attributes:
        file_ids: the ids of the message's files, in order.
        kept: the files that the form lists when it is shown again, because it was refused.
        refusal: why the command that was typed is not done (views/messages/commands.py).
    """

    refusal: ValidationError | None = None

    use_required_attribute = False  # there may be files alone
    content = TextField(
        label=_("Message"),
        widget=forms.Textarea(
            attrs={"rows": 2, "placeholder": _("Write a message"), "data-limit": MAX_LENGTH}
        ),
        error_messages={"required": _("Write something first.")},
    )
    client_id = forms.UUIDField(
        required=False, initial=uuid.uuid4, widget=forms.HiddenInput(attrs={"autocomplete": "off"})
    )
    draft = DraftField()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.file_ids: list[int] = []
        self.kept: list[Attachment] = []

    def clean_content(self) -> str:
        """The text that is sent; the field still shows what was typed."""
        if self.refusal:
            raise self.refusal
        return text_of(self.cleaned_data["content"])

    @property
    def typed_id(self) -> uuid.UUID | None:
        """The `client_id` that was sent with the form, if it is one."""
        try:
            return uuid.UUID(str(self.data.get("client_id", "")))
        except ValueError:
            return None

    def with_placeholder(self, text: str) -> "ComposerForm":
        """The same form; its empty field says what to write there."""
        self.fields["content"].widget.attrs["placeholder"] = text
        return self

    def with_text(self, text: str) -> "ComposerForm":
        """The same form with a text to go on from, below the draft, if there is one.

        The page's script adds it to what was typed in this tab.
        """
        typed = self.initial.get("content", "").rstrip()
        self.initial["content"] = f"{typed}\n\n{text}" if typed else text
        self.fields["content"].widget.attrs["data-adds-to-draft"] = text
        return self

    def with_draft(self, draft: "Draft | None") -> "ComposerForm":
        """The same form with the person's own draft. Only they may be shown it."""
        if draft:
            self.initial["content"], self.initial["draft"] = draft.text, draft.version
            self.fields["content"].widget.attrs["data-draft"] = f"{draft.version} {draft.token}"
        return self

    def with_required_id(self, required: bool) -> "ComposerForm":
        """The same form. If `required`, it needs a `client_id`: scripts send again what got no answer."""
        self.fields["client_id"].required = required
        return self

    def clean(self) -> dict[str, Any]:
        """An invalid or missing `client_id` is not the person's mistake: the form gets a new one to send."""
        if self.errors.pop("client_id", None):
            self.add_error(None, _("Something was wrong with this page, so nothing was sent. Send it again."))
            self.with_fresh_id()
        return self.cleaned_data

    def with_files(self, uploaded: Sequence[int], kept: "Sequence[Attachment]") -> "ComposerForm":
        """The same form with files. Beside them the text may be empty.

        Args:
            uploaded: the ids of files that the form names, which may have been sent already.
            kept: those that are not sent yet, and those that came with the form.
        """
        self.kept = list(kept)
        self.file_ids = [*uploaded, *(file.pk for file in kept if file.pk not in uploaded)]
        if self.file_ids:
            allow_empty_text(self)
        return self

    def with_fresh_id(self) -> "ComposerForm":
        """The same form with what was typed, to be sent under another id."""
        self.data = {**self.data.dict(), "client_id": str(uuid.uuid4())}  # type: ignore[attr-defined]
        return self


def allow_empty_text(form: forms.Form) -> None:
    """Take an empty text, as beside files."""
    if form.has_error("content", "empty"):
        del form.errors["content"]
        form.cleaned_data["content"] = ""


class RemovalForm(forms.Form):
    """A moderator's removal of what somebody else wrote."""

    reason = LineField(
        label=_("Reason"),
        max_length=REASON_LENGTH,
        help_text=_("Shown to everyone in place of the message."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class EditForm(AsksFirst):
    """An edit. `revision` is how many earlier texts there were when the form was opened."""

    content = TextField(
        label=_("Message"), widget=forms.Textarea(attrs={"rows": 3, "data-limit": MAX_LENGTH})
    )
    revision = RevisionField(
        min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput(attrs={"autocomplete": "off"})
    )

    def beside_files(self, has_files: bool) -> "EditForm":
        """The same form. The text of a message with files may be empty."""
        self.use_required_attribute = not has_files
        if has_files and self.is_bound:
            allow_empty_text(self)
        return self
