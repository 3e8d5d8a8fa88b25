"""Changing when a person wants to hear nothing."""

from datetime import datetime

from messaging.models.inbox.missed_mail import mail_at_once
from messaging.models.people.user import User


def pause(user: User, until: datetime | None) -> None:
    """Pause the person's notifications, or with None end the pause: what waits is mailed now."""
    user.paused_until = until
    User.objects.filter(pk=user.pk).update(paused_until=until)
    User.objects.filter(pk=user.pk).raise_version()
    mail_at_once(user)
