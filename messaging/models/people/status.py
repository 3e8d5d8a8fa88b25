"""What a person says of themselves for a while: "At lunch", until two o'clock."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Subquery
from django.utils import timezone

from messaging.models.conversations.membership import Membership
from messaging.models.db.changes import NEXT_VERSION
from messaging.text import clean_text

STATUS_LENGTH = 100


class Saying(models.Model):
    """The status of a `User`. It is over when the clock says so: nobody has to end it."""

    status = models.CharField(max_length=STATUS_LENGTH, blank=True, editable=False)
    status_until = models.DateTimeField(null=True, blank=True, editable=False)  # without an end, if null

    class Meta:
        abstract = True

    @property
    def status_now(self: Any) -> str:
        """What they say at this moment; nothing of somebody who is not active any more."""
        is_over = self.status_until is not None and self.status_until <= timezone.now()
        return self.status if self.is_active and not is_over else ""

    def say(self: Any, status: str, until: datetime | None = None) -> None:
        """Say something of oneself; or, with an empty text, nothing any more.

        Those whom they talk to directly have it in their lists. Their open pages hear of it as they hear of
        a room's new name: by the number of the conversation. No list of messages shows a status, so that
        all others stay as they are.

        Args:
            until: when it is over; never by itself, if None.

        Raises:
            ValidationError: the text is too long, or has nothing that can be seen.
            User.DoesNotExist: they were erased meanwhile.
        """
        from messaging.models.conversations.conversation import Conversation

        status = clean_text(status, max_length=STATUS_LENGTH, single_line=True) if status.strip() else ""
        until = until if status else None
        if (status, until) == (self.status, self.status_until):
            return
        direct = Conversation.objects.filter(kind=Conversation.Kind.DIRECT, memberships__user=self)
        with direct.writing(members_version=NEXT_VERSION):
            self.status, self.status_until = status, until
            self.save(update_fields=["status", "status_until"])


def next_end(reader: Any) -> Subquery:
    """When the first of the statuses ends that the person's list shows: until then what it says holds.

    It hangs on no outer row, so that a query asks it once.
    """
    beside = Membership.objects.filter(
        conversation__kind="direct",
        conversation__memberships__user=reader,
        user__status_until__gt=timezone.now(),
    ).exclude(user=reader)
    return Subquery(beside.order_by("user__status_until").values("user__status_until")[:1])
