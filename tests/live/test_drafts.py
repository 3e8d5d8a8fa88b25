"""Open pages learn which drafts their person has, and nobody else's do."""

from uuid import uuid4

import pytest
from django.db import transaction

from messaging.live import people
from messaging.models import Conversation, Message, User
from messaging.models.messages.drafting import delete_draft
from messaging.models.messages.saving import post
from tests.drafts import draft
from tests.live.conftest import Listen
from tests.live.stream_client import StreamClient

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.backends]


def places(stream: StreamClient) -> list[object]:
    """The lists of drafts that arrived."""
    return [event.json["places"] for event in stream.events if event.name == "drafts"]


def test_all_tabs_learn_of_a_draft_and_of_its_end(
    delivery: str, room: Conversation, ada: User, ben: User, listen: Listen
) -> None:
    root = post(room, ada, "Root")
    tabs, hers = [listen(ben), listen(ben, room)], listen(ada, room)
    saved = draft(ben, room, "Half a thought", reply_to=root)
    for tab in tabs:
        event = tab.next_event("drafts").json
        assert event == {"as_of": saved.version, "places": [[room.pk, root.pk, saved.version]]}
    post(room, ben, "Half a thought", root, saved.token, draft=saved.version)
    for tab in tabs:
        assert tab.next_event("drafts").json["places"] == []
        assert b"Half a thought" not in tab.raw  # a reply: the stream says where, and not what
    hers.until(lambda: f"thread-{root.pk}" in [event.name for event in hers.events])
    assert places(hers) == []


def test_a_page_that_opens_later_learns_of_all_of_them(
    room: Conversation, ada: User, ben: User, listen: Listen
) -> None:
    first = draft(ben, room, "To all")
    second = draft(ben, Conversation.objects.direct(ada, ben), "To Ada")
    for _ in range(2):  # the second time from what the process has stored
        stream = listen(ben)
        stream.until(lambda stream=stream: places(stream))  # type: ignore[misc]
        [listed] = places(stream)
        assert listed == [[one.conversation_id, 0, one.version] for one in (first, second)]
    delete_draft(first)
    left = [[second.conversation_id, 0, second.version]]
    stream.until(lambda: places(stream)[-1] == left)


def test_a_draft_makes_no_list_of_unread_load_again(
    delivery: str, room: Conversation, ben: User, listen: Listen
) -> None:
    stream = listen(ben)
    for text in ("Half", "Half a thought"):
        draft(ben, room, text)
        stream.next_event("drafts")
    draft(ben, room, "A whole thought")
    with transaction.atomic():  # something else at the same time
        draft(ben, room, "Another thought")
        User.objects.filter(pk=ben.pk).raise_version()
    stream.next_event("badges")
    assert [event.name for event in stream.events].count("badges") == 2  # the first came with the stream


def test_drafts_are_read_only_when_they_changed(
    room: Conversation, ada: User, ben: User, listen: Listen, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    changed = people.changed_drafts

    def counted(*arguments: object) -> object:
        found = changed(*arguments)  # type: ignore[arg-type]
        asked.append(len(found))
        return found

    monkeypatch.setattr(people, "changed_drafts", counted)
    draft(ben, room, "Half a thought")
    stream = listen(ben)
    post(room, ada, f"To @ben {uuid4()}")
    stream.next_event("badges")
    Message.unread_messages.mark_as_read_for_user(ben)
    stream.next_event("badges")
    assert [number for number in asked if number] == [1]
