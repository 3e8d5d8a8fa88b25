"""Who looks at a page, for push notifications: another process may send them, so it is in the database."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Final

from django.db import close_old_connections, transaction
from django.utils import timezone

from messaging.models import PushSubscription
from messaging.models.db.batches import in_chunks

NOTED_EVERY: Final = 5.0  # seconds
VALID: Final = timedelta(seconds=25)  # how long somebody counts as present after they left
RENEWED: Final = timedelta(seconds=12)  # before it runs out

# A thread of its own: writing may wait for other writers, and the streams must not.
_thread = ThreadPoolExecutor(1, thread_name_prefix="looking")


async def note_present(people: set[int]) -> None:
    """Note that these people look at a page. Nothing is written about people without subscriptions."""
    if people:
        await asyncio.get_running_loop().run_in_executor(_thread, note, people)


def note(people: set[int]) -> None:
    close_old_connections()
    try:
        now = timezone.now()
        rows = PushSubscription.objects.not_present_until(now + RENEWED)
        for some in in_chunks(list(people)):
            if found := list(rows.filter(user__in=some).values_list("pk", flat=True)):
                with transaction.atomic():
                    PushSubscription.objects.filter(pk__in=found).update(present_until=now + VALID)
    finally:
        close_old_connections()
