"""Choosing a password: which ones are refused, and that they are compared exactly."""

from collections.abc import Callable

import pytest
from django.contrib.auth import authenticate
from django.test import Client
from django.urls import reverse

from messaging.models import User
from tests.factories import open_sign_up
from tests.views.page import Answer, Page

pytestmark = pytest.mark.django_db
OLD = "three grey seals"


@pytest.fixture
def as_ada(ada: User, browser: Callable[[User], Client]) -> Client:
    ada.set_password(OLD)
    ada.save()
    return browser(ada)


def change(client: Client, new: str, old: str = OLD) -> Answer:
    given = {"oldpassword": old, "password1": new, "password2": new}
    return client.post(reverse("account_change_password"), given)


def sign_up(client: Client, password: str) -> Answer:
    open_sign_up()
    given = {"username": "zoe", "password1": password, "password2": password}
    return client.post(reverse("account_signup"), given)


@pytest.mark.parametrize("password", ["7 chars", "password1", "iloveyou", "trustno1", "48151623421508"])
def test_short_and_common_passwords_are_refused(as_ada: Client, client: Client, password: str) -> None:
    assert Page(change(as_ada, password)).all("errors")
    assert Page(sign_up(client, password)).all("errors")
    assert not User.objects.filter(username="zoe").exists()
    assert authenticate(username="ada", password=OLD)


@pytest.mark.parametrize("password", ["only small letters", "ÄÖÜ 海豹 🦭🦭", " SPACES  stay ", "x7" * 60])
def test_any_other_password_is_accepted_and_compared_exactly(
    as_ada: Client, client: Client, password: str
) -> None:
    assert change(as_ada, password).status_code == 302
    assert sign_up(client, password).status_code == 302
    for username in ("ada", "zoe"):
        assert authenticate(username=username, password=password)
        for other in (password.swapcase(), password.strip() + "!", password[:-1]):
            assert not authenticate(username=username, password=other)


def test_a_change_needs_the_current_password(as_ada: Client) -> None:
    assert Page(change(as_ada, "four grey seals", old="a guess of mine")).all("errors")
    assert authenticate(username="ada", password=OLD)


def test_password_fields_hide_the_text_and_work_with_password_managers(
    as_ada: Client, client: Client
) -> None:
    open_sign_up()
    places = {"account_login": client, "account_signup": client, "account_change_password": as_ada}
    places |= {"account_delete": as_ada, "account_email": as_ada}
    found = set()
    for name, visitor in places.items():
        for field in Page(visitor.get(reverse(name))).elements:
            if "password" in field.attributes.get("name", ""):
                found.add(name)
                assert field.attributes["type"] == "password"
                assert field.attributes["autocomplete"] in {"current-password", "new-password"}
                assert not {"onpaste", "maxlength", "readonly"} & set(field.attributes)
    assert found == set(places)
