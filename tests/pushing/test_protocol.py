"""The two protocols: what Parley encrypts and signs, read by others' code."""

import json
import time

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from messaging.models import PushSetup, User
from messaging.models.site.push_setup import new_private_key
from messaging.pushing import encryption
from messaging.pushing.encryption import MOST_BYTES, check_keys, encrypt
from messaging.pushing.vapid import authorization, contact, is_real
from tests.factories import UserFactory
from tests.pushing.service import Browser, decoded, encoded


@given(st.binary(max_size=MOST_BYTES))
def test_a_browser_reads_what_was_encrypted(content: bytes) -> None:
    browser = Browser(User(), "/")
    body = encrypt(content, browser.public_key, encoded(browser.secret))
    assert len(body) <= 4096
    assert browser.decrypted(body) == content


def test_the_example_of_the_rfc(monkeypatch: pytest.MonkeyPatch) -> None:
    """RFC 8291, section 5 and appendix A: the same keys and salt give the same bytes."""
    private = int.from_bytes(decoded("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"), "big")
    key = ec.derive_private_key(private, encryption.CURVE)
    monkeypatch.setattr(encryption.ec, "generate_private_key", lambda curve: key)
    monkeypatch.setattr(encryption.os, "urandom", lambda number: decoded("DGv6ra1nlYgDCS1FRnbzlw"))
    theirs = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
    body = encrypt(b"When I grow up, I want to be a watermelon", theirs, "BTBZMqHH6r4Tts7J_aSIgg")
    assert encoded(body) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6Tlz"
        "AC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


def test_what_is_encrypted_twice_differs() -> None:
    browser = Browser(User(), "/")
    bodies = {encrypt(b"same", browser.public_key, encoded(browser.secret)) for _ in range(3)}
    assert len(bodies) == 3
    with pytest.raises(http_ece.ECEException):
        Browser(User(), "/").decrypted(bodies.pop())


@pytest.mark.parametrize(
    ("public_key", "secret"),
    [("", ""), ("AAAA", encoded(b"0" * 16)), ("B" * 87, encoded(b"0" * 16)), ("é", "é")],
)
def test_malformed_keys_are_refused(public_key: str, secret: str) -> None:
    with pytest.raises(ValueError, match=r"EC|key|point|elliptic|base64"):
        check_keys(public_key, secret)
    with pytest.raises(ValueError, match="16 bytes"):
        check_keys(Browser(User(), "/").public_key, "c2hvcnQ")


@pytest.mark.parametrize("skipped", ["!" * 400, "\0", "\n", "=" * 400, "✓"])
def test_keys_with_characters_outside_of_base64url_are_refused(skipped: str) -> None:
    key, secret = Browser(User(), "/").public_key, encoded(b"0" * 16)
    check_keys(key + "=", secret + "==")
    for keys in ((key + skipped, secret), (key, skipped + secret), (key, secret + skipped)):
        with pytest.raises(ValueError, match=r"base64|padding"):
            check_keys(*keys)


def test_a_compressed_public_key_is_refused() -> None:
    public_key = Browser(User(), "/").key.public_key()
    compressed = public_key.public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
    with pytest.raises(ValueError, match="uncompressed"):
        check_keys(encoded(compressed), encoded(b"0" * 16))


def test_the_token_is_signed_by_the_key_that_browsers_know() -> None:
    private_key = new_private_key()
    header = authorization("https://push.example.org/abc", private_key, "mailto:ada@example.org")
    token, key = header.removeprefix("vapid t=").split(", k=")
    signed, _dot, signature = token.rpartition(".")
    raw = decoded(signature)
    r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decoded(key))
    public.verify(encode_dss_signature(r, s), signed.encode(), ec.ECDSA(SHA256()))
    claims = json.loads(decoded(signed.partition(".")[2]))
    assert claims.keys() == {"aud", "exp", "sub"}
    assert (claims["aud"], claims["sub"]) == ("https://push.example.org", "mailto:ada@example.org")
    assert 0 < claims["exp"] - time.time() < 86_400  # RFC 8292: at most a day


@pytest.mark.parametrize(
    ("address", "accepted"),
    [
        ("mailto:ada@example.org", True),
        ("https://chat.example.org", True),
        ("mailto:ada@localhost", False),
        ("mailto:ada@printer.local", False),
        ("mailto:ada@127.0.0.1", False),
        ("mailto:@example.org", False),
        ("http://chat.example.org", False),
        ("ada@example.org", False),
        ("https://localhost:8000", False),
        ("", False),
    ],
)
def test_a_contact_that_apple_refuses_is_refused_here(address: str, accepted: bool) -> None:
    assert is_real(address) == accepted


@pytest.mark.django_db
def test_the_contact_is_the_setting_or_an_administrators_address(settings: Settings) -> None:
    assert contact() == ""
    UserFactory.create(email="someone@example.org")
    UserFactory.create(email="root@localhost", role=User.Role.OWNER)
    assert contact() == ""
    UserFactory.create(email="boss@example.org", role=User.Role.ADMINISTRATOR)
    assert contact() == "mailto:boss@example.org"
    settings.PUSH_CONTACT = "https://chat.example.org"
    assert contact() == "https://chat.example.org"
    settings.PUSH_CONTACT = "mailto:me@localhost"
    assert contact() == ""


@pytest.mark.django_db
def test_the_key_is_made_once() -> None:
    before = PushSetup.objects.current().private_key
    PushSetup.objects.make_sure_it_exists()
    assert PushSetup.objects.current().private_key == before
    assert len(decoded(before)) == 32
