"""People sign in by a provider, with an account that is linked, found by its address, or new."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from messaging.models import AuditEntry, Invitation, Session, User
from messaging.models.accounts.moderation import ban, deactivate
from tests.factories import RoomFactory, UserFactory, open_sign_up
from tests.oidc.conftest import begin, come_back, use
from tests.oidc.provider import Provider
from tests.views.page import Answer, Page

pytestmark = [pytest.mark.django_db, pytest.mark.backends]
LOGIN = reverse("account_login")
SIGN_UP = "/account/provider/sign-up/"
SignIn = Callable[..., Answer]


def signed_in(client: Client) -> str:
    """The username of who is signed in, or ""."""
    session = Session.objects.filter(session_key=client.session.session_key).first()
    return session.user.username if session and session.user and session.is_signed_in else ""


@pytest.fixture
def ada(ada: User) -> User:
    """She has confirmed her address."""
    User.objects.filter(pk=ada.pk).update(email="ada@example.org", email_confirmed=True)
    return ada


def test_the_sign_in_page_has_a_button_for_each_provider(
    provider: Provider, settings: Settings, ada: User
) -> None:
    use(settings, ACME=provider.url("name=Acme"), EXTRA=provider.url("name=Extra"))
    page = Page(Client().get(f"{LOGIN}?next=/people/"))
    buttons = [one.text for one in page.elements if one.tag == "button" and "Continue with" in one.text]
    assert buttons == ["Continue with Acme", "Continue with Extra"]
    actions = {one.attributes.get("action") for one in page.elements}
    assert {"/account/provider/acme/", "/account/provider/extra/"} <= actions
    assert page.field_value("next") == "/people/"


def test_somebody_is_found_by_the_verified_address_and_then_by_the_identity(
    provider: Provider, sign_in: SignIn, ada: User
) -> None:
    client = Client(headers={"User-Agent": "Firefox/150.0 (X11; Linux)"})
    answer = sign_in(client, next="/people/")
    assert answer["Location"] == "/people/"
    assert signed_in(client) == "ada"
    # The session is listed like any other, and no token of the provider is kept in the database.
    assert "this session" in client.get("/account/sessions/").content.decode()
    assert not SocialToken.objects.exists()
    assert SocialAccount.objects.get().extra_data == {"shown": "ada@example.org"}
    assert AuditEntry.objects.values_list("act", "actor").get() == ("linked_identity", ada.pk)
    # From now on the identity counts, and not the address.
    provider.has("a1", email="new@example.org", email_verified=False)
    again = Client()
    sign_in(again)
    assert signed_in(again) == "ada"


def test_a_page_elsewhere_is_never_led_to(provider: Provider, sign_in: SignIn, ada: User) -> None:
    for foreign in ("https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"):
        assert sign_in(Client(), next=foreign)["Location"].startswith(("/rooms/", "/conversations/"))


def test_with_two_factor_authentication_the_code_is_asked_for_too(
    provider: Provider, sign_in: SignIn, ada: User
) -> None:
    TOTP.activate(ada, generate_totp_secret())
    client = Client()
    assert sign_in(client)["Location"] == reverse("mfa_authenticate")
    assert signed_in(client) == ""


@pytest.mark.parametrize("act", [deactivate, ban])
def test_deactivated_people_stay_out(
    provider: Provider, sign_in: SignIn, ada: User, act: Callable[..., None]
) -> None:
    act(ada, by=UserFactory.create(role=User.Role.OWNER))
    open_sign_up()
    client = Client()
    assert sign_in(client)["Location"] == reverse("account_inactive")
    assert signed_in(client) == ""
    # Nor can a banned person get another account, by another identity with their address.
    provider.has("a9", email="ADA@example.org", email_verified=True)
    answer = sign_in(Client(), "a9")
    assert answer.status_code == 403 if act is ban else answer["Location"] == SIGN_UP


def test_nobody_new_comes_in_while_sign_up_is_closed(provider: Provider, sign_in: SignIn, ben: User) -> None:
    client = Client()
    answer = sign_in(client)
    assert answer.status_code == 403
    assert "ada@example.org" in answer.content.decode()
    assert client.get(SIGN_UP)["Location"] == LOGIN


def test_a_new_account_gets_the_confirmed_address_and_no_password(
    provider: Provider, sign_in: SignIn, ben: User
) -> None:
    open_sign_up()
    client = Client()
    assert sign_in(client, next="/people/")["Location"] == SIGN_UP
    page = Page(client.get(SIGN_UP))
    assert (page.field_value("username"), page.field_value("display_name")) == ("ada", "Ada L.")
    with time_machine.travel(timezone.now() + timedelta(minutes=31)):  # the browser was left open
        assert client.get(SIGN_UP)["Location"] == LOGIN
    taken = client.post(SIGN_UP, {"username": "BEN", "display_name": "Ada"})
    assert taken.status_code == 422
    assert "already taken" in taken.content.decode()
    assert client.post(SIGN_UP, {"username": "Ada", "display_name": "Ada"})["Location"] == "/people/"
    person = User.objects.get(username="ada")
    assert (person.email, person.email_confirmed, person.role) == ("ada@example.org", True, "member")
    assert not person.has_usable_password()
    assert signed_in(client) == "ada"
    assert client.get(SIGN_UP).status_code == 302


def test_an_invitation_lets_somebody_in_once(provider: Provider, sign_in: SignIn, ben: User) -> None:
    ben.role = User.Role.ADMINISTRATOR
    ben.save()
    room = RoomFactory.create(name="garden", by=ben)
    _invitation, token = Invitation.objects.invite(by=ben, role=User.Role.GUEST, rooms=[room])
    page = Page(Client().get(reverse("invitation", args=[token])))
    assert page.field_value("invitation") == token
    early, late = Client(), Client()
    assert sign_in(late, invitation=token)["Location"] == SIGN_UP
    sign_in(early, invitation=token)
    assert early.post(SIGN_UP, {"username": "ada"})["Location"] == f"/conversations/{room.pk}/"
    person = User.objects.get(username="ada")
    assert (person.role, person in room.members.all()) == ("guest", True)
    assert late.post(SIGN_UP, {"username": "eve"}).status_code == 404  # it is used up
    assert sign_in(Client(), "b2", invitation="no-such-token").status_code == 403


def test_an_invitation_that_somebody_else_uses_at_the_same_moment(
    provider: Provider, sign_in: SignIn, ben: User
) -> None:
    """It is used up by another request just after this one has found that it works."""
    ben.role = User.Role.ADMINISTRATOR
    ben.save()
    invitation, token = Invitation.objects.invite(by=ben, role=User.Role.GUEST)
    late = Client()
    sign_in(late, invitation=token)
    this = Invitation.objects.filter(pk=invitation.pk)
    finds: list[str] = []

    def use_up(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        found = execute(sql, params, many, context)
        if sql.startswith("SELECT") and "token_hash" in sql and not finds:
            finds.append(sql)
            this.update(uses_left=0)
        return found

    with connection.execute_wrapper(use_up):
        assert late.post(SIGN_UP, {"username": "eve"}).status_code == 404
    assert finds
    assert not User.objects.filter(username="eve").exists()
    assert not SocialAccount.objects.exists()
    # Where nobody needs one, they come in without it.
    this.update(uses_left=0)
    open_sign_up()
    assert late.post(SIGN_UP, {"username": "eve"}).status_code == 302
    assert User.objects.get(username="eve").role == User.Role.MEMBER


def test_a_provider_can_be_open_to_everybody_whom_it_knows(
    provider: Provider, sign_in: SignIn, settings: Settings, ben: User
) -> None:
    use(settings, ACME=provider.url("join=anyone"))
    assert sign_in(Client())["Location"] == SIGN_UP


def test_cancelling_leads_back_to_the_sign_in_page(provider: Provider, ben: User) -> None:
    client = Client()
    state = begin(client).partition("state=")[2].partition("&")[0]
    answer = come_back(client, f"/account/provider/acme/callback/?error=access_denied&state={state}")
    assert answer["Location"] == LOGIN
    assert "You have not signed in with Acme" in client.get(LOGIN).content.decode()


def test_a_provider_that_cannot_be_reached_is_a_page_and_no_fault(settings: Settings, ben: User) -> None:
    use(settings, ACME="http://parley:secret@127.0.0.1:9/")
    answer = Client().post(reverse("provider_sign_in", args=["acme"]))
    assert answer.status_code == 400
    assert "Try again" in answer.content.decode()


def test_sign_ins_by_a_provider_are_counted_by_address(
    provider: Provider, settings: Settings, ben: User
) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "provider": "2/m/ip"}
    client = Client()
    begin(client)
    assert client.get("/account/provider/acme/callback/?code=1&state=2").status_code == 400
    assert client.post(reverse("provider_sign_in", args=["acme"])).status_code == 429
    assert client.get("/account/provider/acme/callback/?code=1&state=2").status_code == 429


def test_signing_out_leads_to_the_providers_page_for_it(
    provider: Provider, sign_in: SignIn, settings: Settings, ada: User
) -> None:
    client = Client()
    sign_in(client)
    answer = client.post(reverse("account_logout"))
    assert answer["Refresh"].startswith(f"0; url={provider.issuer}/oauth2/end_session?client_id=parley&")
    assert "id_token_hint=" in answer["Refresh"]
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert signed_in(client) == ""
    use(settings, ACME=provider.url("sign_out=no"))
    sign_in(client)
    assert client.post(reverse("account_logout"))["Location"] == LOGIN
