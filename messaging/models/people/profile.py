"""How a person is seen: a name, and a picture or the letters that stand for it."""

from typing import Any

from django.core.files.base import ContentFile
from django.db import models

from messaging.models.people.avatars import picture_place
from messaging.text import clean_text


class Facing(models.Model):
    """The name and the picture of a `User`."""

    display_name = models.CharField(max_length=80, blank=True)
    avatar = models.FileField(upload_to=picture_place, blank=True, editable=False)

    class Meta:
        abstract = True

    @property
    def name(self: Any) -> str:
        return str(self.display_name or self.username)

    @property
    def initials(self: Any) -> str:
        """One or two letters that stand for the person where there is no picture."""
        words = [word for word in self.name.split() if word[0].isalnum()] or [self.username]
        return (words[0][0] + words[-1][0] if len(words) > 1 else words[0][:2]).upper()

    @property
    def picture_name(self) -> str:
        """The name of the picture's file: another one for every picture."""
        return (self.avatar.name or "").rpartition("/")[2]

    @property
    def hue(self: Any) -> int:
        """Which of the six avatar colours is theirs: by the id, so that a rename keeps it."""
        return (self.pk or 0) % 6

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    def clean(self: Any) -> None:
        super().clean()
        self.display_name = clean_name(self.display_name)

    def show_picture(self: Any, picture: bytes | None) -> None:
        """Set another picture, as `square_picture` makes it; none brings the initials back. To be saved."""
        self.avatar = ContentFile(picture, name="new") if picture else ""


def clean_name(name: str) -> str:
    """A display name as it is stored, or none. Raises ValidationError: too long, or nothing to be seen."""
    return clean_text(name, max_length=80, single_line=True) if name.strip() else ""
