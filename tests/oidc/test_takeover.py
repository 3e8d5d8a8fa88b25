"""Somebody tries to get into Ada's account, in every way that is known: none succeeds."""

import base64
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client
from pytest_django import Settings

from messaging.models import Session, User
from tests.factories import open_sign_up
from tests.oidc.conftest import begin, come_back, use
from tests.oidc.provider import Provider
from tests.views.page import Answer

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Answer]
SIGN_UP = "/account/provider/sign-up/"
OWN_KEY = rsa.generate_private_key(65537, 2048)


@pytest.fixture
def ada(ada: User) -> User:
    User.objects.filter(pk=ada.pk).update(email="ada@example.org", email_confirmed=True)
    return ada


@pytest.fixture
def mallory(provider: Provider) -> str:
    """The attacker's subject at the provider."""
    provider.has("m1", email="mallory@example.org", email_verified=True)
    return "m1"


def is_in() -> bool:
    """Whether anybody is signed in."""
    return any(session.is_signed_in for session in Session.objects.all())


def claims_of(token: str) -> dict[str, Any]:
    return dict(jwt.decode(token, options={"verify_signature": False}))


def forged(**changes: Any) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Answers whose ID token has other claims, signed by the attacker's key under the provider's key id."""

    def tamper(answer: dict[str, Any]) -> dict[str, Any]:
        kid = jwt.get_unverified_header(answer["id_token"]).get("kid")
        token = jwt.encode({**claims_of(answer["id_token"]), **changes}, OWN_KEY, "RS256", {"kid": kid})
        return {**answer, "id_token": token}

    return tamper


def unsigned(answer: dict[str, Any]) -> dict[str, Any]:
    """An ID token with `alg: none`."""
    parts = [{"alg": "none", "typ": "JWT"}, claims_of(answer["id_token"])]
    header, body = (
        base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts
    )
    return {**answer, "id_token": f"{header}.{body}."}


def signed_with_the_secret(answer: dict[str, Any]) -> dict[str, Any]:
    token = jwt.encode(claims_of(answer["id_token"]), "s/cret" * 8, "HS256")
    return {**answer, "id_token": token}


@pytest.mark.parametrize(
    "said", [{"email_verified": False}, {}, {"email_verified": "false"}, {"email_verified": 1}]
)
def test_an_address_that_the_provider_has_not_verified(
    provider: Provider, sign_in: SignIn, ada: User, said: dict[str, Any]
) -> None:
    provider.has("m1", email="ada@example.org", **said)
    assert sign_in(Client(), "m1").status_code == 403
    assert not is_in()
    # Nor does a new account have it as a confirmed one, from which the next sign-in would be led astray.
    open_sign_up()
    client = Client()
    sign_in(client, "m1")
    client.post(SIGN_UP, {"username": "mallory"})
    assert User.objects.get(username="mallory").email == ""


def test_an_address_that_was_not_confirmed_here(provider: Provider, sign_in: SignIn, ada: User) -> None:
    """Mallory enters Ada's address here, without a code, and waits for Ada to sign in by the provider."""
    User.objects.filter(pk=ada.pk).update(email_confirmed=False)
    assert sign_in(Client()).status_code == 403
    assert not SocialAccount.objects.exists()


def test_an_address_that_two_people_confirmed(
    provider: Provider, sign_in: SignIn, ada: User, ben: User
) -> None:
    User.objects.filter(pk=ben.pk).update(email="Ada@example.org", email_confirmed=True)
    assert sign_in(Client()).status_code == 403
    assert not is_in()


def test_the_address_in_other_case_is_the_same_mailbox_and_only_that(
    provider: Provider, sign_in: SignIn, ada: User
) -> None:
    provider.has("a1", email="ADA@Example.org", email_verified=True)
    sign_in(Client())
    assert SocialAccount.objects.get().user == ada
    # The Kelvin sign is no K, and a dotless i no i: letters that only some programs fold.
    User.objects.filter(pk=ada.pk).update(email="kim@example.org")
    provider.has("m1", email="\N{KELVIN SIGN}im@example.org", email_verified=True)
    assert sign_in(Client(), "m1").status_code == 403


def test_another_subject_with_the_same_address(provider: Provider, sign_in: SignIn, ada: User) -> None:
    """The provider gave Ada's former address to somebody else."""
    sign_in(Client())
    provider.has("m1", email="ada@example.org", email_verified=True)
    Session.objects.all().delete()
    assert sign_in(Client(), "m1").status_code == 403
    assert not is_in()


