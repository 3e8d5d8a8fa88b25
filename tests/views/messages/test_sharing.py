"""What another app shares becomes a draft where its person chooses. No other site can do it."""

import json
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from messaging.models import Attachment, Conversation, Draft, Message, User
from messaging.models.messages.attachment import MAX_FILES
from messaging.models.rooms.settings import archive
from tests.factories import RoomFactory, UserFactory
from tests.views.page import FRAGMENT, Page

pytestmark = pytest.mark.django_db
FROM_THE_PHONE = {"Sec-Fetch-Site": "none", "Origin": "null"}


def share(client: Client, **fields: Any) -> Any:
    return client.post(reverse("share"), fields, headers=FROM_THE_PHONE)


def share_to(client: Client, to: str, **fields: Any) -> Any:
    return client.post(reverse("share_to"), {"to": to, **fields})


def text_on(answer: Any) -> str:
    return Page(answer).field_value("content")


def uploaded_on(answer: Any) -> list[int]:
    return [int(found) for found in re.findall(r'name="uploaded" value="(\d+)"', answer.content.decode())]


def a_file(name: str = "plan.txt", content: bytes = b"words") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_the_manifest_names_fields_that_the_page_reads(as_ada: Client) -> None:
    target = json.loads(as_ada.get(reverse("manifest")).content)["share_target"]
    assert (target["action"], target["method"], target["enctype"]) == (
        reverse("share"),
        "POST",
        "multipart/form-data",
    )
    params = target["params"]
    files = params.pop("files")[0]
    fields = {name: f"the {name}" for name in params.values()}
    answer = share(as_ada, **fields, **{files["name"]: a_file()})
    assert text_on(answer).splitlines() == ["the title", "the text", "the url"]
    assert "plan.txt" in answer.content.decode()


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"text": "Look: https://example.org", "url": "https://example.org"}, "Look: https://example.org"),
        ({"title": " Boats ", "url": "https://example.org"}, "Boats\nhttps://example.org"),
        ({"title": "", "text": ""}, ""),
        ({"text": "<b>\x00 & “x”"}, "<b>\x00 & “x”"),
    ],
)
def test_title_text_and_link_are_one_text(as_ada: Client, fields: dict[str, str], expected: str) -> None:
    assert text_on(share(as_ada, **fields)) == expected


def test_text_and_files_are_in_the_composer_and_nothing_is_sent(
    as_ada: Client, ada: User, room: Conversation
) -> None:
    shown = share(as_ada, text="A plan", files=[a_file(), a_file("map.txt")])
    ids = list(Attachment.objects.order_by("pk").values_list("pk", flat=True))
    assert uploaded_on(shown) == ids
    answer = share_to(as_ada, f"c{room.pk}", content="A plan", uploaded=ids)
    assert answer.url == f"/conversations/{room.pk}/?uploaded={ids[0]}&uploaded={ids[1]}"
    page = as_ada.get(answer.url)
    assert text_on(page) == "A plan"
    assert uploaded_on(page) == ids
    assert not Message.objects.exists()


def test_it_comes_below_what_is_written_there(as_ada: Client, ada: User, room: Conversation) -> None:
    share_to(as_ada, f"c{room.pk}", content="First")
    share_to(as_ada, f"c{room.pk}", content="Second")
    assert Draft.objects.get().text == "First\n\nSecond"


def test_a_shared_command_is_a_text(as_ada: Client, room: Conversation) -> None:
    share_to(as_ada, f"c{room.pk}", content="/topic Nonsense")
    assert Draft.objects.get().text == "//topic Nonsense"


def test_a_person_without_a_conversation_can_be_chosen(as_ada: Client, ada: User) -> None:
    cleo: User = UserFactory.create(display_name="Cleo")
    share_to(as_ada, f"p{cleo.pk}", content="For you")
    assert Draft.objects.get().conversation == Conversation.objects.direct(ada, cleo)


def test_a_search_keeps_text_files_and_choice(as_ada: Client, ada: User, room: Conversation) -> None:
    RoomFactory.create(name="Quay", by=ada)
    share(as_ada, files=a_file())
    file = Attachment.objects.get()
    fields = {"content": "A plan", "uploaded": file.pk, "search": "1", "q": "harb"}
    answer = share_to(as_ada, f"c{room.pk}", **fields)
    assert text_on(answer) == "A plan"
    assert uploaded_on(answer) == [file.pk]
    assert "plan.txt" in answer.content.decode()
    part = as_ada.post(reverse("share_to"), fields, headers=FRAGMENT).content.decode()
    assert "Harbour" in part
    assert "Quay" not in part
    assert "<html" not in part
    assert not Draft.objects.exists()


@pytest.mark.parametrize("to", ["", "x", "c0", "c999999", "p999999", "c99999999999999999999"])
def test_a_place_that_cannot_be_written_in_is_refused_and_the_text_kept(as_ada: Client, to: str) -> None:
    answer = share_to(as_ada, to, content="A plan")
    assert answer.status_code == 422
    assert text_on(answer) == "A plan"
    refused = answer.content.decode()
    assert "where to send it" not in refused
    assert "Choose a conversation.</div>" in refused or "Choose again" in refused


