from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from messaging.models.people.avatar_decoder import FORMATS
from messaging.models.people.avatars import square_avatar, square_emoji


class PictureField(forms.FileField):
    """An uploaded picture, cleaned to the bytes of a small square; None if there is no new one."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            label=_("Picture"),
            required=False,
            help_text=_("JPEG, PNG, WebP or GIF. It is cropped to a square."),
            widget=forms.FileInput(attrs={"accept": ",".join(f"image/{kind.lower()}" for kind in FORMATS)}),
            **options,
        )

    def clean(self, data: Any, initial: Any = None) -> bytes | None:
        file = super().clean(data)
        return square_avatar(file, file.size or 0) if file else None


class EmojiPictureField(PictureField):
    """An uploaded picture of a custom emoji."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.required = True
        self.help_text = _(
            "JPEG, PNG, WebP or GIF; a square works best. Of an animation, only the first picture is used."
        )

    def clean(self, data: Any, initial: Any = None) -> bytes | None:
        file = forms.FileField.clean(self, data)
        return square_emoji(file, file.size or 0) if file else None


class RemovePictureField(forms.BooleanField):
    def __init__(self, **options: Any) -> None:
        super().__init__(label=_("Remove the picture"), required=False, **options)
