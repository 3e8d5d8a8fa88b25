"""The team's picture: beside its name on every page, for those who are signed in."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from messaging.models import AuditEntry, Conversation, Installation, User
from tests.factories import UserFactory, uploaded_picture
from tests.views.page import FRAGMENT, Answer, Page

pytestmark = [pytest.mark.django_db, pytest.mark.backends]
PLACE = reverse("site_settings")
FIELDS = {
    "name": "Harbour",
    "sign_up": "closed",
    "room_creators": "members",
    "edit_minutes": "0",
    "backup_days": "0",
    "room_mentioners": "small",
    "history_readers": "members",
}


@pytest.fixture
def olga(browser: Callable[..., Client]) -> Client:
    return browser(UserFactory.create(username="olga", role=User.Role.OWNER))


def save(client: Client, picture: bytes | None = None, **fields: object) -> Answer:
    file = {"picture": SimpleUploadedFile("team.png", picture, "image/png")} if picture else {}
    return client.post(PLACE, {**FIELDS, **fields, **file})


def shown(client: Client, path: str = "/") -> str:
    """The address of the picture beside the team's name; empty if there is none."""
    logo = Page(client.get(path)).all("logo")[0]
    return logo.attributes.get("src", "")


def files() -> set[str]:
    folder = Path(default_storage.path("team"))
    return {file.name for file in folder.iterdir()} if folder.exists() else set()


def test_it_stands_beside_the_name_on_every_page_at_once(
    olga: Client, as_ben: Client, room: Conversation
) -> None:
    pages = ["/", "/people/", reverse("conversation", args=[room.pk])]
    assert [shown(as_ben, page) for page in pages] == [""] * 3
    assert save(olga, uploaded_picture())["Location"] == PLACE
    address = reverse("site_picture", args=[Installation.objects.current().picture_name])
    assert [shown(as_ben, page) for page in pages] == [address] * 3
    answer = as_ben.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
    assert "immutable" in answer["Cache-Control"]
    assert answer.content.startswith(b"RIFF")
    assert Client().get(address)["Location"].startswith(reverse("account_login"))
    assert as_ben.get(address, headers=FRAGMENT).status_code == 404
    assert as_ben.get(reverse("site_picture", args=["other.webp"])).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_another_one_replaces_it_and_it_can_be_removed(olga: Client) -> None:
    before = files()
    assert "Remove the picture" not in olga.get(PLACE).content.decode()
    save(olga, uploaded_picture())
    first = Installation.objects.current().picture_name
    save(olga, uploaded_picture(60))
    second = Installation.objects.current().picture_name
    assert files() - before == {second}
    assert olga.get(reverse("site_picture", args=[first])).status_code == 404
    save(olga)  # without a file it stays
    assert Installation.objects.current().picture_name == second
    assert "Remove the picture" in olga.get(PLACE).content.decode()
    save(olga, without_picture="on")
    assert (Installation.objects.current().picture_name, shown(olga), files()) == ("", "", before)
    kept = [entry.details.get("picture") for entry in AuditEntry.objects.order_by("pk")]
    assert kept == ["changed", "changed", "removed"]


@pytest.mark.parametrize(
    "file", [b"words", b"<svg xmlns='http://www.w3.org/2000/svg'/>", uploaded_picture()[:50]]
)
def test_what_is_no_picture_is_refused_and_nothing_is_saved(olga: Client, file: bytes) -> None:
    answer = save(olga, file, name="Quay")
    assert answer.status_code == 422
    assert "cannot be read" in Page(answer).all("errors")[0].text
    assert Page(answer).field_value("name") == "Quay"
    site = Installation.objects.current()
    assert (site.picture_name, site.name) == ("", "Parley")


def test_pictures_of_the_team_share_the_limit_of_pictures(olga: Client, settings: Settings) -> None:
    settings.LIMITS = {**settings.LIMITS, "picture": (1, 0.1)}
    assert save(olga, uploaded_picture()).status_code == 302
    first = Installation.objects.current().picture_name
    assert save(olga, uploaded_picture()).status_code == 429
    assert Installation.objects.current().picture_name == first
    assert save(olga, name="Quay").status_code == 302


def test_members_change_nothing(as_ben: Client) -> None:
    assert save(as_ben, uploaded_picture()).status_code == 404
    assert not Installation.objects.current().picture_name
