"""Push services that refuse, ask to wait, hang up, or cannot be reached."""

import pytest

from messaging.models import Conversation, PushNotice, PushSetup, PushSubscription, User
from messaging.models.inbox.push_notice import MOST_TRIES
from messaging.models.messages.saving import post
from messaging.pushing.sending import Sender
from tests.pushing.conftest import push, time_passes
from tests.pushing.service import Browser, PushService, Refusal
from tests.pushing.test_pushes import only

pytestmark = [pytest.mark.django_db, pytest.mark.backends]


@pytest.mark.parametrize("status", [404, 410])
def test_a_subscription_that_is_gone_is_forgotten(
    sender: Sender, service: PushService, ada: User, ben: User, phone: Browser, status: int
) -> None:
    service.refusals["/phone"] = Refusal(status)
    post(Conversation.objects.direct(ada, ben), ada, "To nowhere")
    push(sender)
    assert not PushSubscription.objects.exists()
    assert PushSetup.objects.current().failed_at is None


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


def test_what_is_never_taken_is_given_up(
    sender: Sender, service: PushService, ada: User, ben: User, phone: Browser
) -> None:
    service.refusals["/phone"] = Refusal(500)
    post(Conversation.objects.direct(ada, ben), ada, "Never")
    for _attempt in range(MOST_TRIES + 2):
        time_passes(sender)
    assert PushNotice.objects.get().due_at is None
    assert PushNotice.objects.get().tries == 0


def test_a_lost_answer_is_not_pushed_twice(
    sender: Sender, service: PushService, ada: User, ben: User, phone: Browser
) -> None:
    service.refusals["/phone"] = Refusal(hangs_up=True)
    post(Conversation.objects.direct(ada, ben), ada, "Once")
    push(sender)
    service.refusals.clear()
    time_passes(sender)
    assert only(phone.shown(service))["body"] == "Once"


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
    assert "no answer" in PushSubscription.objects.get().failure
