from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What a conversation is: between two people, of a few, or a room with a name."""

    DIRECT = "direct", _("Direct")
    GROUP = "group", _("Group")
    ROOM = "room", _("Room")
