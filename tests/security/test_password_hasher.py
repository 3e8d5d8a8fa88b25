"""The same password, however a keyboard composes its characters."""

from django.contrib.auth.hashers import check_password, make_password
from django.test import override_settings

from messaging.auth.password_hasher import PasswordHasher
from site_config.sign_in import PASSWORD_HASHERS


def test_hasher_of_the_product_is_this_one() -> None:
    assert [f"{PasswordHasher.__module__}.{PasswordHasher.__qualname__}"] == PASSWORD_HASHERS


@override_settings(PASSWORD_HASHERS=PASSWORD_HASHERS)
def test_password_matches_in_every_form_of_unicode() -> None:
    stored = make_password("Ｊe\u0301ro\u0302me ﬁne")
    assert check_password("J\u00e9r\u00f4me fine", stored)
    assert check_password("Je\u0301ro\u0302me \ufb01ne", stored)
    assert not check_password("Jerome fine", stored)
