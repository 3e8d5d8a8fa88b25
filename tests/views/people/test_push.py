"""Push notifications in the settings: subscribing, a test, removal, and what the service worker asks."""

import json
from unittest.mock import patch

import pytest
from django.test import Client
from pytest_django import Settings

from messaging.models import Conversation, Message, PushSetup, PushSubscription, User
from messaging.models.messages.saving import post
from tests.pushing.conftest import ada as ada
from tests.pushing.conftest import ben as ben
from tests.pushing.conftest import known as known
from tests.pushing.conftest import service as service
from tests.pushing.service import Browser, PushService, Refusal, decoded
from tests.views.page import FRAGMENT

pytestmark = pytest.mark.django_db
SETTINGS = "/account/notifications/"
FIREFOX = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}


@pytest.fixture
def phone(ben: User) -> Browser:
    return Browser(ben, "/phone")


@pytest.fixture
def signed_in(client: Client, ada: User, ben: User) -> Client:
    client.force_login(ben)
    return client


def fields(browser: Browser, service: PushService, **more: str) -> dict[str, str]:
    return dict(zip(("endpoint", "public_key", "secret"), browser.keys(service), strict=True)) | more


def subscribe(client: Client, browser: Browser, service: PushService) -> PushSubscription:
    answer = client.post("/push/subscribe/", fields(browser, service), headers={**FRAGMENT, **FIREFOX})
    assert answer.status_code == 200
    return PushSubscription.objects.get(endpoint=service.url(browser.path))


def test_a_browser_subscribes_and_is_listed(
    signed_in: Client, service: PushService, phone: Browser, ben: User
) -> None:
    subscription = subscribe(signed_in, phone, service)
    subscribe(signed_in, phone, service)  # the same once more
    assert (subscription.user, subscription.device) == (ben, "Firefox on Linux")
    page = signed_in.get(SETTINGS).content.decode()
    assert page.count("Firefox on Linux</b>") == 1
    assert "this browser" in page
    assert len(decoded(page.partition('data-key="')[2].partition('"')[0])) == 65


def test_a_subscription_goes_with_its_session(
    signed_in: Client, service: PushService, phone: Browser
) -> None:
    subscribe(signed_in, phone, service)
    signed_in.post("/account/logout/")
    assert not PushSubscription.objects.exists()


def test_a_browser_that_another_person_uses_is_theirs(
    signed_in: Client, service: PushService, phone: Browser, ada: User
) -> None:
    subscribe(signed_in, phone, service)
    other = Client()
    other.force_login(ada)
    assert subscribe(other, phone, service).user == ada


def test_what_was_removed_elsewhere_does_not_come_back(
    signed_in: Client, service: PushService, phone: Browser
) -> None:
    subscription = subscribe(signed_in, phone, service)
    known = fields(phone, service, known=service.url("/phone"))
    assert signed_in.post("/push/subscribe/", known, headers=FRAGMENT).status_code == 200
    signed_in.post(f"/push/{subscription.pk}/remove/")
    assert signed_in.post("/push/subscribe/", known, headers=FRAGMENT).status_code == 404
    assert not PushSubscription.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"endpoint": "https://push.example.org/1"},  # another scheme than the network's
        {"endpoint": "http://10.0.0.1:22/"},
        {"endpoint": "x" * 3000},
        {"public_key": "AAAA"},
        {"secret": ""},
        {"secret": "!" * 400 + "MDEyMzQ1Njc4OWFiY2RlZg"},
        {"secret": "MDEyMzQ1Njc4OWFiY2RlZg\0"},
    ],
)
def test_what_cannot_be_pushed_to_is_refused(
    signed_in: Client, service: PushService, phone: Browser, wrong: dict[str, str]
) -> None:
    answer = signed_in.post("/push/subscribe/", fields(phone, service) | wrong, headers=FRAGMENT)
    assert answer.status_code == 422
    assert not PushSubscription.objects.exists()


def test_in_an_installation_only_https_is_accepted(signed_in: Client, phone: Browser, ada: User) -> None:
    for address, status in [("http://push.example.org/1", 422), ("https://push.example.org/1", 200)]:
        keys = fields(phone, PushService()) | {"endpoint": address}
        assert signed_in.post("/push/subscribe/", keys, headers=FRAGMENT).status_code == status


