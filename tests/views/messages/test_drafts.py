"""Drafts in forms and lists: of their author alone, and without script."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from messaging.models import Conversation, Draft, Message, User
from messaging.models.messages.saving import post
from messaging.models.rooms.members import leave
from messaging.models.rooms.settings import archive
from tests.contract.counting import statements
from tests.drafts import draft
from tests.factories import RoomFactory
from tests.views.page import FRAGMENT, Page

pytestmark = pytest.mark.django_db
SEND = 13  # as in test_query_counts.py


@pytest.fixture
def as_ben(ben: User, browser: Callable[[User], Client]) -> Client:
    return browser(ben)


@pytest.fixture
def as_ada(ada: User, browser: Callable[[User], Client]) -> Client:
    return browser(ada)


@pytest.fixture
def place(room: Conversation) -> str:
    return reverse("conversation_draft", args=[room.pk])


def typed(text: str, **more: Any) -> dict[str, Any]:
    return {"content": text, "token": uuid4(), "sequence": 1, "known": 0, **more}


def shown(answer: Any) -> str:
    """What is in the field in which one writes."""
    [field] = [one for one in Page(answer).elements if one.tag == "textarea"]
    return field.text.removeprefix("\n")


def test_the_script_saves_and_reads_a_draft(as_ben: Client, ben: User, place: str) -> None:
    assert as_ben.get(place).json() == {"version": 0, "text": ""}
    values = typed("Half\r\na thought")
    answer = as_ben.post(place, values)
    assert answer.json() == {"version": 1}
    stored = {"version": 1, "token": str(values["token"]), "text": "Half\na thought"}
    assert as_ben.get(place).json() == stored
    other = as_ben.post(place, typed("Something else"))
    assert (other.status_code, other.json()) == (409, stored)
    assert as_ben.post(place, typed("", known=1)).json() == {"version": 0}
    assert not ben.draft_texts.exists()
    for one in (answer, other, as_ben.get(place), as_ben.get(reverse("draft_list"))):
        assert "no-store" in one["Cache-Control"]


def test_what_cannot_be_saved_is_refused_with_a_reason(
    as_ben: Client, room: Conversation, ben: User, place: str
) -> None:
    token = uuid4()
    post(room, ben, "Hello", client_id=token)
    cases = [
        (typed("x" * 10_001), 422, "10,001 characters"),
        (typed("Hello", token="?"), 400, "Load it again"),
        (typed("Hello", known="-1"), 400, "Load it again"),
        (typed("Hello", token=token), 409, '"version": 0'),
    ]
    for values, status, says in cases:
        answer = as_ben.post(place, values)
        assert (answer.status_code, says in answer.content.decode()) == (status, True), values
    assert not Draft.objects.exists()


def test_saves_are_rate_limited(as_ben: Client, place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(settings.LIMITS, "draft", (1, 1 / 10))
    assert as_ben.post(place, typed("One")).status_code == 200
    answer = as_ben.post(place, typed("Two"))
    assert (answer.status_code, answer["Retry-After"]) == (429, "10")


def test_every_form_begins_with_its_draft_for_its_author_alone(
    as_ben: Client, as_ada: Client, ben: User, ada: User, room: Conversation
) -> None:
    root = post(room, ada, "Root")
    reply = post(room, ada, "A reply", parent=root)
    draft(ben, room, "To <all>")
    draft(ben, room, "To the thread", reply_to=root)
    draft(ben, room, "To the reply", reply_to=reply)
    slot = {**FRAGMENT, "HX-Target": "slot-g-1"}
    forms: list[tuple[str, int, dict[str, str], str]] = [
        ("conversation", room.pk, {}, "To <all>"),
        ("message_send", room.pk, slot, "To <all>"),
        ("thread", root.pk, {}, "To the thread"),
        ("thread", root.pk, FRAGMENT, "To the thread"),
        ("message_reply", root.pk, FRAGMENT, "To the thread"),
        ("message_reply", reply.pk, {}, "To the reply"),
    ]
    for name, pk, headers, text in forms:
        address = reverse(name, args=[pk])
        assert shown(as_ben.get(address, headers=headers)) == text
        hers = as_ada.get(address, headers=headers)
        assert (shown(hers), "To the" in hers.content.decode()) == ("", False)


def test_a_quotation_comes_below_the_draft(as_ben: Client, ben: User, ada: User, room: Conversation) -> None:
    root = post(room, ada, "Root")
    draft(ben, room, "Half a thought\n", reply_to=root)
    answer = as_ben.get(reverse("message_reply", args=[root.pk]), {"quote": ""}, headers=FRAGMENT)
    assert shown(answer).startswith("Half a thought\n\n> Root")


def test_sending_without_script_deletes_the_draft(as_ben: Client, ben: User, room: Conversation) -> None:
    draft(ben, room, "Half a thought")
    page = Page(as_ben.get(reverse("conversation", args=[room.pk])))
    names = ("draft", "client_id")
    values = {
        one.attributes["name"]: one.attributes.get("value")
        for one in page.elements
        if one.tag == "input" and one.attributes.get("name") in names
    }
    as_ben.post(reverse("message_send", args=[room.pk]), {"content": "A whole thought", **values})
    assert Message.objects.get().content == "A whole thought"
    assert not Draft.objects.exists()


@pytest.mark.parametrize("version", ["", "-1", "x", "9" * 30, "7"])
def test_a_message_whose_draft_is_unknown_is_sent_anyway(
    as_ben: Client, ben: User, room: Conversation, version: str
) -> None:
    draft(ben, room, "Half a thought")
    as_ben.post(reverse("message_send", args=[room.pk]), {"content": "Hello", "draft": version})
    assert Message.objects.get().content == "Hello"
    assert Draft.objects.get().text == "Half a thought"


def test_scheduling_deletes_the_draft_also_by_way_of_its_page(
    as_ben: Client, ben: User, room: Conversation
) -> None:
    version = draft(ben, room, "Half a thought").version
    place = reverse("message_schedule", args=[room.pk])
    page = Page(as_ben.post(place, {"content": "A whole thought", "draft": version}))
    [field] = [one for one in page.elements if one.attributes.get("name") == "draft"]
    assert field.attributes["value"] == str(version)
    assert Draft.objects.exists()
    as_ben.post(place, {"content": "A whole thought", "draft": version, "when": "1"})
    assert ben.scheduled.get().text == "A whole thought"
    assert not Draft.objects.exists()


def test_a_draft_costs_a_send_a_few_queries_and_nothing_where_there_is_none(
    as_ben: Client, ben: User, room: Conversation
) -> None:
    place, costs = reverse("message_send", args=[room.pk]), []
    for saved in (None, draft(ben, room, "Hello"), None):
        values = {"content": "Hello", "client_id": uuid4()}
        with statements() as found:
            as_ben.post(place, {**values, "draft": saved.version} if saved else values, headers=FRAGMENT)
        costs.append(len(found))
    assert costs[0] == costs[2]
    assert costs[1] <= min(costs[0] + 4, SEND)


def test_the_sidebar_marks_and_links_for_the_author_alone(
    as_ben: Client, as_ada: Client, ben: User, room: Conversation
) -> None:
    def marks(client: Client) -> tuple[bool, bool]:
        elements = Page(client.get(reverse("person_list"))).elements
        [link] = [one for one in elements if one.attributes.get("id") == "drafts-link"]
        return any("row-mark" in one.classes for one in elements), "hidden" not in link.attributes

    assert (marks(as_ben), marks(as_ada)) == ((False, False), (False, False))
    saved = draft(ben, room, "Half a thought")
    assert (marks(as_ben), marks(as_ada)) == ((True, True), (False, False))
    as_ben.post(reverse("draft_delete", args=[saved.pk]))
    assert marks(as_ben) == (False, False)


def test_the_list_keeps_texts_that_can_no_longer_be_sent_and_says_no_name(
    as_ben: Client, ben: User, ada: User, room: Conversation
) -> None:
    closed = RoomFactory.create(name="Closed", by=ada, members=[ben])
    removed = post(room, ada, "Removed")
    other = post(room, ada, "Answered")
    draft(ben, closed, "To the archive")
    draft(ben, room, "To nobody", reply_to=removed)
    draft(ben, room, "To Ada", reply_to=other)
    draft(ben, room, "To all")
    archive(closed, by=ada)
    removed.remove(by=ada)
    page = Page(as_ben.get(reverse("draft_list")))
    links = [one.attributes["href"] for one in page.elements if one.text == "Open"]
    assert links == [reverse("conversation", args=[room.pk]), reverse("thread", args=[other.pk])]
    assert [one.text.strip() for one in page.elements if one.tag == "textarea"] == [
        "To nobody",
        "To the archive",
    ]
    leave(room, ben)
    html = as_ben.get(reverse("draft_list")).content.decode()
    assert "Harbour" not in html
    assert html.count("A conversation that you left") == 3
    for text in ("To all", "To Ada", "To nobody", "To the archive"):
        assert text in html
    assert reverse("conversation", args=[room.pk]) not in html


def test_a_draft_in_a_hidden_conversation_can_be_sent_there(as_ben: Client, ben: User, ada: User) -> None:
    direct = Conversation.objects.direct(ada, ben)
    saved = draft(ben, direct, "Dear Ada")
    as_ben.post(reverse("conversation_arrange", args=[direct.pk]), {"hidden": 1})
    for address in (reverse("draft_list"), reverse("draft_delete", args=[saved.pk])):
        html = as_ben.get(address).content.decode()
        assert ("A hidden conversation" in html, "that you left" in html) == (True, False)
    page = Page(as_ben.get(reverse("draft_list")))
    [link] = [one.attributes["href"] for one in page.elements if one.text == "Open"]
    assert (link, "no longer be sent" in page.html) == (reverse("conversation", args=[direct.pk]), False)


def test_the_list_takes_no_more_queries_for_more_drafts(
    as_ben: Client, ben: User, ada: User, room: Conversation
) -> None:
    costs = []
    for _ in range(2):
        for _ in range(10):
            draft(ben, room, "To Ada", reply_to=post(room, ada, "Root"))
            draft(ben, RoomFactory.create(by=ben), "To all")
        as_ben.get(reverse("draft_list"))
        with statements() as found:
            as_ben.get(reverse("draft_list"))
        costs.append(len(found))
    assert costs[0] == costs[1]


def test_opening_the_list_mends_marks_that_an_older_instance_has_overwritten(
    as_ben: Client, ben: User, room: Conversation
) -> None:
    stale = User.objects.get(pk=ben.pk)
    saved = draft(ben, room, "Half a thought")
    stale.save()
    assert User.objects.get(pk=ben.pk).drafts == []
    assert "Half a thought" in as_ben.get(reverse("draft_list")).content.decode()
    assert User.objects.get(pk=ben.pk).drafts == [[room.pk, 0, saved.version]]
