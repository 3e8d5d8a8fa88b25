from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """The kind of a conversation: between two people, a group of a few, or a room with a name."""

    DIRECT = "direct", _("Direct")
    GROUP = "group", _("Group")
    ROOM = "room", _("Room")
