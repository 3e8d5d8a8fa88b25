"""Roles that follow the groups of the provider."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from messaging.models import AuditEntry, Installation, User
from messaging.models.accounts.identities import role_by_groups
from tests.factories import open_sign_up
from tests.oidc.conftest import use
from tests.oidc.provider import Provider
from tests.views.page import Answer

pytestmark = [pytest.mark.django_db, pytest.mark.backends]
SignIn = Callable[..., Answer]
OWNER, ADMINISTRATOR, MEMBER, GUEST = User.Role


@pytest.fixture
def ada(ada: User) -> User:
    User.objects.filter(pk=ada.pk).update(email="ada@example.org", email_confirmed=True)
    return ada


def is_in(provider: Provider, *groups: str) -> None:
    """Ada is in these groups at the provider, and in no others."""
    says(provider, groups=groups)


def says(provider: Provider, **claims: Any) -> None:
    """The provider says this of Ada, beside who she is."""
    provider.has("a1", email="ada@example.org", email_verified=True, preferred_username="ada", **claims)


@pytest.mark.parametrize(
    ("before", "groups", "administrators", "members", "after"),
    [
        (MEMBER, ["it"], ["it"], [], ADMINISTRATOR),
        (GUEST, ["it"], ["it"], [], ADMINISTRATOR),
        (ADMINISTRATOR, [], ["it"], [], MEMBER),
        (ADMINISTRATOR, ["it"], ["it"], ["staff"], ADMINISTRATOR),
        (ADMINISTRATOR, ["staff"], ["it"], ["staff"], MEMBER),
        (ADMINISTRATOR, [], ["it"], ["staff"], GUEST),
        (MEMBER, [], ["it"], ["staff"], GUEST),
        (GUEST, ["staff"], [], ["staff"], MEMBER),
        # What no group is set for stays as it was given here.
        (ADMINISTRATOR, [], [], ["staff"], ADMINISTRATOR),
        (GUEST, [], ["it"], [], GUEST),
        (MEMBER, [], [], [], MEMBER),
        # Owners are made and unmade here alone.
        *[(OWNER, groups, ["it"], ["staff"], OWNER) for groups in ([], ["it"], ["staff"])],
        (MEMBER, ["owner"], ["it"], [], MEMBER),
    ],
)
def test_the_role_that_follows_from_groups(
    before: str, groups: list[str], administrators: list[str], members: list[str], after: str
) -> None:
    assert role_by_groups(before, groups, administrators, members) == after


def test_a_role_comes_and_goes_with_the_group_at_each_sign_in(
    provider: Provider, sign_in: SignIn, settings: Settings, ada: User
) -> None:
    use(settings, ACME=provider.url("administrators=it&members=staff"))
    client = Client()
    for groups, role in ((["it"], ADMINISTRATOR), (["staff"], MEMBER), ([], GUEST), (["staff"], MEMBER)):
        is_in(provider, *groups)
        client.logout()
        sign_in(client)
        assert User.objects.get(pk=ada.pk).role == role
        assert client.get("/site/").status_code == (200 if role == ADMINISTRATOR else 404)
    roles = [
        entry.details["role"] for entry in AuditEntry.objects.filter(act="role_by_provider").order_by("pk")
    ]
    assert roles == [
        ["member", "administrator"],
        ["administrator", "member"],
        ["member", "guest"],
        ["guest", "member"],
    ]
    assert AuditEntry.objects.filter(act="role_by_provider", actor=ada).count() == 4


def test_no_group_makes_or_unmakes_an_owner(
    provider: Provider, sign_in: SignIn, settings: Settings, ada: User
) -> None:
    use(settings, ACME=provider.url("administrators=it,owner&members=staff"))
    is_in(provider, "owner")
    sign_in(Client())
    assert User.objects.get(pk=ada.pk).role == ADMINISTRATOR
    User.objects.filter(pk=ada.pk).update(role=OWNER)
    is_in(provider)
    sign_in(Client())
    assert User.objects.get(pk=ada.pk).role == OWNER


def test_a_new_account_has_the_role_at_once(
    provider: Provider, sign_in: SignIn, settings: Settings, ben: User
) -> None:
    use(settings, ACME=provider.url("administrators=it"))
    open_sign_up()
    is_in(provider, "it", "a-group-that-is-nobodys-business")
    client = Client()
    sign_in(client)
    assert "nobodys-business" not in str(dict(client.session))
    client.post("/account/provider/sign-up/", {"username": "ada"})
    assert User.objects.get(username="ada").role == ADMINISTRATOR
    assert Installation.objects.current().sign_up == Installation.SignUp.OPEN


@pytest.mark.parametrize("claims", [{}, {"groups": None}, {"_claim_names": {"groups": "src1"}}], ids=str)
def test_a_provider_that_says_nothing_of_groups_changes_no_role(
    provider: Provider,
    sign_in: SignIn,
    settings: Settings,
    ada: User,
    caplog: pytest.LogCaptureFixture,
    claims: dict[str, Any],
) -> None:
    """The scope was forgotten, or there are more groups than Entra ID puts into a token."""
    use(settings, ACME=provider.url("administrators=it&members=staff"))
    says(provider, **claims)
    for role in (ADMINISTRATOR, MEMBER, GUEST):
        User.objects.filter(pk=ada.pk).update(role=role)
        sign_in(Client())
        assert User.objects.get(pk=ada.pk).role == role
    assert "The provider acme sent no claim groups" in caplog.text
    caplog.clear()
    is_in(provider)
    sign_in(Client())
    assert "sent no claim" not in caplog.text


def test_a_new_account_of_which_no_groups_are_known_is_that_of_somebody_in_none(
    provider: Provider, sign_in: SignIn, settings: Settings, ben: User
) -> None:
    use(settings, ACME=provider.url("administrators=it&members=staff&join=anyone"))
    says(provider)
    client = Client()
    sign_in(client)
    client.post("/account/provider/sign-up/", {"username": "ada"})
    assert User.objects.get(username="ada").role == GUEST
    is_in(provider, "staff")
    sign_in(Client())
    assert User.objects.get(username="ada").role == MEMBER
