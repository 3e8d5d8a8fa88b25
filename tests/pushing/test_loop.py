"""The thread that pushes, as `serve` runs it, and who counts as looking at a page."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from messaging.live.looking import VALID, note
from messaging.models import Conversation, PushSubscription, User
from messaging.models.db.batches import CHUNK
from messaging.models.inbox.push_notice import note_new
from messaging.models.messages.saving import post
from messaging.pushing.loop import pushing
from messaging.pushing.sending import Sender
from tests.pushing.conftest import time_passes
from tests.pushing.service import Browser, PushService
from tests.waiting import until


@pytest.mark.django_db(transaction=True)
@pytest.mark.backends
def test_what_is_sent_is_pushed_and_what_waited_before_the_start_too(
    service: PushService, ada: User, ben: User, phone: Browser
) -> None:
    direct = Conversation.objects.direct(ada, ben)
    post(direct, ada, "While nothing ran")
    with pushing():
        until(lambda: len(phone.shown(service)) == 1)
        post(direct, ada, "Now")
        until(lambda: len(phone.shown(service)) == 2)
    assert [notice["body"] for notice in phone.shown(service)] == ["While nothing ran", "Now"]


@pytest.mark.django_db
@pytest.mark.backends
def test_after_a_restore_nothing_that_was_there_is_pushed(
    service: PushService, sender: Sender, ada: User, ben: User, phone: Browser
) -> None:
    """It may have been pushed between the backup and the restore."""
    direct = Conversation.objects.direct(ada, ben)
    post(direct, ada, "Found before the backup")
    note_new()
    post(direct, ada, "Not looked for yet")
    call_command("after_restore", stdout=StringIO())
    time_passes(sender)
    assert phone.shown(service) == []
    post(direct, ada, "After it")
    time_passes(sender)
    assert [notice["body"] for notice in phone.shown(service)] == ["After it"]


@pytest.mark.django_db(transaction=True)
def test_people_who_look_at_a_page_are_noted_for_a_while_and_not_written_again_at_once(
    service: PushService, ada: User, ben: User, phone: Browser
) -> None:
    note({ada.pk})
    assert PushSubscription.objects.get().present_until is None
    note({ada.pk, ben.pk})
    until_first = PushSubscription.objects.get().present_until
    assert until_first
    assert timezone.now() < until_first < timezone.now() + VALID + timedelta(seconds=1)
    note({ben.pk})
    assert PushSubscription.objects.get().present_until == until_first


@pytest.mark.django_db(transaction=True)
def test_only_subscriptions_of_people_who_look_at_a_page_are_read(
    service: PushService, ben: User, phone: Browser
) -> None:
    everybody = {*range(10_000, 10_000 + CHUNK), ben.pk}
    with CaptureQueriesContext(connection) as queries:
        note(everybody)
    reads = [query["sql"] for query in queries if query["sql"].startswith("SELECT")]
    assert len(reads) == 2
    assert all('"user_id" IN (' in sql for sql in reads)
    assert PushSubscription.objects.get().present_until
