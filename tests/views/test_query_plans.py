"""Every query of a hot page finds its rows by an index: none reads all messages or all notifications."""

import re
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from messaging.live.payload import changes_since
from messaging.live.unread import unread_of
from messaging.live.versions import read_versions
from messaging.models import Conversation, Membership, Message, Notification, User
from messaging.models.inbox.unread_by_loudness import unread_by_loudness
from messaging.models.messages.saving import post
from tests.factories import RoomFactory
from tests.views.growing import add_members, fill, write_replies
from tests.views.page import FRAGMENT

pytestmark = pytest.mark.django_db
# A subquery's tables are named U0, U1, ….
FULL_SCANS = re.compile(r"SCAN (?:messaging_message|messaging_notification|U\d+)\b")
INDEXES = re.compile(r"(?:INDEX|using|Index Scan on) (\w+)")


class Plans:
    """The plans of the queries that are executed within `with plans:`."""

    def __init__(self) -> None:
        self._found: list[tuple[str, Sequence[Any]]] = []

    def __enter__(self) -> "Plans":
        def note(execute: Any, sql: str, params: Sequence[Any], many: bool, context: object) -> object:
            if re.match(r"SELECT|UPDATE|INSERT|DELETE", sql):
                self._found.append((sql, params))
            return execute(sql, params, many, context)

        self._wrapper = connection.execute_wrapper(note)
        self._wrapper.__enter__()
        return self

    def __exit__(self, *failure: Any) -> None:
        self._wrapper.__exit__(*failure)

    def read(self) -> list[str]:
        explain = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
        plans = []
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                # Tables of this size may be read as a whole; the question is whether an index would do.
                cursor.execute("SET LOCAL enable_seqscan = off")
            for sql, params in self._found:
                cursor.execute(f"{explain} {sql}", params)
                plans.append("\n".join(str(row[-1]) for row in cursor.fetchall()))
        return plans


