"""The choices of a person's preferences: what notifies them and counts as unread, what the tab's title
counts, what mails and push notices contain, and the sound."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class NotificationLevel(models.TextChoices):
    """What of a conversation notifies one of its members, and what counts as unread for them."""

    EVERY = "every", _("Notify of each message")
    ALL = "all", _("Show all as unread")
    PERSONAL = "personal", _("Only what is for you")
    MUTED = "muted", _("Muted")

    @classmethod
    def counting_all(cls) -> tuple["NotificationLevel", ...]:
        """The levels at which ordinary messages of a room count as unread."""
        return cls.EVERY, cls.ALL


class TitleCounts(models.TextChoices):
    """What the number in the title of the browser's tab counts."""

    ALL = "all", _("All unread messages")
    PERSONAL = (
        "personal",
        _("Only direct messages, mentions, keywords, replies, and rooms that notify you of each message"),
    )


class PushTexts(models.TextChoices):
    """What the notices on a person's devices contain."""

    TEXT = "text", _("What was written, by whom, and where")
    NAMES = "names", _("Only who wrote, and where")


class Sound(models.TextChoices):
    """The sound of a notice of an open page. `static/js/desktop-notification.js` makes them."""

    NONE = "", _("No sound")
    DROP = "drop", _("Drop")
    BELL = "bell", _("Bell")
    KNOCK = "knock", _("Knock")


class MissedMails(models.TextChoices):
    """What the mails about messages that a person missed contain."""

    TEXT = "text", _("What was written, by whom, and where")
    NAMES = "names", _("Only who wrote, and where")
    OFF = "off", _("No emails")
