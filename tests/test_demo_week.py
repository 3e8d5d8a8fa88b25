"""What is in the database after the demo was created."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import chain
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.db.models import Count, Max
from pytest_django import DjangoDbBlocker

from messaging.demo import script, stage
from messaging.models import (
    Attachment,
    Conversation,
    Installation,
    Membership,
    Message,
    Notification,
    PollVote,
    Reaction,
    User,
)

NOW = datetime(2026, 11, 18, 15, 30, tzinfo=ZoneInfo("Europe/Copenhagen"))
ROOMS = {"everyone", "launch", "design", "support", "money"}


@pytest.fixture(scope="module")
def week(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The week, played once: the tests here only look at it."""
    with django_db_blocker.unblock(), transaction.atomic():
        stage.play(NOW, "salt-in-the-keyboard")
        yield
        transaction.set_rollback(True)


def unread_of(username: str) -> dict[str, list[str]]:
    """The reasons of a person's unread notifications, by conversation."""
    found: dict[str, list[str]] = {}
    rows = Notification.objects.filter(user__username=username, read_at=None).order_by("message__seq")
    for row in rows.select_related("conversation", "message__sender"):
        place = row.conversation.name or f"direct with {row.message.sender}"
        found.setdefault(place, []).append(row.reason)
    return found


def test_the_demo_has_a_small_team_with_rooms_a_group_and_direct_conversations(week: None) -> None:
    assert Installation.objects.current().name == "Harbour Works"
    assert set(User.objects.values_list("username", flat=True)) == {
        "ada", "ben", "noor", "yuki", "sol", "mina",
    }  # fmt: skip
    rooms = Conversation.objects.filter(kind="room")
    assert set(rooms.values_list("name", flat=True)) == ROOMS
    assert [room.name for room in rooms.filter(is_private=True)] == ["money"]
    assert Conversation.objects.filter(kind="group").count() == 1
    assert Conversation.objects.filter(kind="direct").count() >= 3
    assert 180 <= Message.objects.count() <= 250


def test_pictures_are_shown_and_described_and_two_messages_pinned(week: None) -> None:
    files = Attachment.objects.exclude(message=None).order_by("pk")
    assert [(file.name, file.width, file.height) for file in files] == [
        ("day-view.png", 1200, 750),
        ("day-view-dark.png", 1200, 750),
    ]
    assert all(file.alternative_text for file in files)
    assert len({file.message_id for file in files}) == 1
    pinned = Message.objects.exclude(pinned_at=None)
    assert set(pinned.values_list("conversation__name", "pinned_by__username")) == {
        ("launch", "ada"),
        ("design", "ada"),
    }
    assert all(message.pinned_at == message.timestamp for message in pinned)


def test_messages_have_reactions_and_a_poll_has_votes(week: None) -> None:
    assert Reaction.objects.values("message").distinct().count() >= 5
    assert PollVote.objects.values("message").annotate(votes=Count("pk")).get()["votes"] == 5


def test_only_ada_is_an_administrator(week: None) -> None:
    assert User.objects.get(is_staff=True).username == "ada"
    assert User.objects.get(is_superuser=True).username == "ada"


def test_only_some_are_members_of_the_private_room(week: None) -> None:
    money = Membership.objects.filter(conversation__name="money")
    assert set(money.values_list("user__username", flat=True)) == {"ada", "mina", "sol"}


def test_a_thread_is_at_least_eight_deep_and_branches(week: None) -> None:
    deepest = Message.objects.order_by("-depth").first()
    assert deepest is not None
    assert deepest.depth >= 8
    thread = Message.objects.filter(thread_root=deepest.thread_root)
    assert thread.annotate(answers=Count("replies")).filter(answers__gte=2).count() >= 2


