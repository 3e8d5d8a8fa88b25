"""One's settings: name, picture, appearance, email address."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from messaging.models import Conversation, User
from messaging.models.messages.saving import post
from messaging.models.people.avatars import MAX_BYTES
from tests.factories import stored_picture, uploaded_picture
from tests.views.page import FRAGMENT, Page

pytestmark = [pytest.mark.django_db, pytest.mark.backends]
PLACE = "/account/"


def save(client: Client, **fields: Any) -> Any:
    return client.post(PLACE, {"display_name": "Ada King", "theme": "system"} | fields)


def upload(content: bytes, name: str = "me.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "image/png")


def test_a_new_name_is_seen_at_once_in_every_list(as_ada: Client, as_ben: Client, room: Conversation) -> None:
    post(room, User.objects.get(username="ada"), "Land ho")
    place = reverse("message_list", args=[room.pk])
    assert Page(as_ben.get(place)).all("name")[0].text == "Ada Lovelace"
    assert save(as_ada)["Location"] == PLACE
    assert Page(as_ben.get(place)).all("name")[0].text == "Ada King"


def test_a_picture_is_seen_at_once_on_every_page_that_shows_its_person(
    as_ada: Client, as_ben: Client, ada: User, room: Conversation, direct: Conversation
) -> None:
    root = post(room, ada, "Land ho")
    post(room, ada, "Where?", parent=root)
    pages = ["/", PLACE, "/people/", f"/people/{ada.pk}/", "/conversations/new/"]
    pages += [reverse("conversation", args=[room.pk]), reverse("conversation_members", args=[room.pk])]
    for page in pages:
        assert "<img" not in as_ben.get(page).content.decode()
    assert save(as_ada, picture=upload(uploaded_picture())).status_code == 302
    ada.refresh_from_db()
    shown = reverse("person_picture", args=[ada.pk, ada.avatar_name])
    for page in pages:
        expected = as_ada if page == PLACE else as_ben
        assert shown in expected.get(page).content.decode(), page
    timeline = as_ben.get(reverse("message_list", args=[room.pk])).content.decode()
    assert timeline.count(shown) == 2  # beside the message, and among the faces of its thread


def test_a_picture_is_served_with_headers_that_allow_nothing_but_a_picture(
    as_ada: Client, as_ben: Client
) -> None:
    save(as_ada, picture=upload(uploaded_picture()))
    ada = User.objects.get(username="ada")
    place = reverse("person_picture", args=[ada.pk, ada.avatar_name])
    answer = as_ben.get(place)
    assert answer.content[8:12] == b"WEBP"
    assert answer["Content-Type"] == "image/webp"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert {"private", "immutable"} <= set(answer["Cache-Control"].split(", "))
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert as_ben.get(place, headers=FRAGMENT).status_code == 404
    assert Client().get(place).status_code == 302
    save(as_ada, picture=upload(uploaded_picture(50)))
    assert as_ben.get(place).status_code == 404
    ada.refresh_from_db()
    Path(ada.avatar.path).unlink()
    assert as_ben.get(reverse("person_picture", args=[ada.pk, ada.avatar_name])).status_code == 404


def test_a_picture_can_be_taken_away_again(as_ada: Client) -> None:
    assert "Remove the picture" not in as_ada.get(PLACE).content.decode()
    save(as_ada, picture=upload(uploaded_picture()))
    assert "Remove the picture" in as_ada.get(PLACE).content.decode()
    save(as_ada)
    assert User.objects.get(username="ada").avatar
    save(as_ada, without_picture="on")
    assert not User.objects.get(username="ada").avatar


@pytest.mark.parametrize(
    "file",
    [
        b"words",
        b"<svg onload=alert(1)>",
        uploaded_picture()[:50],
        b"\x00" * (MAX_BYTES + 1),
        uploaded_picture() + b"\x00" * MAX_BYTES,
    ],
    ids=["text", "svg", "cut", "too large", "a picture and more"],
)
def test_an_invalid_picture_is_reported_and_other_fields_are_kept(as_ada: Client, file: bytes) -> None:
    save(as_ada, display_name="Ada Lovelace", picture=upload(uploaded_picture()))
    before = User.objects.filter(username="ada").values().get()
    answer = save(as_ada, picture=upload(file), theme="dark")
    page = Page(answer)
    assert answer.status_code == 422
    assert len(page.all("errors")) == 1
    assert page.field_value("display_name") == "Ada King"
    checked = [one.attributes["value"] for one in page.elements if "checked" in one.attributes]
    assert checked == ["dark"]
    assert User.objects.filter(username="ada").values().get() == before


def test_an_upload_over_the_limit_is_cut_off_while_it_is_received(as_ada: Client) -> None:
    answer = save(as_ada, picture=upload(b"\x00" * (2 * MAX_BYTES)))
    kept = answer.wsgi_request.FILES["picture"].size
    assert MAX_BYTES < kept < MAX_BYTES + 2**20


@pytest.mark.parametrize("theme", ["light", "dark", "system"])
def test_the_chosen_theme_is_used_on_every_page_of_that_person_only(
    as_ada: Client, as_ben: Client, theme: str
) -> None:
    save(as_ada, theme=theme)
    for place in ("/", PLACE, reverse("account_change_password")):
        assert f'<html lang="en" data-theme="{theme}">' in as_ada.get(place).content.decode()
    assert 'data-theme="system"' in as_ben.get("/").content.decode()


@pytest.mark.parametrize("fields", [{"theme": "purple"}, {"theme": ""}, {"display_name": "x" * 81}])
def test_invalid_values_are_refused(as_ada: Client, fields: dict[str, str]) -> None:
    assert save(as_ada, **fields).status_code == 422
    assert User.objects.get(username="ada").name == "Ada Lovelace"


def test_changing_the_email_address_needs_the_password(as_ada: Client, ada: User) -> None:
    ada.set_password("three grey seals")
    ada.email = "old@example.org"
    User.objects.filter(pk=ada.pk).update(password=ada.password, email=ada.email)
    as_ada.force_login(ada)
    place = reverse("account_email")
    assert Page(as_ada.get(place)).field_value("email") == "old@example.org"
    for fields in (
        {"email": "new@example.org", "password": "wrong"},
        {"email": "new@example.org"},
        {"email": "nowhere", "password": "three grey seals"},
    ):
        answer = as_ada.post(place, fields)
        assert (answer.status_code, Page(answer).field_value("email")) == (422, fields["email"])
    ada.refresh_from_db()
    assert ada.email == "old@example.org"
    answer = as_ada.post(place, {"email": "new@example.org", "password": "three grey seals"})
    assert answer["Location"] == PLACE
    assert Page(as_ada.get(place)).field_value("email") == "new@example.org"
    as_ada.post(place, {"email": "", "password": "three grey seals"})
    ada.refresh_from_db()
    assert ada.email == ""


def test_a_picture_goes_with_the_account_and_is_counted(as_ada: Client, ada: User) -> None:
    ada.set_avatar(stored_picture())
    ada.save()
    assert "Profile pictures: <b>1</b>" in as_ada.get(reverse("account_delete")).content.decode()
