from django.db import models


class Kind(models.TextChoices):
    """What a conversation is: between two people, of a few, or a room with a name."""

    DIRECT = "direct"
    GROUP = "group"
    ROOM = "room"
