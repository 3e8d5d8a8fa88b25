"""How somebody goes for good, or all that they wrote: a piece at a time, while everybody else can write.

`User.erase()` does it in one transaction, which holds all that it touches for as long as it takes. Here each
piece is a transaction of its own, committed together with what it counted: whoever is interrupted goes on
where they stopped, and the receipt is right all the same.
"""

import time
import uuid
from datetime import timedelta
from typing import Any, ClassVar

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from messaging.models.belongings import what_goes, what_hangs_on, without_zeros
from messaging.models.conversations import Conversation
from messaging.models.erasure import erase_people, where_something_is_of
from messaging.models.moves import NEXT_VERSION, words_erased
from messaging.models.pieces import (
    FEWEST,
    Amounts,
    next_size,
    take_from_account,
    take_from_words,
    written_among_others,
)
from messaging.models.users import User

STALLED_AFTER = timedelta(seconds=30)  # far longer than a piece takes: whoever was at it is gone
RECEIPT_KEPT = timedelta(days=30)


class DepartureQuerySet(models.QuerySet["Departure"]):
    def unfinished(self) -> "DepartureQuerySet":
        return self.filter(done_at=None)

    def stalled(self) -> "DepartureQuerySet":
        """Those that nobody is at any more."""
        return self.unfinished().filter(moved_at__lt=timezone.now() - STALLED_AFTER)

    def past_keeping(self) -> "DepartureQuerySet":
        """The receipts of long ago."""
        return self.filter(done_at__lt=timezone.now() - RECEIPT_KEPT)

    def finish(self) -> int:
        """Do all that is left to do for these. Returns how many they were."""
        departures = list(self)
        for departure in departures:
            while departure.go_on():
                time.sleep(departure.took)  # others have as much of the database as this has
        return len(departures)

    def begin(self, user: User) -> "Departure":
        """Close the person's account, and write down that it is to be erased: from here on it will be.

        They are signed out everywhere and cannot come in again.

        Raises:
            ValidationError: they are the only owner, and others are left.
            User.DoesNotExist: they are gone.
        """
        due = what_goes([user.pk])  # counted before anything is locked
        with user.everywhere():
            user.step_down()
            user.is_active = False
            user.save(update_fields=["is_active"])
            user.sessions.all().delete()
            user.hand_rooms_over(by=user)
            return self._write_down(user, account_goes=True, due=due)

    def begin_with_words(self, user: User) -> "Departure":
        """Write down that what the person wrote in rooms and groups is to be removed. To be called in the
        transaction that decides it."""
        return self._write_down(user, account_goes=False, due=what_hangs_on(written_among_others(user)))

    def _write_down(self, user: User, **told: Any) -> "Departure":
        places = list(where_something_is_of([user.pk]).order_by("pk").values_list("pk", flat=True))
        told |= {"conversations": places, "gone": {}, "moved_at": timezone.now(), "done_at": None}
        return self.update_or_create(user=user, defaults=told)[0]


class Departure(models.Model):
    """What is left to do for somebody who goes; afterwards the receipt, which has numbers and no names."""

    code = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.OneToOneField(User, null=True, on_delete=models.SET_NULL, related_name="departure")
    account_goes = models.BooleanField()  # or else the words alone
    conversations = models.JSONField(default=list)  # ids: in the end their open pages start anew
    due = models.JSONField(default=dict)
    gone = models.JSONField(default=dict)
    moved_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager["Departure"]] = models.Manager.from_queryset(DepartureQuerySet)()

    took = 0.0  # seconds, the last piece
    size = FEWEST  # messages, the next one

    class Meta:
        indexes = [
            # "Does somebody have to go on with one?", asked every quarter of a minute.
            models.Index(fields=["moved_at"], condition=Q(done_at=None), name="departures_under_way"),
        ]

    def __str__(self) -> str:
        return f"departure {self.code}"

    @property
    def is_done(self) -> bool:
        return self.done_at is not None

    @property
    def percent(self) -> int:
        """How much is gone of what there was when it began, from 0 to 100."""
        due, gone = sum(self.due.values()), sum(self.gone.values())
        return 100 if self.is_done else min(99, 100 * gone // (due or 1))

    @property
    def told(self) -> dict[str, int]:
        """What went so far, of what there was any."""
        return without_zeros(self.gone)

    def go_on_for(self, seconds: float) -> bool:
        """Take pieces for about so long. Returns whether something is left."""
        end = time.monotonic() + seconds
        while self.go_on():
            if time.monotonic() > end:
                return True
        return False

    def go_on(self) -> bool:
        """Take one more piece. If two processes are at it, each takes other pieces or counts none.

        Returns:
            Whether something is left.
        """
        began = time.monotonic()
        with transaction.atomic():
            # In here, and with the person: another process may have taken the last piece by now.
            self.refresh_from_db(from_queryset=Departure.objects.select_related("user"))
            if not self.is_done:
                taken = self._piece()
                self._note(self._last_piece() if taken is None else taken, is_last=taken is None)
        self.took = time.monotonic() - began
        self.size = next_size(self.size, self.took)
        return not self.is_done

    def _piece(self) -> Amounts | None:
        if self.user is None:  # erased by somebody else meanwhile
            return None
        take = take_from_account if self.account_goes else take_from_words
        return take(self.user, self.size)

    def _last_piece(self) -> Amounts:
        """What is left by now is little; and open pages, which saw pieces go, are told to start anew."""
        if self.user and self.account_goes:
            rest = what_goes([self.user.pk], also=self.conversations)
            erase_people([self.user.pk], also=self.conversations)
            return rest
        with Conversation.objects.filter(pk__in=self.conversations).writing(reset_version=NEXT_VERSION):
            words_erased.send(None)
            return {}

    def _note(self, taken: Amounts, is_last: bool) -> None:
        """Add up what went. After the conversations' locks: an erasure takes this row last, too."""
        this = Departure.objects.filter(pk=self.pk)
        gone = this.select_for_update(no_key=True).get().gone
        self.gone = {what: gone.get(what, 0) + taken.get(what, 0) for what in {**gone, **taken}}
        self.moved_at = timezone.now()
        self.done_at = self.moved_at if is_last else None
        this.update(gone=self.gone, moved_at=self.moved_at, done_at=self.done_at)
