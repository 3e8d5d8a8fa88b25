"""Notices as a push service of the tests receives them, decrypted by others' code."""

from typing import Any

import pytest

from messaging.models import (
    Conversation,
    Installation,
    Message,
    PushNotice,
    PushSetup,
    PushSubscription,
    User,
)
from messaging.models.inbox.push_claims import claim
from messaging.models.inbox.push_notice import note_new
from messaging.models.messages.saving import post
from messaging.pushing.encryption import MOST_BYTES
from messaging.pushing.sending import Sender
from tests.pushing.conftest import push, send, time_passes
from tests.pushing.service import Browser, PushService, Refusal

pytestmark = [pytest.mark.django_db, pytest.mark.backends]


def only(notices: list[dict[str, Any]]) -> dict[str, Any]:
    (notice,) = notices
    return notice


def test_a_notice_says_who_wrote_what_and_where(
    sender: Sender, service: PushService, ada: User, ben: User, room: Conversation, phone: Browser
) -> None:
    post(room, ada, "Nothing for anybody")
    message = post(room, ada, "The **tide** is early, @ben ||surprise||")
    push(sender)
    notice = only(phone.shown(service))
    assert notice["title"] == "#quay"
    assert notice["body"].startswith("Ada: The tide is early, @ben")
    assert "surprise" not in notice["body"]
    assert notice["url"] == f"/messages/{message.pk}/"
    assert notice["viewer"] == ben.pk
    assert notice["reply"] == f"/conversations/{room.pk}/send/"
    headers = service.received[0].headers
    assert headers["Content-Encoding"] == "aes128gcm"
    assert headers["TTL"] == "86400"
    assert len(headers["Topic"]) == 32


def test_the_next_notice_replaces_the_first_and_counts(
    sender: Sender, service: PushService, ada: User, ben: User, phone: Browser
) -> None:
    direct = Conversation.objects.direct(ada, ben)
    post(direct, ada, "One")
    push(sender)
    post(direct, ada, "Two")
    root = post(direct, ada, "Three")
    push(sender)
    push(sender)
    first, second = phone.shown(service)
    assert (first["title"], first["body"]) == ("Ada", "One")
    assert (second["title"], second["body"], second["badge"]) == ("Ada (3)", "Three", 3)
    assert first["conversation"] == second["conversation"]
    topics = {one.headers["Topic"] for one in service.received}
    assert len(topics) == 1
    Message.unread_messages.mark_as_read_for_user(ben)
    reply = post(direct, ada, "Below", parent=root)
    push(sender)
    last = phone.shown(service)[-1]
    assert (last["title"], last["reply"]) == ("Ada", f"/messages/{reply.pk}/reply/")


def test_the_site_and_the_person_can_hide_the_words(
    sender: Sender, service: PushService, ada: User, ben: User, phone: Browser
) -> None:
    Installation.objects.row().update(push_texts=False)
    direct = Conversation.objects.direct(ada, ben)
    post(direct, ada, "A secret")
    push(sender)
    post(direct, ada, "Another secret")
    push(sender)
    assert [notice["body"] for notice in phone.shown(service)] == ["New message from Ada", "2 new messages"]


def test_the_longest_message_fits(
    sender: Sender, service: PushService, ada: User, ben: User, room: Conversation, phone: Browser
) -> None:
    User.objects.filter(pk=ada.pk).update(display_name="\U0001f9d1" * 80)
    post(room, User.objects.get(pk=ada.pk), "@ben " + "\U0001f9d1" * 9000)
    push(sender)
    notice = only(phone.shown(service))
    assert notice["body"].count("\U0001f9d1") > 300
    assert len(phone.decrypted(service.received[0].body)) < MOST_BYTES


def test_what_was_there_before_a_subscription_is_not_pushed(
    sender: Sender, service: PushService, ada: User, ben: User
) -> None:
    direct = Conversation.objects.direct(ada, ben)
    post(direct, ada, "Long ago")
    phone, laptop = Browser(ben, "/phone"), Browser(ben, "/laptop")
    phone.subscribe(service)
    push(sender)
    assert phone.shown(service) == []
    post(direct, ada, "Now")
    laptop.subscribe(service)
    push(sender)
    time_passes(sender)
    assert only(phone.shown(service))["body"] == "Now"
    assert laptop.shown(service) == []


