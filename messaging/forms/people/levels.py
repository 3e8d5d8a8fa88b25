"""The choice of a notification level."""

from django.utils.translation import gettext as _

from messaging.models.people.preferences import NotificationLevel


def level_choices() -> list[tuple[str, str]]:
    """The levels with their names, and what each means."""
    meanings = {
        NotificationLevel.EVERY: _("each is like a mention of you"),
        NotificationLevel.ALL: _("what is for you notifies you too"),
        NotificationLevel.PERSONAL: _("mentions, keywords, replies in threads that you follow"),
        NotificationLevel.MUTED: _("mentions still wait in the inbox"),
    }
    return [
        (level.value, _("%(level)s: %(meaning)s") % {"level": level.label, "meaning": meanings[level]})
        for level in NotificationLevel
    ]
