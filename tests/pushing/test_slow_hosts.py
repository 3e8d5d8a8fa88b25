"""Hosts that members name as push services, and that never answer: they delay nobody else's notices."""

from datetime import timedelta
from unittest.mock import patch

import pytest
from django.utils import timezone

from messaging.models import Conversation, PushNotice, PushSetup, PushSubscription, User
from messaging.models.inbox.push_notice import note_new
from messaging.models.messages.saving import post
from messaging.pushing import sending
from messaging.pushing.sending import Sender
from tests.pushing.conftest import push, time_passes
from tests.pushing.service import Browser, PushService, Refusal
from tests.waiting import until

pytestmark = [pytest.mark.django_db, pytest.mark.backends]


def test_hosts_that_never_answer_hold_up_only_others_of_their_kind(
    sender: Sender, service: PushService, ada: User, ben: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "OTHERS_AT_ONCE", 18)
    for number in range(20):
        Browser(ada, f"/hangs{number}").subscribe(service)
        service.refusals[f"/hangs{number}"] = Refusal(201, hangs=True)
    laptop = Browser(ben, "/laptop")
    laptop.subscribe(service)
    url = service.url("/laptop", "fcm.googleapis.com")
    PushSubscription.objects.filter(endpoint=service.url("/laptop")).update(endpoint=url)
    direct = Conversation.objects.direct(ada, ben)
    for number in range(2):
        post(direct, ben, "For nobody")
        post(direct, ada, f"Through {number}")
        claim_all(sender)
        until(lambda number=number: len(laptop.shown(service)) == number + 1)  # type: ignore[misc]
        assert len(sender._others) == 18
    assert PushNotice.objects.filter(last=0).exclude(due_at=None).count() == 2  # they were put off
    service.end.set()
    service.refusals.clear()
    sender.finish()
    for _time in range(2):
        time_passes(sender)
    assert not PushNotice.objects.filter(last=0).exists()


def claim_all(sender: Sender) -> None:
    """Claim and send all that is new, and wait for no other host's answer."""
    while note_new():
        pass
    PushNotice.objects.exclude(due_at=None).update(due_at=timezone.now())
    sender.send_due()


def test_a_browser_whose_answers_are_lost_waits_longer_and_longer(
    sender: Sender, service: PushService, ada: User, ben: User, phone: Browser
) -> None:
    service.refusals["/phone"] = Refusal(hangs_up=True)
    direct = Conversation.objects.direct(ada, ben)
    post(direct, ada, "One")
    push(sender)
    subscription = PushSubscription.objects.get()
    assert subscription.failed_at
    assert subscription.paused_until == subscription.failed_at + sending.FIRST_PAUSE
    post(direct, ada, "Waits")
    push(sender)
    assert len(phone.shown(service)) == 1
    now = timezone.now()
    PushSubscription.objects.update(failed_at=now - timedelta(minutes=9))
    time_passes(sender)
    pause = PushSubscription.objects.values_list("paused_until", flat=True).get()
    assert pause
    assert pause >= now + timedelta(minutes=9)
    assert len(phone.shown(service)) == 2
    time_passes(sender)
    assert len(phone.shown(service)) == 2  # what may have been sent is not sent again
    service.refusals.clear()
    post(direct, ada, "Taken")
    time_passes(sender)
    assert PushSubscription.objects.filter(failed_at=None, paused_until=None).exists()


def test_a_browser_that_takes_nothing_for_two_weeks_is_removed_if_others_do(
    sender: Sender, service: PushService, ada: User, ben: User, phone: Browser
) -> None:
    service.refusals["/phone"] = Refusal(500)
    direct = Conversation.objects.direct(ada, ben)
    post(direct, ada, "Lost")
    push(sender)
    long_ago = timezone.now() - sending.GIVEN_UP_AFTER - timedelta(minutes=1)
    PushSubscription.objects.update(failed_at=long_ago)
    time_passes(sender)
    assert PushSubscription.objects.exists()  # perhaps the site has no way to the internet
    Browser(ada, "/laptop").subscribe(service)
    post(direct, ben, "Taken")
    time_passes(sender)
    time_passes(sender)
    assert [one.user for one in PushSubscription.objects.all()] == [ada]


def test_a_refusal_of_a_members_own_host_is_not_the_sites_matter(
    sender: Sender, service: PushService, ada: User, ben: User, phone: Browser
) -> None:
    service.refusals["/phone"] = Refusal(403, b'{"reason":"CallThisNumber"}')
    direct = Conversation.objects.direct(ada, ben)
    post(direct, ada, "Refused")
    push(sender)
    assert PushSubscription.objects.get().failure == "403 CallThisNumber (127.0.0.1)"
    assert PushSetup.objects.current().failed_at is None
    PushSetup.objects.note_failure("403 BadJwtToken (web.push.apple.com)")
    service.refusals.clear()
    time_passes(sender)
    assert phone.shown(service)
    assert PushSetup.objects.current().failed_at  # nor does its success count


def test_what_waits_for_a_thread_when_the_program_ends_is_not_lost(
    sender: Sender, service: PushService, ada: User, ben: User
) -> None:
    for number in range(6):
        Browser(ben, f"/hangs{number}").subscribe(service)
        service.refusals[f"/hangs{number}"] = Refusal(201, hangs=True)
    post(Conversation.objects.direct(ada, ben), ada, "Words")
    claim_all(sender)
    assert not PushNotice.objects.exclude(due_at=None).exists()
    until(lambda: service.hanging == sending.THREADS_FOR_OTHERS)
    with patch.object(sender, "finish", service.end.set):
        sender.end()
    sender.finish()
    assert PushNotice.objects.filter(last=0).exclude(due_at=None).count() == 2
    time_passes(sender)
    assert len(service.received) == 6
