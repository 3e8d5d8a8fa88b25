"""A person links and unlinks providers, and confirms their identity by one."""

import json
import time
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
import time_machine
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from messaging.models import AccountDeletion, AuditEntry, User
from messaging.models.accounts.identities import link
from tests.factories import UserFactory, open_sign_up
from tests.oidc.conftest import come_back, leads_to, use
from tests.oidc.provider import Provider
from tests.views.page import Answer, Page

pytestmark = [pytest.mark.django_db, pytest.mark.backends]
PASSWORD = "three grey seals"
LIST = reverse("identity_list")
LINK, UNLINK = (reverse(name, args=["acme"]) for name in ("identity_link", "identity_unlink"))
AGAIN = reverse("provider_again", args=["acme"])
SignIn = Callable[..., Answer]


@pytest.fixture
def ada(ada: User) -> User:
    ada.set_password(PASSWORD)
    ada.save()
    return ada


@pytest.fixture
def as_ada(ada: User) -> Client:
    """She has signed in by her password."""
    client = Client()
    client.post(reverse("account_login"), {"login": "ada", "password": PASSWORD})
    return client


@pytest.fixture
def without_password(as_ada: Client, ada: User, provider: Provider, sign_in: SignIn) -> Client:
    """Ada has no password any more, and has signed in by the provider."""
    link_acme(as_ada, provider)
    ada.set_unusable_password()
    ada.save()
    client = Client()
    sign_in(client)
    return client


def link_acme(client: Client, provider: Provider, subject: str = "a1") -> Answer:
    return come_back(client, provider.agrees(leads_to(client.post(LINK)), subject))


def asked(provider: Provider, seconds_ago: int | None) -> None:
    """The provider says that it asked Ada for her password so long ago; None: it does not say when."""
    when = None if seconds_ago is None else int(time.time()) - seconds_ago
    provider.has("a1", email="ada@example.org", email_verified=True, auth_time=when)


def later() -> time_machine.travel:
    """Ten minutes after now: no sign-in is recent any more."""
    return time_machine.travel(timezone.now() + timedelta(minutes=10))


def test_a_person_links_and_unlinks_a_provider(
    provider: Provider, as_ada: Client, ada: User, sign_in: SignIn
) -> None:
    assert LIST in Page(as_ada.get("/account/")).links
    assert "not linked" in as_ada.get(LIST).content.decode()
    assert link_acme(as_ada, provider)["Location"] == LIST
    page = as_ada.get(LIST).content.decode()
    assert "You can now sign in with Acme." in page
    assert "ada@example.org" in page
    assert sign_in(Client())["Location"].startswith("/rooms/")
    # Another account of the same provider must not be added silently.
    provider.has("a2", email="other@example.org", email_verified=True)
    assert "Unlink it first" in as_ada.get(link_acme(as_ada, provider, "a2")["Location"]).content.decode()
    with ZipFile(BytesIO(b"".join(as_ada.get("/account/export/").streaming_content))) as exported:  # type: ignore[attr-defined]
        everything = " ".join(exported.read(name).decode(errors="replace") for name in exported.namelist())
    assert '"provider": "acme"' in everything
    assert json.dumps("ada@example.org") in everything
    as_ada.post(UNLINK)
    assert not SocialAccount.objects.exists()
    assert sign_in(Client()).status_code == 403
    acts = AuditEntry.objects.order_by("pk").values_list("act", "actor", "details")
    assert list(acts) == [
        ("linked_identity", ada.pk, {"provider": "acme"}),
        ("unlinked_identity", ada.pk, {"provider": "acme"}),
    ]


def test_an_identity_of_somebody_else_is_refused(
    provider: Provider, as_ada: Client, ben: User, sign_in: SignIn
) -> None:
    link_acme(as_ada, provider)
    ben.set_password(PASSWORD)
    ben.save()
    as_ben = Client()
    as_ben.post(reverse("account_login"), {"login": "ben", "password": PASSWORD})
    answer = link_acme(as_ben, provider)
    assert "linked to somebody else" in as_ben.get(answer["Location"]).content.decode()
    assert SocialAccount.objects.get().user.username == "ada"


@pytest.mark.parametrize("seconds_ago", [None, 3600], ids=["it does not say when", "an hour ago"])
def test_a_sign_in_for_which_the_provider_asked_nothing_proves_nothing(
    provider: Provider, without_password: Client, sign_in: SignIn, seconds_ago: int | None
) -> None:
    """Somebody finds a browser in which Ada is signed in at the provider, and presses its button."""
    client = Client()
    asked(provider, seconds_ago)
    sign_in(client)
    assert client.get("/account/").status_code == 200
    for guarded in ("/account/two-factor/totp/activate/", "/account/password/set/"):
        assert client.get(guarded)["Location"].startswith(f"{AGAIN}?next=")
    for guarded in (LINK, UNLINK):
        assert client.post(guarded)["Location"].startswith(f"{AGAIN}?next=")
    assert client.post("/account/delete/").status_code == 422
    asked(provider, 0)
    come_back(client, provider.agrees(leads_to(client.post(AGAIN)), "a1"))
    assert client.get("/account/password/set/").status_code == 200


