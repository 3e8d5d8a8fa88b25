"""Tokens that the provider's own key has signed, and that are wrong all the same."""

import time
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from messaging.auth import id_tokens
from messaging.auth.id_tokens import NotTrusted, checked_claims
from messaging.auth.provider_settings import IdentityProvider, providers_from

pytestmark = pytest.mark.django_db  # keys are kept in a cache, which can be in the database
KEY, OLDER_KEY = (rsa.generate_private_key(65537, 2048) for _ in range(2))
ISSUER = "https://login.example.org"


def published(*keys: tuple[str, rsa.RSAPrivateKey]) -> dict[str, Any]:
    """The provider's document of public keys."""
    algorithm = jwt.algorithms.RSAAlgorithm
    found = [{**algorithm.to_jwk(key.public_key(), as_dict=True), "kid": kid} for kid, key in keys]
    return {"keys": found}


@pytest.fixture
def acme(monkeypatch: pytest.MonkeyPatch) -> IdentityProvider:
    there = {
        f"{ISSUER}/.well-known/openid-configuration": {
            "issuer": ISSUER,
            "authorization_endpoint": f"{ISSUER}/authorize",
            "token_endpoint": f"{ISSUER}/token",
            "jwks_uri": f"{ISSUER}/keys",
        },
        f"{ISSUER}/keys": published(("1", KEY)),
    }
    monkeypatch.setattr(id_tokens, "fetch_json", lambda url: there[url])
    return providers_from({"PARLEY_OIDC_ACME": "https://parley:secret@login.example.org"})[0]


def signed(key: Any = KEY, algorithm: str = "RS256", kid: str = "1", **changes: Any) -> str:
    now = int(time.time())
    claims = {
        "iss": ISSUER,
        "aud": "parley",
        "sub": "a1",
        "nonce": "n",
        "iat": now,
        "exp": now + 300,
        **changes,
    }
    given = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(given, key, algorithm, {"kid": kid})


@pytest.mark.parametrize("algorithm", ["RS256", "RS512", "PS256"])
def test_a_good_token_is_accepted(acme: IdentityProvider, algorithm: str) -> None:
    assert checked_claims(acme, signed(algorithm=algorithm), "n")["sub"] == "a1"
    assert checked_claims(acme, signed(aud=["parley"], exp=int(time.time()) - 30), "n")["sub"] == "a1"
    assert checked_claims(acme, signed(aud=["parley", "other"], azp="parley"), "n")["sub"] == "a1"


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://login.example.org.evil.example"},
        {"iss": None},
        {"aud": "other"},
        {"aud": None},
        {"aud": ["parley", "other"]},
        {"aud": ["parley", "other"], "azp": "other"},
        {"azp": "other"},
        {"exp": 1_700_000_000},
        {"exp": None},
        {"iat": int(time.time()) + 3600},
        {"iat": None},
        {"nbf": int(time.time()) + 3600},
        {"nonce": "another"},
        {"nonce": None},
        {"sub": None},
        {"sub": ""},
    ],
    ids=str,
)
def test_a_wrong_claim_is_refused(acme: IdentityProvider, changes: dict[str, Any]) -> None:
    token = signed(**changes)
    with pytest.raises(NotTrusted):
        checked_claims(acme, token, "n")


def test_a_token_without_a_nonce_answers_no_request(acme: IdentityProvider) -> None:
    with pytest.raises(NotTrusted):
        checked_claims(acme, signed(nonce=""), "")


def test_only_the_keys_that_the_provider_publishes_count(acme: IdentityProvider) -> None:
    for token in (signed(OLDER_KEY), signed(OLDER_KEY, kid="2"), signed("secret" * 9, "HS256")):
        with pytest.raises(NotTrusted):
            checked_claims(acme, token, "n")


def test_a_new_key_of_the_provider_is_found_at_once(
    acme: IdentityProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked_claims(acme, signed(), "n")
    monkeypatch.setattr(id_tokens, "fetch_json", lambda _url: published(("1", KEY), ("2", OLDER_KEY)))
    assert checked_claims(acme, signed(OLDER_KEY, kid="2"), "n")["sub"] == "a1"