def test_each_message_has_the_text_of_its_last_edit_and_the_earlier_ones_in_its_history(week: None) -> None:
    edited = {
        line.edits[-1].text.strip(): line for scene in script.scenes() for line in scene.lines if line.edits
    }
    found = Message.objects.filter(edited=True)
    assert {message.content for message in found} == set(edited)
    assert len(edited) >= 6
    assert max(len(line.edits) for line in edited.values()) == 2
    for message in found:
        line = edited[message.content]
        earlier = [line.text.strip(), *(edit.text.strip() for edit in line.edits[:-1])]
        assert [text.old_content for text in message.history.order_by("number")] == earlier


def test_an_edit_is_dated_when_the_script_says(week: None) -> None:
    message = Message.objects.annotate(texts=Count("history")).get(texts=2)
    times = [text.edited_at - message.timestamp for text in message.history.order_by("number")]
    assert times == [timedelta(minutes=14), timedelta(minutes=14 + 55)]
    assert message.edited_at == message.timestamp + times[-1]


def test_removed_messages_left_tombstones_with_answers(week: None) -> None:
    tombstones = Message.objects.exclude(removed_at=None)
    assert len(tombstones) == 2
    for tombstone in tombstones:
        assert tombstone.content == ""
        assert tombstone.replies.filter(removed_at=None).exists()
        assert tombstone.removed_at
        assert tombstone.timestamp < tombstone.removed_at < NOW


def test_messages_are_sent_when_the_script_says_and_none_is_from_the_future(week: None) -> None:
    ada_and_noor = next(scene for scene in script.scenes() if scene.people == ("noor", "ada"))
    sent = Message.objects.filter(content=ada_and_noor.lines[0].text).values_list("timestamp", flat=True)
    assert list(sent) == [datetime(2026, 11, 12, 12, 40, tzinfo=NOW.tzinfo)]
    newest = Message.objects.aggregate(newest=Max("timestamp"))["newest"]
    assert timedelta(minutes=1) < NOW - newest < timedelta(minutes=15)
    assert not Notification.objects.filter(created_at__gt=NOW).exists()
    assert not Notification.objects.filter(read_at__gt=NOW).exists()


def test_only_ada_has_unread_messages_of_every_kind(week: None) -> None:
    unread = unread_of("ada")
    assert {name for name in unread if name in ROOMS} == {"launch", "design", "support"}
    assert list(chain(*unread.values())).count("mention") == 1
    assert "reply" in unread["launch"] + unread["design"]
    assert set(unread["direct with noor"]) == {"direct"}
    assert 5 <= sum(map(len, unread.values())) <= 12
    for other in script.people()[1:]:
        assert unread_of(other.username) == {}, other


def test_adas_unread_messages_are_newer_than_her_read_ones(week: None) -> None:
    mine = Notification.objects.filter(user__username="ada")
    for place in mine.filter(read_at=None).values_list("conversation", flat=True).distinct():
        here = mine.filter(conversation=place)
        newest_read = here.exclude(read_at=None).aggregate(seq=Max("message__seq"))["seq"]
        oldest_unread = (
            here.filter(read_at=None).order_by("message__seq").values_list("message__seq", flat=True)[0]
        )
        assert newest_read < oldest_unread


def test_the_messages_show_all_kinds_of_markup(week: None) -> None:
    html = "\n".join(Message.objects.values_list("content_html", flat=True))
    for shown in ("<code", "language-python", "language-sql", "<li", "<blockquote", "<table", "<s>"):
        assert shown in html, shown
    assert 'class="mention"' in html
    assert 'href="https://' in html
    assert re.search(r"[\u0600-\u06ff]", html), "a line from right to left"
    assert re.search(r"[\u3040-\u30ff]", html), "Japanese"
    lengths = [len(text) for text in Message.objects.values_list("content", flat=True)]
    assert max(lengths) > 1000
    assert sum(length < 40 for length in lengths) > 10


def test_every_emoji_name_is_a_known_one(week: None) -> None:
    named = Message.objects.filter(content__regex=r":[a-z][a-z0-9_+-]*:")
    assert len(named) > 8
    left = [
        message.content_html for message in named if re.search(r"(?<!\w):[a-z_]+\d?:", message.content_html)
    ]
    assert left == []
