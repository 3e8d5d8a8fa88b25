"""Emoji that administrators added to the site: pictures with names.

Nothing of one ever changes but whether it is in use, so HTML that shows it stays right for ever.
"""

import uuid
from collections.abc import Collection
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from messaging.models.db.batches import CHUNK
from messaging.models.db.registry import PersonPart, register_person_part
from messaging.text.emoji import LONGEST_NAME, pictures_in, unknown_names

FOLDER = "emoji"  # of the storage


def emoji_path(emoji: models.Model, name: str) -> str:
    """Where a picture is stored: a random name, so that browsers may keep it for ever."""
    return f"{FOLDER}/{uuid.uuid4().hex}.webp"


class CustomEmojiQuerySet(models.QuerySet["CustomEmoji"]):
    def in_use(self) -> "CustomEmojiQuerySet":
        """Those that can be chosen and typed."""
        return self.filter(retired_at=None)

    def pictures(self, names: Collection[str] | None = None) -> dict[str, str]:
        """The pictures of those in use: each of their names -> the file name.

        Args:
            names: the only ones that are needed; all of them without it.
        """
        rows = EmojiName.objects.filter(emoji__in=self.in_use())
        if names is not None and len(names) <= CHUNK:
            rows = rows.filter(name__in=names)
        return {name: file_name(picture) for name, picture in rows.values_list("name", "emoji__picture")}

    def pictures_for(self, text: str, shown_before: str = "") -> dict[str, str]:
        """The pictures of the custom emoji that a text names. No query without such a name.

        Args:
            shown_before: the HTML of the text before it was changed. What it shows is shown again, also if it
                is retired.
        """
        names = unknown_names(text)
        return {**self.pictures(names), **pictures_in(shown_before)} if names else {}


class CustomEmoji(models.Model):
    """One custom emoji. A retired one can no longer be chosen or typed; old messages still show it."""

    name = models.CharField(max_length=LONGEST_NAME, unique=True)
    picture = models.FileField(upload_to=emoji_path, unique=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    added_at = models.DateTimeField(default=timezone.now)
    retired_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager["CustomEmoji"]] = models.Manager.from_queryset(CustomEmojiQuerySet)()

    class Meta:
        verbose_name_plural = _("custom emoji")

    def __str__(self) -> str:
        return self.typed

    @property
    def typed(self) -> str:
        """The name between colons. This is also how reactions store it."""
        return f":{self.name}:"

    @property
    def picture_name(self) -> str:
        """The file name of the picture, as in its address."""
        return file_name(self.picture.name)

    @property
    def all_names(self) -> list[str]:
        """Its name, and the other names by which it can be typed. Prefetch `names` for several emoji."""
        return [self.name, *sorted({row.name for row in self.names.all()} - {self.name})]


class EmojiName(models.Model):
    """A name by which a custom emoji can be typed, its own or another. No second emoji ever gets it."""

    name = models.CharField(max_length=LONGEST_NAME, primary_key=True)
    emoji = models.ForeignKey(CustomEmoji, on_delete=models.CASCADE, related_name="names")

    def __str__(self) -> str:
        return self.name


def file_name(path: str | None) -> str:
    return (path or "").rpartition("/")[2]


def _added(user: models.Model) -> list[dict[str, str]]:
    rows = CustomEmoji.objects.filter(added_by=user.pk).order_by("pk").values_list("name", "added_at")
    return [{"name": name, "at": at.isoformat()} for name, at in rows]


# What a person added stays when their account is deleted, without their name.
register_person_part(PersonPart(CustomEmoji, "added_by", exported_as="custom_emoji", export=_added))