def test_foreign_and_archived_conversations_are_refused(
    as_ada: Client, as_stranger: Client, ada: User, room: Conversation
) -> None:
    assert share_to(as_stranger, f"c{room.pk}", content="Hello").status_code == 422
    archive(room, by=ada)
    assert share_to(as_ada, f"c{room.pk}", content="Hello").status_code == 422
    assert not Draft.objects.exists()


def test_too_much_is_said_clearly(as_ada: Client, room: Conversation) -> None:
    assert "empty.txt: This file is empty." in share(as_ada, files=a_file("empty.txt", b"")).content.decode()
    files = [a_file(f"{number}.txt") for number in range(MAX_FILES + 1)]
    assert "20 files at most" in share(as_ada, text="x", files=files).content.decode()
    assert Attachment.objects.count() == MAX_FILES
    assert "10,000" in share(as_ada, text="x" * 10_001).content.decode()
    long = share_to(as_ada, f"c{room.pk}", content="x" * 10_001)
    assert long.status_code == 422
    assert "10,000" in long.content.decode()
    assert text_on(long) == "x" * 10_001
    nothing = share_to(as_ada, f"c{room.pk}", content="")
    assert "Enter some visible text." in nothing.content.decode()


def test_files_of_others_are_not_taken(as_ada: Client, as_stranger: Client, room: Conversation) -> None:
    share(as_stranger, files=a_file())
    file = Attachment.objects.get()
    assert uploaded_on(as_ada.get(f"/conversations/{room.pk}/?uploaded={file.pk}")) == []
    answer = share_to(as_ada, f"c{room.pk}", content="x", uploaded=file.pk)
    assert answer.url == f"/conversations/{room.pk}/"


def test_what_was_uploaded_before_is_left_as_it_is_without_a_token(as_ada: Client) -> None:
    share(as_ada, files=a_file())
    file = Attachment.objects.get()
    answer = share(as_ada, text="x", uploaded=file.pk, **{f"alternative-{file.pk}": "Planted"})
    assert uploaded_on(answer) == []
    file.refresh_from_db()
    assert file.alternative_text == ""


def test_drafts_and_new_conversations_are_rate_limited(
    as_ada: Client, ada: User, room: Conversation, settings: Settings
) -> None:
    cleo, dan = (UserFactory.create(username=name) for name in ("cleo", "dan"))
    settings.LIMITS = {**settings.LIMITS, "create": (1, 0.1), "draft": (2, 0.1)}
    assert share_to(as_ada, f"p{cleo.pk}", content="One").status_code == 302
    assert share_to(as_ada, f"c{room.pk}", content="x" * 10_001).status_code == 422  # takes none
    answers = [share_to(as_ada, to, content="Two") for to in (f"p{dan.pk}", f"c{room.pk}", f"c{room.pk}")]
    assert [answer.status_code for answer in answers] == [429, 302, 429]
    for refused in (answers[0], answers[2]):
        assert refused["Retry-After"] == "10"
        assert text_on(refused) == "Two"
    assert sorted(Draft.objects.values_list("text", flat=True)) == ["One", "Two"]
    assert not Conversation.objects.filter(memberships__user=dan).exists()


@pytest.mark.parametrize("uploaded", ["x", "0", "-1", "9" * 40, ""])
def test_addresses_with_nonsense_show_the_page(as_ada: Client, room: Conversation, uploaded: str) -> None:
    assert as_ada.get(f"/conversations/{room.pk}/?uploaded={uploaded}").status_code == 200


def test_signed_out_the_text_waits_on_the_page(client: Client, ada: User) -> None:
    answer = share(client, text="A secret", url="https://example.org", files=a_file())
    assert answer.status_code == 401
    waiting = Page(answer).field_value("text")
    assert waiting == "A secret\nhttps://example.org"
    assert "share them again" in answer.content.decode()
    assert not Attachment.objects.exists()
    client.force_login(ada)
    again = client.post(reverse("share"), {"text": waiting}, headers={"Sec-Fetch-Site": "same-origin"})
    assert text_on(again) == waiting
    assert client.get(reverse("share")).status_code == 200


def test_signed_out_with_files_alone_nothing_is_there_to_go_on_with(client: Client) -> None:
    assert "Continue" in share(client, text="A secret").content.decode()
    page = share(client, files=a_file()).content.decode()
    assert "share them again" in page
    assert "Continue" not in page


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "null"},
    ],
)
def test_another_site_can_store_and_show_nothing(as_ada: Client, headers: dict[str, str]) -> None:
    for client in (as_ada, Client()):
        answer = client.post(reverse("share"), {"text": "Evil words", "files": a_file()}, headers=headers)
        assert answer.status_code == 403
        assert "Evil words" not in answer.content.decode()
    assert not Attachment.objects.exists()
    assert not Draft.objects.exists()


def test_without_its_token_the_second_page_does_nothing(as_ada: Client, room: Conversation) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies = as_ada.cookies
    assert share_to(client, f"c{room.pk}", content="Hello").status_code == 403
    assert not Draft.objects.exists()
