"""The choices of a person's preferences: what counts as unread, and what the tab's title counts."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class NotificationLevel(models.TextChoices):
    """How much of a conversation counts as unread for one of its members."""

    ALL = "all", _("All")
    MENTIONS = "mentions", _("Mentions")
    MUTED = "muted", _("Muted")


class TitleCount(models.TextChoices):
    """What the number in the title of the browser's tab counts."""

    ALL = "all", _("All")
    PERSONAL = "personal", _("Personal")