def test_two_processes_push_a_notice_once(ada: User, ben: User, phone: Browser) -> None:
    post(Conversation.objects.direct(ada, ben), ada, "Once")
    note_new()
    note_new()
    waiting = PushNotice.objects.get()
    PushNotice.objects.update(due_at=waiting.due_at and waiting.due_at.replace(year=2020))
    assert len(claim()[0]) == 1
    assert claim() == ([], 0)


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize("status", [404, 410])
def test_a_subscription_that_is_gone_is_forgotten(
    sender: Sender, service: PushService, ada: User, ben: User, phone: Browser, status: int
) -> None:
    service.refusals["/phone"] = Refusal(status)
    post(Conversation.objects.direct(ada, ben), ada, "To nowhere")
    push(sender)
    assert not PushSubscription.objects.exists()
    assert PushSetup.objects.current().failed_at is None


@pytest.mark.usefixtures("known")
def test_a_refusal_of_this_site_is_shown_to_administrators_and_tried_again(
    sender: Sender, service: PushService, ada: User, ben: User, phone: Browser
) -> None:
    service.refusals["/phone"] = Refusal(403, b'{"reason":"BadJwtToken"}')
    post(Conversation.objects.direct(ada, ben), ada, "Later")
    push(sender)
    assert PushSetup.objects.current().failure == "403 BadJwtToken (127.0.0.1)"
    assert PushSubscription.objects.get().failure == "403 BadJwtToken (127.0.0.1)"
    service.refusals.clear()
    push(sender)
    assert phone.shown(service) == []  # it is not yet time
    time_passes(sender)
    assert only(phone.shown(service))["body"] == "Later"
    assert PushSetup.objects.current().failed_at is None
    assert PushSubscription.objects.get().failed_at is None


@pytest.mark.parametrize(("status", "after", "seconds"), [(429, "120", 120), (503, "", 30), (500, "x", 30)])
def test_not_now_is_tried_later(
    sender: Sender,
    service: PushService,
    ada: User,
    ben: User,
    phone: Browser,
    status: int,
    after: str,
    seconds: int,
) -> None:
    service.refusals["/phone"] = Refusal(status, retry_after=after)
    direct = Conversation.objects.direct(ada, ben)
    post(direct, ada, "First")
    push(sender)
    subscription, notice = PushSubscription.objects.get(), PushNotice.objects.get()
    assert subscription.paused_until
    assert subscription.failed_at
    pause = (subscription.paused_until - subscription.failed_at).total_seconds()
    assert seconds - 5 < pause <= seconds + 5
    assert notice.due_at == subscription.paused_until
    assert PushSetup.objects.current().failed_at is None
    post(direct, ada, "Second")  # it does not end the pause
    push(sender)
    service.refusals.clear()
    assert PushNotice.objects.get().tries == 1
    time_passes(sender)
    assert only(phone.shown(service))["body"] == "Second"
    assert PushNotice.objects.get().tries == 0


def test_a_service_that_cannot_be_reached_got_nothing(
    sender: Sender, service: PushService, ada: User, ben: User, phone: Browser
) -> None:
    endpoint = PushSubscription.objects.get().endpoint
    PushSubscription.objects.update(endpoint=endpoint.replace(str(service.port), "1"))
    service.ports |= {1}
    post(Conversation.objects.direct(ada, ben), ada, "Later")
    push(sender)
    PushSubscription.objects.update(endpoint=endpoint)
    time_passes(sender)
    assert only(phone.shown(service))["body"] == "Later"


@pytest.mark.parametrize(
    "address", ["http://169.254.169.254/latest/", "http://[::1]:8000/", "ftp://a.example/"]
)
def test_an_endpoint_inside_the_network_is_never_reached(
    sender: Sender, service: PushService, ada: User, ben: User, phone: Browser, address: str
) -> None:
    service.ports |= {80, 8000}
    PushSubscription.objects.update(endpoint=address)
    post(Conversation.objects.direct(ada, ben), ada, "Inside")
    push(sender)
    assert service.connections == 0
    assert "no answer: " in PushSubscription.objects.get().failure


def test_without_a_contact_nothing_is_claimed(
    sender: Sender, service: PushService, ada: User, ben: User, phone: Browser
) -> None:
    User.objects.update(email="")
    post(Conversation.objects.direct(ada, ben), ada, "Waits")
    push(sender)
    assert service.connections == 0
    User.objects.filter(pk=ada.pk).update(email="ada@example.org")
    send(sender)
    assert only(phone.shown(service))["body"] == "Waits"


def test_deleted_people_leave_nothing(
    sender: Sender, service: PushService, ada: User, ben: User, phone: Browser
) -> None:
    post(Conversation.objects.direct(ada, ben), ada, "Words")
    push(sender)
    ben.delete()
    assert not PushSubscription.objects.exists()
    assert not PushNotice.objects.exists()
