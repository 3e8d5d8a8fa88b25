"""The choices of a person's preferences: what counts as unread, in the tab's title, and for mails."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class NotificationLevel(models.TextChoices):
    """How much of a conversation counts as unread for one of its members."""

    EVERY = "every", _("All messages, and notify me of each")
    ALL = "all", _("All messages")
    PERSONAL = "personal", _("Only what is for you: mentions, keywords, replies in threads that you follow")
    MUTED = "muted", _("Nothing (mentions still wait in the inbox)")

    @classmethod
    def counting_all(cls) -> tuple["NotificationLevel", ...]:
        """The levels at which ordinary messages of a room count as unread."""
        return cls.EVERY, cls.ALL


class TitleCounts(models.TextChoices):
    """What the number in the title of the browser's tab counts."""

    ALL = "all", _("All unread messages")
    PERSONAL = "personal", _("Only direct messages, mentions and replies to you")


class PushTexts(models.TextChoices):
    """What the notices on a person's devices contain."""

    TEXT = "text", _("What was written, by whom, and where")
    NAMES = "names", _("Only who wrote, and where")


class Sound(models.TextChoices):
    """The sound of a notice of an open page. `static/js/sounds.js` makes them."""

    NONE = "", _("No sound")
    DROP = "drop", _("Drop")
    BELL = "bell", _("Bell")
    KNOCK = "knock", _("Knock")


class MissedMails(models.TextChoices):
    """What the mails about messages that a person missed contain."""

    TEXT = "text", _("What was written, by whom, and where")
    NAMES = "names", _("Only who wrote, and where")
    OFF = "off", _("No mails")
