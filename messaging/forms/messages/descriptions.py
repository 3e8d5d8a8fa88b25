"""What the pictures of a message show."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _

from messaging.forms.fields import TypedField
from messaging.models.messages.attachment import ALTERNATIVE_LENGTH

if TYPE_CHECKING:
    from messaging.models import Attachment


class DescriptionsForm(forms.Form):
    """A description for each picture of a message, which may be empty."""

    def __init__(self, pictures: "Sequence[Attachment]", data: Any = None) -> None:
        super().__init__(data, auto_id="describe-%s")
        self.pictures = pictures
        for picture in pictures:
            self.fields[self._name(picture)] = TypedField(
                label=_("Description of %(name)s") % {"name": picture.name},
                initial=picture.alternative_text,
                max_length=ALTERNATIVE_LENGTH,
                required=False,
                widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
            )

    @property
    def rows(self) -> "Iterator[tuple[Attachment, forms.BoundField]]":
        for picture in self.pictures:
            yield picture, self[self._name(picture)]

    @property
    def texts(self) -> dict[int, str]:
        """The descriptions that were changed, by the ids of the pictures."""
        names = {picture.pk: self._name(picture) for picture in self.pictures}
        return {pk: self.cleaned_data[name] for pk, name in names.items() if name in self.changed_data}

    def _name(self, picture: "Attachment") -> str:
        return f"alternative-{picture.pk}"
