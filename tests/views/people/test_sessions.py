"""The list of one's sessions, and ending them."""

import pytest
from django.test import Client
from django.urls import reverse

from messaging.models import Installation, Session, User
from messaging.models.people.user_agents import device_of
from tests.factories import UserFactory
from tests.views.page import Page

pytestmark = pytest.mark.django_db
LIST = reverse("session_list")
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
CHROME = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36"
EDGE = (
    "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140"
)
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) AppleWebKit/605.1 (KHTML, like Gecko) Version/18 Safari/604.1"
)


def signed_in(person: User, user_agent: str) -> Client:
    client = Client(headers={"User-Agent": user_agent})
    if not person.password:
        person.set_password("three grey seals")
        person.save()
    client.post(reverse("account_login"), {"login": person.username, "password": "three grey seals"})
    return client


@pytest.fixture
def mia() -> User:
    return UserFactory.create(username="mia")


@pytest.mark.parametrize(
    ("user_agent", "device"),
    [
        (FIREFOX, "Firefox on Linux"),
        (CHROME, "Chrome on Android"),
        (EDGE, "Edge on Windows"),
        (SAFARI, "Safari on iPhone"),
        ("", "Unknown browser"),
        ("<b>Chrome/1", "Chrome"),
    ],
)
def test_the_name_of_a_browser(user_agent: str, device: str) -> None:
    assert device_of(user_agent) == device


def test_each_browser_is_listed_and_can_be_signed_out(mia: User) -> None:
    here, there = signed_in(mia, FIREFOX), signed_in(mia, CHROME)
    other = signed_in(UserFactory.create(username="other"), SAFARI)
    html = here.get(LIST).content.decode()
    assert "Firefox on Linux" in html
    assert "Chrome on Android" in html
    assert "Safari" not in html
    assert not any(session.session_key in html for session in Session.objects.all())
    forms = [one.attributes.get("action", "") for one in Page(here.get(LIST)).elements]
    ends = [action for action in forms if "/sessions/" in action]
    assert len(ends) == 1
    before = Installation.objects.current().sessions_version
    assert other.post(ends[0]).status_code == 302  # another person's session: nothing happens
    assert there.get(LIST).status_code == 200
    assert here.post(ends[0]).status_code == 302
    assert there.get(LIST).status_code == 302
    assert here.get(LIST).status_code == other.get(LIST).status_code == 200
    assert (
        Installation.objects.current().sessions_version > before
    )  # so that open streams check their session


def test_all_others_are_signed_out_in_one_step_and_the_current_one_is_never_signed_out(mia: User) -> None:
    here, *others = (signed_in(mia, agent) for agent in (FIREFOX, CHROME, SAFARI))
    mine = next(session for session in mia.sessions.all() if session.device == "Firefox on Linux")
    for public_id in (mine.public_id, "nobody's"):
        told = here.post(reverse("session_end", args=[public_id]), follow=True).content.decode()
        assert "already signed out, or is your current one" in told
        assert "Signed out of" not in told
    here.post(reverse("session_end", args=["others"]))
    assert [client.get(LIST).status_code for client in others] == [302, 302]
    assert here.get(LIST).status_code == 200


def test_a_session_without_a_sign_in_time_is_listed_too(mia: User) -> None:
    here, there = Client(), Client()
    here.force_login(mia)
    there.force_login(mia)
    session = there.session
    del session["signed_in"]
    session.save()
    assert here.get(LIST).content.decode().count("Unknown browser") >= 2
