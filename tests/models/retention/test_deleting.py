"""What a rule deletes, by the age of each message; and what stays."""

from typing import Any

import pytest

from messaging.models import AuditEntry, Conversation, Message, RetentionRun, SavedMessage, User
from messaging.models.inbox.saved import save_message
from messaging.models.messages.pinning import pin
from messaging.models.messages.saving import post
from messaging.models.retention import batches
from messaging.models.retention.run import run_for
from messaging.models.rooms.members import leave
from messaging.models.rooms.settings import remove_room, undo_room_removal
from messaging.models.site.retention import RoomRules, Rule
from tests.models.retention.conftest import aged, rule_of_room, rule_of_site

LONG = 60.0
pytestmark = pytest.mark.django_db


def left(room: Conversation) -> list[str]:
    """What is left in a room, oldest first; of a tombstone, "–"."""
    rows = Message.rows.filter(conversation=room).order_by("seq")
    return [content or "–" for content in rows.values_list("content", flat=True)]


@pytest.mark.usefixtures("kept_for_30_days")
def test_each_message_goes_by_its_own_age(room: Conversation, ada: User) -> None:
    aged(post(room, ada, "old"), 31)
    aged(post(room, ada, "imported late"), 400)
    aged(post(room, ada, "young"), 29)
    assert not run_for(LONG)
    assert left(room) == ["young"]


def test_without_a_rule_nothing_is_deleted(room: Conversation, ada: User) -> None:
    aged(post(room, ada, "ancient"), 9_000)
    run_for(LONG)
    assert left(room) == ["ancient"]
    assert not AuditEntry.objects.exists()


@pytest.mark.usefixtures("kept_for_30_days")
def test_a_thread_keeps_its_shape_until_all_of_it_is_old(room: Conversation, ada: User, ben: User) -> None:
    root = aged(post(room, ada, "root"), 60)
    middle = aged(post(room, ben, "middle", parent=root), 50)
    leaf = aged(post(room, ada, "leaf", parent=middle), 10)
    aged(post(room, ada, "other leaf", parent=root), 40)
    run_for(LONG)
    assert left(room) == ["–", "–", "leaf"]
    for place in (root, middle):
        place.refresh_from_db()
        assert (place.is_expired, place.sender_id, place.content_html) == (True, None, "")
    aged(leaf, 31)
    run_for(LONG)
    assert left(room) == []


@pytest.mark.usefixtures("kept_for_30_days")
def test_pinned_and_saved_messages_stay_if_the_rule_says_so(room: Conversation, ada: User, ben: User) -> None:
    pinned, saved = aged(post(room, ada, "pinned"), 90), aged(post(room, ada, "saved"), 90)
    pin(pinned, ada)
    save_message(ben, saved)
    run_for(LONG)
    assert left(room) == ["pinned", "saved"]
    rule_of_site(Rule(30, keeps_pinned=False))
    run_for(LONG)
    assert left(room) == ["saved"]
    rule_of_site(Rule(30, keeps_pinned=False, keeps_saved=False))
    run_for(LONG)
    assert left(room) == []
    assert not SavedMessage.objects.exists()


@pytest.mark.usefixtures("kept_for_30_days")
def test_tombstones_of_removed_messages_go_by_their_age(room: Conversation, ada: User, ben: User) -> None:
    aged(post(room, ada, "removed long ago"), 40).remove(by=ada)
    root = aged(post(room, ada, "root"), 35)
    young = aged(post(room, ben, "young", parent=root), 5)
    young.remove(by=ben)
    run_for(LONG)
    assert left(room) == ["–", "–"], "The younger tombstone stays, and what it replies to."
    aged(young, 31)
    run_for(LONG)
    assert left(room) == []