def test_the_same_subject_at_another_issuer(
    provider: Provider, other: Provider, sign_in: SignIn, settings: Settings, ada: User
) -> None:
    """The provider's address was changed in the settings, under the same name."""
    sign_in(Client())
    Session.objects.all().delete()
    other.has("a1", email="mallory@example.org", email_verified=True)
    use(settings, ACME=other.url("name=Acme"))
    client = Client()
    assert come_back(client, other.agrees(begin(client), "a1")).status_code == 403
    assert not is_in()


def test_a_provider_that_calls_itself_by_another_name(
    provider: Provider, settings: Settings, ada: User
) -> None:
    use(settings, ACME=provider.url() + "/")
    assert Client().post("/account/provider/acme/").status_code == 400


def test_a_state_that_was_used_already_or_never_given(provider: Provider, sign_in: SignIn, ada: User) -> None:
    client = Client()
    back = provider.agrees(begin(client), "a1")
    come_back(client, back)
    client.post("/account/logout/")
    assert come_back(client, back).status_code == 400
    assert come_back(client, back.replace("state=", "state=x")).status_code == 400
    code = parse_qs(urlsplit(back).query)["code"][0]
    assert come_back(client, f"/account/provider/acme/callback/?code={code}").status_code == 400
    assert not is_in()


def test_a_state_of_another_session(provider: Provider, ada: User, mallory: str) -> None:
    """Mallory lets Ada's browser finish Mallory's sign-in, or finishes Ada's in an own browser."""
    of_mallory, of_ada = Client(), Client()
    back = provider.agrees(begin(of_mallory), mallory)
    assert come_back(of_ada, back).status_code == 400
    back = provider.agrees(begin(of_ada), "a1")
    assert come_back(of_mallory, back).status_code == 400
    assert not is_in()


def test_a_code_of_another_session(provider: Provider, ada: User, mallory: str) -> None:
    """Mallory has stolen the code of Ada's sign-in, and puts it into an own one: the nonce is Ada's."""
    code = parse_qs(urlsplit(provider.agrees(begin(Client()), "a1")).query)["code"][0]
    client = Client()
    own = parse_qs(urlsplit(provider.agrees(begin(client), mallory)).query)
    answer = come_back(client, f"/account/provider/acme/callback/?code={code}&state={own['state'][0]}")
    assert answer.status_code == 400
    assert not is_in()


def test_an_answer_of_another_provider(
    provider: Provider, other: Provider, settings: Settings, ada: User
) -> None:
    """Mix-up attack: the answer to a sign-in with one provider arrives at the callback of another."""
    other.has("m1", email="ada@example.org", email_verified=True)
    use(settings, ACME=provider.url(), OTHER=other.url())
    client = Client()
    back = other.agrees(begin(client, "other"), "m1")
    assert come_back(client, back.replace("/other/", "/acme/")).status_code == 400
    back = provider.agrees(begin(client), "a1")
    assert come_back(client, f"{back}&iss={other.issuer}").status_code == 400  # RFC 9207
    assert not is_in()


def test_an_answer_without_the_issuer_of_a_provider_that_always_names_it(
    provider: Provider, ada: User
) -> None:
    """RFC 9207: an attacker who mixes providers up leaves the name out."""
    provider.tampers_discovery = lambda found: {
        **found,
        "authorization_response_iss_parameter_supported": True,
    }
    client = Client()
    assert come_back(client, provider.agrees(begin(client), "a1")).status_code == 400
    assert not is_in()
    back = provider.agrees(begin(client), "a1")
    assert come_back(client, f"{back}&iss={provider.issuer}").status_code == 302
    assert is_in()


@pytest.mark.parametrize(
    "tamper",
    [
        forged(),
        unsigned,
        signed_with_the_secret,
        forged(aud="another-client"),
        lambda answer: {**answer, "id_token": "no.token.atall"},
        lambda answer: {**answer, "id_token": None},
        lambda answer: {key: value for key, value in answer.items() if key != "id_token"},
    ],
    ids=["other key", "alg none", "alg HS256", "other key and audience", "no token", "null", "missing"],
)
def test_a_token_that_the_provider_did_not_sign(
    provider: Provider, sign_in: SignIn, ada: User, tamper: Callable[[dict[str, Any]], dict[str, Any]]
) -> None:
    provider.tamper = tamper
    assert sign_in(Client()).status_code == 400
    assert not is_in()


def test_user_info_about_somebody_else(provider: Provider, sign_in: SignIn, ada: User, mallory: str) -> None:
    provider.tampers_user_info = lambda _info: {
        "sub": "a1",
        "email": "ada@example.org",
        "email_verified": True,
    }
    assert sign_in(Client(), mallory).status_code == 400
    assert not is_in()
