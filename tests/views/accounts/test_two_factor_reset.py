"""An administrator resets the second factor of a person who lost it."""

from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client
from django.urls import reverse

from messaging.models import AuditEntry, User
from messaging.models.accounts.two_factor import reset as reset_two_factor
from messaging.models.db.refusals import Refused
from tests.factories import UserFactory
from tests.views.page import Page

pytestmark = [pytest.mark.django_db, pytest.mark.backends]
PASSWORD = "three grey seals"
LOGIN = reverse("account_login")
OWNER, ADMINISTRATOR, MEMBER, GUEST = User.Role


@pytest.fixture
def ada(ada: User) -> User:
    """She has an app and recovery codes."""
    ada.set_password(PASSWORD)
    ada.save()
    TOTP.activate(ada, generate_totp_secret())
    RecoveryCodes.activate(ada)
    return ada


def test_after_a_reset_the_password_alone_is_enough(
    browser: Callable[..., Client], ada: User, ben: User
) -> None:
    ada_elsewhere = browser(ada)
    admin = UserFactory.create(role=ADMINISTRATOR)
    as_admin = browser(admin)
    place = reverse("person_reset_two_factor", args=[ada.pk])
    assert place in Page(as_admin.get(reverse("person", args=[ada.pk]))).links
    assert "signed out everywhere" in as_admin.get(place).content.decode()
    assert Authenticator.objects.filter(user=ada).count() == 2
    stuck = Client().post(LOGIN, {"login": "ada", "password": PASSWORD})
    assert stuck["Location"] == reverse("mfa_authenticate")
    answer = as_admin.post(place, follow=True)
    assert " was reset." in answer.content.decode()
    assert not Authenticator.objects.exists()
    assert ada_elsewhere.get("/people/").status_code == 302
    assert Client().post(LOGIN, {"login": "ada", "password": PASSWORD})["Location"] == "/rooms/"
    assert AuditEntry.objects.values_list("act", "actor", "person").get() == (
        "reset_two_factor",
        admin.pk,
        ada.pk,
    )
    # For a person without a second factor nothing happens, and nothing is logged.
    assert "does not use two-factor authentication" in as_admin.get(place).content.decode()
    as_ben, hers = browser(ben), reverse("person_reset_two_factor", args=[ben.pk])
    assert as_admin.post(hers).status_code == 302
    assert as_ben.get("/people/").status_code == 200
    assert AuditEntry.objects.count() == 1


@pytest.mark.parametrize("about", [OWNER, ADMINISTRATOR, MEMBER, GUEST])
def test_who_may_reset_the_second_factor_of_whom(
    browser: Callable[..., Client], ada: User, about: str
) -> None:
    User.objects.filter(pk=ada.pk).update(role=about)
    ada.refresh_from_db()
    place = reverse("person_reset_two_factor", args=[ada.pk])
    may = {OWNER: [OWNER], ADMINISTRATOR: [OWNER], MEMBER: [OWNER, ADMINISTRATOR]}
    for role in User.Role:
        judge = UserFactory.create(role=role)
        is_allowed = role in may.get(User.Role(about), [OWNER, ADMINISTRATOR])
        assert (role, browser(judge).get(place).status_code) == (role, 200 if is_allowed else 404)
        if not is_allowed:
            assert browser(judge).post(place).status_code == 404
            with pytest.raises(Refused):
                reset_two_factor(ada, by=judge)
    with pytest.raises(Refused):
        reset_two_factor(ada, by=ada)
    assert Authenticator.objects.filter(user=ada).count() == 2


def test_a_new_password_keeps_the_second_factors(browser: Callable[..., Client], ada: User) -> None:
    done = Client().get(reverse("account_reset_password_from_key_done"))
    assert reverse("mfa_index") in Page(done).links
    ada.set_password("four grey seals")
    ada.save()
    own = browser(ada).get(reverse("mfa_index")).content.decode()
    assert "Changing your password does not change these settings" in own
    assert "your password alone is no longer enough" in own
