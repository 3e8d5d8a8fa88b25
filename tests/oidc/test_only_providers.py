"""A site on which passwords are off, and the way back in."""

from collections.abc import Callable
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from messaging.models import AuditEntry, Invitation, User
from messaging.models.accounts.identities import link
from tests.factories import UserFactory, open_sign_up
from tests.oidc.conftest import leads_to
from tests.oidc.provider import Provider
from tests.views.page import Answer, Page

pytestmark = [pytest.mark.django_db, pytest.mark.backends]
PASSWORD = "three grey seals"
LOGIN = reverse("account_login")
SignIn = Callable[..., Answer]


@pytest.fixture(autouse=True)
def passwords_are_off(provider: Provider, settings: Settings) -> None:
    settings.TAKES_PASSWORDS = False


@pytest.fixture
def ada(ada: User) -> User:
    """She has a password, of the time when it counted."""
    ada.set_password(PASSWORD)
    ada.email = "ada@example.org"
    ada.save()
    User.objects.filter(pk=ada.pk).update(email_confirmed=True)
    return ada


def link_for(username: str = "") -> str:
    out = StringIO()
    call_command("sign_in_link", *([username] if username else []), stdout=out)
    return "/account/sign-in-link/" + out.getvalue().partition("/account/sign-in-link/")[2].strip()


def test_no_password_signs_in_resets_or_registers(ada: User, ben: User) -> None:
    open_sign_up()
    page = Page(Client().get(LOGIN))
    assert "Continue with Acme" in page.html
    assert not [one for one in page.elements if one.attributes.get("name") in ("password", "credential")]
    assert reverse("account_reset_password") not in page.links
    for address in (LOGIN, "/account/two-factor/webauthn/login/"):
        answer = Client().post(address, {"login": "ada", "password": PASSWORD})
        assert answer.status_code == 403
        assert "sign in with Acme" in answer.content.decode()
    for name in (
        "account_signup",
        "account_reset_password",
        "account_change_password",
        "account_set_password",
    ):
        assert Client().get(reverse(name)).status_code == 403
    assert Client().get("/account/password/reset/key/1-abc/").status_code == 403
    ben.role = User.Role.OWNER
    ben.save()
    as_ben = Client()
    as_ben.force_login(ben)
    assert as_ben.get(reverse("person_reset_link", args=[ada.pk])).status_code == 404
    profile = Page(as_ben.get(reverse("person", args=[ada.pk])))
    assert reverse("person_reset_link", args=[ada.pk]) not in profile.links
    settings_page = Page(as_ben.get("/account/sessions/"))
    assert reverse("account_change_password") not in settings_page.links


def test_an_invitation_leads_to_the_provider_alone(ben: User) -> None:
    ben.role = User.Role.OWNER
    ben.save()
    _invitation, token = Invitation.objects.invite(by=ben)
    place = reverse("invitation", args=[token])
    page = Page(Client().get(place))
    assert page.field_value("invitation") == token
    assert not [one for one in page.elements if one.attributes.get("name") == "password1"]
    given = {"username": "zoe", "password1": PASSWORD, "password2": PASSWORD}
    Client().post(place, given)
    assert not User.objects.filter(username="zoe").exists()


def test_an_older_password_confirms_nothing(sign_in: SignIn, ada: User) -> None:
    client = Client()
    sign_in(client)
    with time_machine.travel(timezone.now() + timedelta(minutes=10)):
        assert client.post("/account/delete/", {"password": PASSWORD}).status_code == 422
        assert client.get("/account/again/")["Location"] == "/account/provider/acme/again/"
        assert client.post("/account/again/", {"password": PASSWORD}).status_code == 302
        assert client.post("/account/delete/").status_code == 422


def test_a_link_made_on_the_server_signs_the_owner_in_once(ada: User, ben: User) -> None:
    ben.role = User.Role.OWNER
    ben.save()
    place = link_for()
    client = Client()
    assert f"Sign in as <bdi>{ben.name}</bdi>?" in client.get(place).content.decode()
    assert client.get("/people/").status_code == 302  # looking at it does nothing
    assert client.post(place)["Location"] == "/account/"
    assert client.get("/people/").status_code == 200
    assert Client().post(place).status_code == 404
    entry = AuditEntry.objects.get()
    assert (entry.act, entry.actor) == ("used_sign_in_link", ben)
    # Signed in a moment ago, ben links the provider.
    assert client.post(reverse("identity_link", args=["acme"])).status_code == 200


def test_a_link_works_for_an_hour_and_for_active_people(ada: User) -> None:
    place = link_for("ADA")
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        assert Client().get(place).status_code == 404
    assert Client().get(f"{place[:-2]}/").status_code == 404
    User.objects.filter(pk=ada.pk).update(is_active=False)
    assert Client().post(place).status_code == 404
    for nobody in ("ada", "zoe"):
        with pytest.raises(CommandError, match=nobody):
            call_command("sign_in_link", nobody)
    with pytest.raises(CommandError, match="no active owner"):
        call_command("sign_in_link")


def test_a_link_asks_for_the_second_factor(ada: User) -> None:
    TOTP.activate(ada, generate_totp_secret())
    assert Client().post(link_for("ada"))["Location"] == reverse("mfa_authenticate")


def test_neither_a_password_nor_a_passkey_is_another_way_in(sign_in: SignIn, ada: User) -> None:
    link(ada, "elsewhere", "uid-of-a-provider-that-is-gone", "ada")
    client = Client()
    sign_in(client)
    client.post(reverse("identity_unlink", args=["acme"]))
    assert "you could no longer sign in" in client.get(reverse("identity_list")).content.decode()


def test_an_owner_who_has_no_provider_yet_confirms_by_their_password() -> None:
    owner = UserFactory.create(username="olga", role=User.Role.OWNER)
    owner.set_password(PASSWORD)
    owner.save()
    client = Client()
    client.force_login(owner)
    place = client.post(reverse("identity_link", args=["acme"]))["Location"]
    assert place.startswith("/account/again/")
    assert "prompt" not in leads_to(client.post(place, {"password": PASSWORD}))  # the linking goes on
