"""What is exported can be imported into another installation, with equal content."""

import json
import uuid
from collections import Counter
from typing import Any

import pytest

from messaging.archive.exporting import archive_lines
from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post
from tests.archive.lines_of import import_lines, line, random_lines, stored_messages
from tests.factories import RoomFactory

pytestmark = [pytest.mark.django_db, pytest.mark.backends]


def exported() -> list[dict[str, Any]]:
    rooms = Conversation.objects.filter(kind=Conversation.Kind.ROOM).order_by("pk")
    return [json.loads(one) for one in archive_lines(rooms)]


def empty_database() -> None:
    """Delete all messages, conversations and people."""
    Message.objects.all().delete()
    Conversation.objects.all().delete()
    User.objects.all().delete()
    assert not Message.rows.exists()


@pytest.fixture
def room(ada: User, ben: User) -> Conversation:
    return RoomFactory.create(name="Harbour", by=ada, members=[ben])


def test_an_imported_archive_is_the_same_after_export_and_import() -> None:
    import_lines(random_lines(300))
    before = stored_messages()
    lines = exported()
    empty_database()
    tally, reports = import_lines(lines)
    assert (tally.added, tally.bad, tally.orphans.count, reports) == (300, 0, 0, [])
    assert stored_messages() == before
    assert exported() == lines


def test_peoples_messages_are_the_same_after_export_and_import(
    room: Conversation, ada: User, ben: User
) -> None:
    root = post(room, ada, "First\n\n```python\nif a < b: pass\n```", client_id=uuid.uuid4())
    reply = post(room, ben, "@ada **yes** 🙂", parent=root)
    post(room, ada, "and so on", parent=reply).edit("and on")
    post(room, ben, "another")
    rows = Message.rows.order_by("seq").values_list("timestamp", "sender__username", "content")
    expected = [(sent_at, f"@{username}", text) for sent_at, username, text in rows]
    lines = exported()
    empty_database()
    import_lines(lines)
    said = stored_messages()
    assert [(one.sent_at, one.sender, one.text) for one in said] == expected
    assert [one.parent for one in said] == [None, 0, 1, None]
    assert {one.room for one in said} == {"Harbour"}


def test_a_removed_message_is_left_out_and_its_replies_get_its_nearest_remaining_ancestor(
    room: Conversation, ada: User, ben: User
) -> None:
    root = post(room, ada, "root")
    gone = post(room, ada, "gone", parent=root)
    post(room, ben, "answer", parent=gone)
    alone = post(room, ada, "gone too")
    post(room, ben, "answer to nothing", parent=alone)
    gone.remove(by=ada)
    alone.remove(by=ada)
    lines = exported()
    assert [one["text"] for one in lines] == ["root", "answer", "answer to nothing"]
    assert [one["reply_to"] for one in lines] == [None, lines[0]["id"], None]


def test_what_an_erased_person_wrote_is_left_out(room: Conversation, ada: User, ben: User) -> None:
    root = post(room, ada, "erased")
    post(room, ben, "stays", parent=root)
    ada.delete()
    assert [(one["text"], one["sender"], one["reply_to"]) for one in exported()] == [("stays", "@ben", None)]


def test_direct_conversations_and_groups_are_not_exported(room: Conversation, ada: User, ben: User) -> None:
    Message.objects.create(sender=ada, receiver=ben, content="private")
    post(Conversation.objects.create_group(by=ada, others=[ben]), ada, "among us")
    assert exported() == []


def test_a_second_export_gives_every_message_the_same_id(room: Conversation, ada: User) -> None:
    post(room, ada, "by a form", client_id=uuid.uuid4())
    post(room, ada, "by hand")
    assert exported() == exported()
    assert len({one["id"] for one in exported()}) == 2


def test_a_person_and_a_nick_with_the_same_name_stay_two_people(room: Conversation, ben: User) -> None:
    import_lines([line(sender="ben", text="on the old server")])
    post(room, ben, "here")
    lines = exported()
    empty_database()
    import_lines(lines)
    assert {one.sender for one in stored_messages()} == {"ben", "@ben"}


def test_two_people_who_used_the_same_id_lose_no_message(room: Conversation, ada: User, ben: User) -> None:
    client_id = uuid.uuid4()
    post(room, ada, "mine", client_id=client_id)
    post(room, ben, "mine too", client_id=client_id)
    lines = exported()
    empty_database()
    import_lines(lines)
    assert [one.text for one in stored_messages()] == ["mine", "mine too"]


def test_rooms_of_the_same_name_stay_different_rooms(ada: User) -> None:
    import_lines([line(room="Harbour", text="imported")])
    import_lines([line(room="Lobby", text="imported, then renamed")])
    Conversation.objects.filter(name="Lobby").update(name="Hall")
    import_lines([line(room="x" * 80, text="imported")])
    for name in ("Harbour", "Lobby", "Hall", "x" * 80):
        post(RoomFactory.create(name=name, by=ada), ada, f"made by hand: {name}")
    lines = exported()
    assert Counter(one["room"] for one in lines).most_common(1)[0][1] == 1
    assert max(len(one["room"]) for one in lines) <= 80
    empty_database()
    tally, _ = import_lines(lines)
    assert (tally.added, tally.bad) == (7, 0)
    assert Conversation.objects.count() == 7


def test_a_room_and_its_imported_copy_can_both_be_exported_and_imported_again(
    room: Conversation, ada: User
) -> None:
    post(room, ada, "said once", client_id=uuid.uuid4())
    import_lines(exported())
    both = exported()
    assert [one["text"] for one in both] == ["said once"] * 2
    empty_database()
    tally, _ = import_lines(both)
    assert (tally.added, tally.bad) == (2, 0)