def test_a_test_notice_arrives(signed_in: Client, service: PushService, phone: Browser, ben: User) -> None:
    subscription = subscribe(signed_in, phone, service)
    page = signed_in.post(f"/push/{subscription.pk}/test/", follow=True).content.decode()
    assert "accepted the test" in page
    (notice,) = phone.shown(service)
    assert (notice["title"], notice["viewer"]) == ("Harbour", ben.pk)


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize(
    ("refusal", "said"),
    [
        (Refusal(403, b'{"reason":"BadJwtToken"}'), "refuses this site: 403 BadJwtToken"),
        (Refusal(410), "no longer accepts notifications and was removed"),
        (Refusal(503), "is busy: 503"),
        (Refusal(hangs_up=True), "could not be sent: no answer: "),
    ],
)
def test_a_test_says_what_failed(
    signed_in: Client, service: PushService, phone: Browser, ada: User, refusal: Refusal, said: str
) -> None:
    subscription = subscribe(signed_in, phone, service)
    service.refusals["/phone"] = refusal
    page = signed_in.post(f"/push/{subscription.pk}/test/", follow=True).content.decode()
    assert said in page
    assert PushSubscription.objects.exists() == (refusal.status != 410)
    signed_in.force_login(ada)
    assert ("403 BadJwtToken" in signed_in.get("/site/").content.decode()) == (refusal.status == 403)


def test_the_host_of_a_member_cannot_say_that_push_services_refuse_the_site(
    signed_in: Client, service: PushService, phone: Browser
) -> None:
    subscription = subscribe(signed_in, phone, service)
    service.refusals["/phone"] = Refusal(403, b'{"reason":"CallThisNumber"}')
    page = signed_in.post(f"/push/{subscription.pk}/test/", follow=True).content.decode()
    assert "403 CallThisNumber" in page
    assert PushSetup.objects.current().failed_at is None


def test_others_browsers_cannot_be_removed_or_tested(
    signed_in: Client, service: PushService, phone: Browser, ada: User
) -> None:
    subscription = subscribe(signed_in, phone, service)
    other = Client()
    other.force_login(ada)
    assert other.post(f"/push/{subscription.pk}/test/").status_code == 404
    other.post(f"/push/{subscription.pk}/remove/")
    assert PushSubscription.objects.exists()


def test_tests_are_limited(
    signed_in: Client, service: PushService, phone: Browser, settings: Settings
) -> None:
    subscription = subscribe(signed_in, phone, service)
    with patch.dict(settings.LIMITS, {"push": (0, 1)}):
        answer = signed_in.post(f"/push/{subscription.pk}/test/")
    assert answer.status_code == 429
    assert answer["Retry-After"]


def test_the_service_worker_learns_what_is_still_unread(signed_in: Client, ada: User, ben: User) -> None:
    direct, notes = Conversation.objects.direct(ada, ben), Conversation.objects.direct(ben, ben)
    post(direct, ada, "One")
    asked = {"conversations": f"{direct.pk} {notes.pk} x 99999"}
    said = json.loads(signed_in.get("/push/unread/", asked).content)
    assert said == {"viewer": ben.pk, "unread": [direct.pk], "badge": 1}
    Message.unread_messages.mark_as_read_for_user(ben)
    assert json.loads(signed_in.get("/push/unread/", asked).content)["unread"] == []


def test_without_a_contact_push_is_off_and_says_why(
    signed_in: Client, service: PushService, phone: Browser, ada: User, settings: Settings
) -> None:
    User.objects.update(email="me@localhost")
    assert "Your administrators can do that" in signed_in.get(SETTINGS).content.decode()
    assert signed_in.post("/push/subscribe/", fields(phone, service), headers=FRAGMENT).status_code == 422
    signed_in.force_login(ada)
    assert "require a contact address" in signed_in.get(SETTINGS).content.decode()
    assert "set PARLEY_PUSH_CONTACT" in signed_in.get("/site/").content.decode()
    settings.PUSH_CONTACT = "ops@example.org"
    assert "PARLEY_PUSH_CONTACT is not a mailto:" in signed_in.get("/site/").content.decode()


def test_a_failure_of_the_site_is_gone_with_the_next_success(signed_in: Client, ada: User) -> None:
    PushSetup.objects.note_failure("401 (push.example.org)")
    signed_in.force_login(ada)
    assert "401 (push.example.org)" in signed_in.get("/site/").content.decode()
    PushSetup.objects.note_success()
    assert "401 (push.example.org)" not in signed_in.get("/site/").content.decode()