def test_a_sign_in_for_which_the_provider_has_just_asked_is_a_recent_one(
    provider: Provider, without_password: Client, sign_in: SignIn
) -> None:
    client = Client()
    asked(provider, 60)
    sign_in(client)
    assert client.get("/account/password/set/").status_code == 200
    with later():
        assert client.get("/account/password/set/")["Location"].startswith(f"{AGAIN}?next=")


def test_somebody_with_a_password_is_asked_for_it_after_a_silent_sign_in(
    provider: Provider, as_ada: Client, sign_in: SignIn
) -> None:
    link_acme(as_ada, provider)
    asked(provider, 3600)
    client = Client()
    sign_in(client)
    place = "/account/two-factor/totp/activate/"
    assert client.get(place)["Location"].startswith("/account/again/?next=")
    client.post("/account/again/", {"password": PASSWORD, "next": place})
    assert client.get(place).status_code == 200


@pytest.mark.parametrize(("seconds_ago", "is_recent"), [(None, False), (3600, False), (60, True)])
def test_a_new_account_is_asked_once_more_too(
    provider: Provider, sign_in: SignIn, ben: User, seconds_ago: int | None, is_recent: bool
) -> None:
    open_sign_up()
    asked(provider, seconds_ago)
    client = Client()
    sign_in(client)
    client.post("/account/provider/sign-up/", {"username": "ada"})
    assert client.get("/account/password/set/").status_code == (200 if is_recent else 302)


def test_linking_and_unlinking_need_a_recent_sign_in(provider: Provider, as_ada: Client, ada: User) -> None:
    link(ada, "acme", "some-uid", "ada@example.org")
    with later():
        for address in (LINK, UNLINK):
            assert as_ada.post(address)["Location"].startswith("/account/again/?next=")
    assert SocialAccount.objects.exists()


def test_the_last_way_in_stays(provider: Provider, without_password: Client) -> None:
    page = without_password.get(LIST).content.decode()
    assert "your only way to sign in" in page
    assert UNLINK not in page
    without_password.post(UNLINK)
    assert SocialAccount.objects.exists()
    assert "you could no longer sign in" in without_password.get(LIST).content.decode()


def test_who_has_no_password_confirms_their_identity_by_the_provider(
    provider: Provider, without_password: Client
) -> None:
    client, delete = without_password, reverse("account_delete")
    client.get("/people/")
    with later():
        page = client.get(delete).content.decode()
        assert f"/account/again/?next={delete}" in page
        assert "password" not in Page(client.get(delete)).html.partition('<form class="narrow')[2]
        assert client.post(delete).status_code == 422
        # Everything that asks for a recent sign-in leads to the provider.
        for guarded in ("/account/two-factor/totp/activate/", "/account/password/set/"):
            assert client.get(guarded)["Location"].startswith(f"{AGAIN}?next=")
        asked = client.get(f"/account/again/?next={delete}")
        assert asked["Location"] == f"{AGAIN}?next={delete.replace('/', '%2F')}"
        assert Page(client.get(asked["Location"])).field_value("next") == delete
        there = leads_to(client.post(AGAIN, {"next": delete}))
        assert "prompt=login" in there
        assert "max_age=0" in there
        assert come_back(client, provider.agrees(there, "a1"))["Location"] == delete
        assert "Confirm your identity" not in client.get(delete).content.decode()
        assert client.post(delete).status_code == 302
    assert AccountDeletion.objects.get().is_done
    assert not SocialAccount.objects.exists()


def test_the_identity_of_another_person_confirms_nothing(
    provider: Provider, without_password: Client
) -> None:
    with later():
        there = leads_to(without_password.post(AGAIN, {"next": "/account/delete/"}))
        provider.has("m1", email="ada@example.org", email_verified=True)
        come_back(without_password, provider.agrees(there, "m1"))
        assert without_password.post("/account/delete/").status_code == 422


def test_a_page_elsewhere_is_not_led_to_after_confirming(
    provider: Provider, without_password: Client
) -> None:
    there = leads_to(without_password.post(AGAIN, {"next": "https://evil.example/"}))
    assert come_back(without_password, provider.agrees(there, "a1"))["Location"] == "/account/"


def test_an_administrator_unlinks_what_is_linked_wrongly(
    provider: Provider, without_password: Client, ada: User
) -> None:
    admin = UserFactory.create(role=User.Role.ADMINISTRATOR)
    as_admin = Client()
    as_admin.force_login(admin)
    place = reverse("person_unlink", args=[ada.pk])
    assert place in Page(as_admin.get(reverse("person", args=[ada.pk]))).links
    assert "Unlink all" in as_admin.get(place).content.decode()
    as_admin.post(place)
    assert not SocialAccount.objects.exists()
    assert without_password.get("/people/").status_code == 302
    entry = AuditEntry.objects.latest("pk")
    assert (entry.act, entry.actor, entry.person) == ("unlinked_identity", admin, ada)


def test_without_a_provider_the_pages_are_as_if_there_were_none(as_ada: Client, settings: Settings) -> None:
    use(settings)
    assert LIST not in Page(as_ada.get("/account/")).links
    assert as_ada.get(LIST).status_code == 404
    assert Client().post(reverse("provider_sign_in", args=["acme"])).status_code == 404