@pytest.fixture
def root(room: Conversation, ada: User, ben: User) -> Message:
    """A root with many replies in a large room, beside many rooms and people, and statistics of all."""
    add_members(room, 8)
    add_members(RoomFactory.create(by=ada), 300)
    Conversation.objects.bulk_create(Conversation(kind="room", name=f"r{number}") for number in range(300))
    fill(room, ada, 1500)
    root = post(room, ben, "The root, for @ada")
    write_replies(root, ada, 300)
    for _ in range(10):
        fill(RoomFactory.create(by=ada, members=[ben]), ada, 50)
    messages = Message.rows.exclude(sender=ben).values_list("pk", "conversation", "thread_root")
    people = room.memberships.exclude(user=ada).values_list("user_id", flat=True)
    Notification.objects.bulk_create(
        Notification(
            user_id=person,
            message_id=pk,
            conversation_id=place,
            thread_root_id=thread_root,
            reason="reply" if thread_root else "room",
            read_at=None if number % 9 == 0 else timezone.now(),
        )
        for person in people
        for number, (pk, place, thread_root) in enumerate(messages)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return root


def page(name: str, *args: object, query: str = "", **headers: str) -> Callable[[Client, Message], object]:
    def request(client: Client, root: Message) -> object:
        ids = [root.conversation_id if arg == "room" else root.pk for arg in args]
        answer = client.get(reverse(name, args=ids) + query.format(root.seq), headers=headers)
        assert answer.status_code == 200
        return answer

    return request


def write(name: str, which: str, **data: str) -> Callable[[Client, Message], object]:
    def request(client: Client, root: Message) -> object:
        pk = root.conversation_id if which == "room" else root.pk
        fields = {key: value.format(root.pk) for key, value in data.items()}
        answer = client.post(reverse(name, args=[pk]), fields, headers=FRAGMENT)
        assert answer.status_code in (200, 204), answer.content
        return answer

    return request


def stream(client: Client, root: Message) -> None:
    """What the stream of a conversation reads after a change, and for the badges of its people."""
    place = root.conversation_id
    people = list(Membership.objects.filter(conversation=place).values_list("user_id", flat=True))
    versions = read_versions([place], people)
    changes_since(
        place, versions.conversations[place].version - 5, versions.conversations[place], versions.site
    )
    unread_of(people, [place], people)


HOT: dict[str, tuple[Callable[[Client, Message], object], set[str]]] = {
    "room": (page("conversation", "room"), {"timeline", "unread_of_user", "unread_personal"}),
    "older": (page("message_list", "room", query="?before=900", **FRAGMENT), {"timeline"}),
    "newer": (page("message_list", "room", query="?after=900", **FRAGMENT), {"timeline"}),
    "around": (page("conversation", "room", query="?around=900"), {"timeline"}),
    "sidebar": (page("conversation_list", **FRAGMENT), {"unread_of_user", "unread_personal"}),
    "thread": (page("thread", "message"), {"thread", "unread_of_user"}),
    "inbox": (page("inbox"), {"unread_of_user"}),
    "your threads": (page("inbox", query="?show=your-threads"), {"threads_of_user"}),
    "history": (page("message_history", "message"), set()),
    "people": (page("person_list"), {"people_by_name"}),
    "rooms": (page("room_list"), {"room_directory"}),
    "search": (page("search", query="?q=hello"), set()),
    "menu": (page("message_menu", "message", **FRAGMENT), set()),
    "send": (
        write("message_send", "room", content="Hello", client_id="6c2ba9b6-1d0a-4c3e-8c6e-0d7e3a0b8f01"),
        set(),
    ),
    "reply": (write("message_reply", "message", content="Yes"), {"thread"}),
    "edit": (write("message_edit", "message", content="Other words", revision="0"), set()),
    "seen": (write("conversation_seen", "room", ids="{}"), set()),
    "stream": (stream, {"changed_since", "unread_of_user"}),
}


@pytest.mark.backends
def test_no_hot_page_reads_all_messages_or_all_notifications(as_ben: Client, root: Message) -> None:
    for name, (request, expected) in HOT.items():
        with Plans() as plans:
            request(as_ben, root)
        found = plans.read()
        assert not [plan for plan in found if FULL_SCANS.search(plan)], name
        used = {index for plan in found for index in INDEXES.findall(plan)}
        assert used >= expected, name


def test_what_push_is_about_is_found_without_reading_all_that_is_unread_in_a_room(
    room: Conversation, ada: User, ben: User
) -> None:
    """On SQLite, where no statistics are kept."""
    post(room, ada, "Hello @ben")
    with Plans() as plans:
        assert unread_by_loudness({(ben.pk, room.pk)}, {ben.pk: ben}, looking=(), now=timezone.now())
    used = {index for plan in plans.read() for index in INDEXES.findall(plan)}
    assert "unread_personal" in used
    assert "unread_of_user" not in used


@pytest.mark.parametrize("query", ["?show=your-threads", "?show=your-threads&before=9"])
def test_the_list_of_threads_does_not_read_whole_conversations(
    as_ben: Client, ben: User, room: Conversation, query: str
) -> None:
    write_replies(post(room, ben, "The root"), ben, 3)
    with Plans() as plans:
        assert as_ben.get(reverse("inbox") + query).status_code == 200
    by_conversation = re.compile(r"SEARCH messaging_message USING .*\(conversation_id=")
    # What finds the threads is the only query that names the person's notifications of replies.
    finding = [plan for plan in plans.read() if "threads_of_user" in plan or "LIST SUBQUERY" in plan]
    assert finding
    assert not [plan for plan in finding if by_conversation.search(plan)]


def test_a_query_without_an_index_is_noticed(root: Message) -> None:
    with Plans() as plans:
        Message.objects.filter(content="Hello").first()
        Notification.objects.filter(reason="reply", created_at=timezone.now()).first()
    assert [bool(FULL_SCANS.search(plan)) for plan in plans.read()] == [True, True]
