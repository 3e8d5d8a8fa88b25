"""E-mail addresses that a database takes for the same, and that are different mailboxes (CVE-2019-19844)."""

from collections.abc import Callable

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from messaging.models import Session, User
from messaging.models.accounts.identities import is_banned
from messaging.models.accounts.moderation import ban
from tests.factories import UserFactory, open_sign_up
from tests.oidc.provider import Provider
from tests.views.page import Answer

pytestmark = [pytest.mark.django_db, pytest.mark.backends]
SignIn = Callable[..., Answer]
# PostgreSQL turns the dotless i into I, and the long s into S, when it ignores case.
ALIKE = [
    ("admin@corp.example", "adm\N{LATIN SMALL LETTER DOTLESS I}n@corp.example"),
    ("sam@corp.example", "\N{LATIN SMALL LETTER LONG S}am@corp.example"),
    ("admin@github.example", "admin@g\N{LATIN SMALL LETTER DOTLESS I}thub.example"),
]
BOTH_WAYS = [*ALIKE, *((other, one) for one, other in ALIKE)]


@pytest.mark.parametrize(("here", "there"), BOTH_WAYS)
def test_an_address_that_only_looks_the_same_links_nobody(
    provider: Provider, sign_in: SignIn, ada: User, here: str, there: str
) -> None:
    User.objects.filter(pk=ada.pk).update(email=here, email_confirmed=True)
    provider.has("m1", email=there, email_verified=True)
    assert sign_in(Client(), "m1").status_code == 403
    assert not SocialAccount.objects.exists()
    assert not any(session.is_signed_in for session in Session.objects.all())


def test_an_address_with_other_letters_than_ascii_links_nobody(
    provider: Provider, sign_in: SignIn, ada: User
) -> None:
    address = "ada@ex\N{LATIN SMALL LETTER A WITH DIAERESIS}mple.org"
    User.objects.filter(pk=ada.pk).update(email=address, email_confirmed=True)
    provider.has("a1", email=address, email_verified=True)
    assert sign_in(Client()).status_code == 403


@pytest.mark.parametrize(("banned", "other"), BOTH_WAYS)
def test_a_ban_is_for_that_address_in_upper_and_lower_case_and_for_no_other(
    ada: User, banned: str, other: str
) -> None:
    User.objects.filter(pk=ada.pk).update(email=banned)
    ada.refresh_from_db()
    ban(ada, by=UserFactory.create(role=User.Role.OWNER))
    assert is_banned(banned)
    assert not is_banned(other)
    assert not is_banned("")
    open_sign_up()
    form = {"username": "eve", "password1": "three grey seals", "password2": "three grey seals"}
    refused = Client().post("/account/signup/", {**form, "email": banned.replace("example", "EXAMPLE")})
    assert "This address cannot be used here" in refused.content.decode()
    assert Client().post("/account/signup/", {**form, "email": other}).status_code == 302
