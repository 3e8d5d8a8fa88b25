"""The files of a conversation: what is listed, in which order, for whom, and by how many queries."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from messaging.models import Attachment, Conversation, Message, User
from messaging.models.messages.saving import post
from messaging.models.messages.uploading import upload
from tests.factories import RoomFactory, uploaded_picture
from tests.queue import run_tasks
from tests.views.growing import fill
from tests.views.messages.conftest import a_file
from tests.views.page import Page
from tests.views.test_query_plans import FULL_SCANS, Plans

pytestmark = [pytest.mark.django_db, pytest.mark.backends]
KINDS = {
    "sea.png": uploaded_picture(),
    "ferry.mp4": b"\0\0\0\x18ftypmp42",
    "bells.mp3": b"ID3",
    "plan.txt": b"the plan",
}


def address(room: Conversation) -> str:
    return reverse("conversation_files", args=[room.pk])


def send(by: User, room: Conversation, *names: str, parent: Message | None = None) -> Message:
    ids = [upload(a_file(name, KINDS.get(name, b"words")), by).pk for name in names]
    return post(room, by, "", files=ids, parent=parent)


def listed(page: Page) -> list[str]:
    return [one.text for one in page.elements if "file-name" in one.classes]


def test_newest_message_first_and_its_files_in_order(
    as_ben: Client, ada: User, ben: User, room: Conversation, message: Message
) -> None:
    send(ada, room, "one.txt", "two.txt")
    reply = send(ben, room, "three.txt", parent=message)
    send(ada, RoomFactory.create(by=ada, members=[ben]), "elsewhere.txt")
    upload(a_file("unsent.txt"), ada)
    page = Page(as_ben.get(address(room)))
    assert listed(page) == ["three.txt", "one.txt", "two.txt"]
    assert f"/messages/{reply.pk}/" in page.links


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("", list(KINDS)),
        ("pictures", ["sea.png"]),
        ("videos", ["ferry.mp4"]),
        ("sounds", ["bells.mp3"]),
        ("documents", ["plan.txt"]),
        ("nonsense", list(KINDS)),
    ],
)
def test_kinds(as_ben: Client, ada: User, room: Conversation, kind: str, names: list[str]) -> None:
    send(ada, room, *KINDS)
    run_tasks()
    page = Page(as_ben.get(address(room), {"kind": kind}))
    assert listed(page) == names
    picture = Attachment.objects.get(name="sea.png")
    assert (f"/files/{picture.pk}/thumbnail/" in page.html) is ("sea.png" in names)


def test_pages_have_each_file_once(
    as_ben: Client, ada: User, room: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("messaging.models.messages.conversation_files.PAGE_SIZE", 2)
    send(ada, room, "a.txt", "b.txt", "c.txt")
    send(ada, room, "d.txt")
    send(ada, room, "sea.png")
    found, query = [], "?kind=documents"
    while query:
        page = Page(as_ben.get(address(room) + query))
        found.append(listed(page))
        query = next((link for link in page.links if "before=" in link), "")
    assert found == [["d.txt", "a.txt"], ["b.txt", "c.txt"]]


def test_files_of_removed_messages_are_not_listed(as_ben: Client, ada: User, room: Conversation) -> None:
    send(ada, room, "gone.txt").remove()
    page = Page(as_ben.get(address(room)))
    assert listed(page) == []
    assert "No files here yet" in page.html


def test_same_queries_for_any_number(as_ben: Client, ada: User, ben: User, room: Conversation) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            as_ben.get(address(room))
        return len(captured)

    send(ada, room, "one.txt")
    as_ben.get(address(room))
    before = queries()
    for by in (ada, ben):
        send(by, room, *KINDS)
    assert queries() == before


@pytest.mark.parametrize("query", [{}, {"kind": "sounds"}, {"kind": "pictures", "before": "900"}])
def test_files_are_found_by_an_index(
    as_ben: Client, ada: User, room: Conversation, query: dict[str, str]
) -> None:
    fill(room, ada, 1000)
    send(ada, room, *KINDS)
    if connection.vendor == "postgresql":  # SQLite has no statistics in a running installation either
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    with Plans() as plans:
        as_ben.get(address(room), query)
    found = plans.read()
    assert [plan for plan in found if "with_files" in plan]
    assert not [plan for plan in found if FULL_SCANS.search(plan)]


def test_lost_file_leads_nowhere(as_ben: Client, ada: User, room: Conversation) -> None:
    send(ada, room, "plan.txt")
    Attachment.objects.update(state=Attachment.State.LOST)
    page = Page(as_ben.get(address(room)))
    assert listed(page) == ["plan.txt"]
    assert "lost" in page.html
    assert not [link for link in page.links if link.startswith("/files/")]
