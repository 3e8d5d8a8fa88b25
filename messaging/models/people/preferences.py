"""What a person is notified about: the choices."""

from django.db import models


class NotificationLevel(models.TextChoices):
    """How much of a conversation counts as unread for one of its members."""

    ALL = "all"
    MENTIONS = "mentions"
    MUTED = "muted"


class TitleCount(models.TextChoices):
    """What the number in the title of the browser's tab counts."""

    ALL = "all"
    PERSONAL = "personal"