def test_a_room_has_a_rule_of_its_own_within_what_the_site_allows(ada: User) -> None:
    rooms = [Conversation.objects.create_room(name, ada) for name in ("short", "long", "plain")]
    for one in rooms:
        for days in (5, 50, 500):
            aged(post(one, ada, str(days)), days)
    direct = Conversation.objects.direct(ada, ada)
    aged(post(direct, ada, "note"), 50)
    rule_of_room(rooms[0], Rule(10))
    rule_of_room(rooms[1], Rule(1_000))
    for allowed, expected in (
        (RoomRules.ANY, [["5"], ["5", "50", "500"], ["5", "50"]]),
        (RoomRules.SHORTER, [["5"], ["5", "50"], ["5", "50"]]),
    ):
        rule_of_site(Rule(100, rooms=allowed))
        run_for(LONG)
        assert list(map(left, rooms)) == expected
    assert left(direct) == ["note"], "Direct conversations follow the site."
    rule_of_site(Rule(10, rooms=RoomRules.NONE))
    run_for(LONG)
    assert list(map(left, [*rooms, direct])) == [["5"], ["5"], ["5"], []]


@pytest.mark.usefixtures("kept_for_30_days")
def test_a_killed_run_goes_on_and_counts_each_message_once(
    room: Conversation, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Conversation.objects.create_room("other", ada)
    for number in range(4):
        aged(post(room, ada, f"old {number}"), 40)
        aged(post(other, ada, f"old {number}"), 40)
    monkeypatch.setattr(RetentionRun, "size", 3)

    class Killed(Exception):
        pass

    def killed(*args: Any) -> None:
        raise Killed

    def run_batch() -> bool:
        return RetentionRun.objects.get(pk=1).run_batch()

    RetentionRun.objects.create(pk=1)
    is_left = True
    while is_left:
        with monkeypatch.context() as patch:
            patch.setattr(RetentionRun, "_count", killed)
            patch.setattr(RetentionRun, "_go_on", killed)
            with pytest.raises(Killed):
                run_batch()
        is_left = run_batch()
    assert not Message.rows.exists()
    assert not RetentionRun.objects.exists()
    (entry,) = AuditEntry.objects.all()
    assert (entry.act, entry.actor, entry.details["messages"]) == ("deleted_expired", None, 8)
    assert str(entry).startswith("Parley deleted messages")
    for one in (room, other):
        one.refresh_from_db()
        assert one.reset_version == one.version, "Open pages load again."


@pytest.mark.usefixtures("kept_for_30_days")
def test_a_message_that_is_saved_meanwhile_stays(
    room: Conversation, ada: User, ben: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was found before the lock, and saved before the lock was taken."""
    first, second = aged(post(room, ada, "first"), 40), aged(post(room, ada, "second"), 40)
    asked: list[object] = []
    real = batches.expired

    def expired(*args: Any) -> Any:
        if asked:
            save_message(ben, first)
        asked.append(args)
        return real(*args)

    monkeypatch.setattr(batches, "expired", expired)
    assert batches.delete_batch(room.pk, 10) == {"messages": 1, "notifications": 2}
    assert left(room) == ["first"]
    assert second.pk not in Message.rows.values_list("pk", flat=True)


@pytest.mark.usefixtures("kept_for_30_days")
def test_a_conversation_that_keeps_all_its_old_messages_is_left_alone(room: Conversation, ada: User) -> None:
    pin(aged(post(room, ada, "pinned"), 90), ada)
    room.refresh_from_db()
    before = room.version
    run_for(LONG)
    room.refresh_from_db()
    assert (room.version, AuditEntry.objects.count()) == (before, 0)


@pytest.mark.usefixtures("kept_for_30_days")
def test_what_is_saved_by_people_who_cannot_find_it_any_more_is_deleted(
    room: Conversation, ada: User, ben: User, cleo: User
) -> None:
    for person, text in ((ben, "Ben's"), (cleo, "Cleo's"), (ada, "Ada's")):
        save_message(person, aged(post(room, ada, text), 90))
    leave(room, ben)
    User.objects.filter(pk=cleo.pk).update(is_active=False)
    run_for(LONG)
    assert left(room) == ["Ada's"]
    assert SavedMessage.objects.get().user == ada


@pytest.mark.usefixtures("kept_for_30_days")
def test_what_is_saved_in_a_removed_room_is_there_after_the_removal_is_undone(
    room: Conversation, ada: User, ben: User
) -> None:
    save_message(ben, aged(post(room, ada, "saved"), 90))
    aged(post(room, ada, "old"), 90)
    remove_room(room, ada)
    run_for(LONG)
    undo_room_removal(room, ada)
    assert left(room) == ["saved"]
