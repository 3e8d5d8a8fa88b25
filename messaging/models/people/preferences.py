"""What a person is told of, and how."""

from django.db import models

from messaging.models.conversations.membership import Membership


class Preferring(models.Model):
    """What a `User` prefers, wherever they are. How loud one conversation is, `Membership.level` says."""

    class Titled(models.TextChoices):
        """What the number in the tab's title counts."""

        ALL = "all"
        PERSONAL = "personal"

    joining_level = models.CharField(max_length=8, choices=Membership.Level, default=Membership.Level.ALL)
    titled = models.CharField(max_length=8, choices=Titled, default=Titled.ALL)

    class Meta:
        abstract = True
