"""The page of the inbox: what it shows of what waits, by address and by filter."""

import pytest
from django.test import Client
from django.urls import reverse

from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post
from messaging.models.people.preferences import NotificationLevel
from messaging.models.rooms.members import leave
from messaging.views.inbox.inbox import GROUPS_SHOWN
from tests.contract.counting import statements
from tests.factories import RoomFactory
from tests.views.growing import write_roots
from tests.views.page import FRAGMENT, Page

pytestmark = [pytest.mark.django_db, pytest.mark.backends]
PLACE = "/inbox/"


def groups(page: Page) -> list[str]:
    """What the groups are called: the conversation, and the number of messages."""
    found = [
        one
        for one in page.elements
        if one.tag == "h2" and one.attributes.get("id", "").startswith("waiting-in-")
    ]
    return [" ".join(one.text.split()).removesuffix(" unread") for one in found]


def open_inbox(client: Client, query: str = "") -> Page:
    return Page(client.get(PLACE + query))


@pytest.fixture
def thread(room: Conversation, ada: User, ben: User) -> Message:
    """Ben's message, which Ada answered; one in the room, and one to Ben alone."""
    root = post(room, ben, "Who has the key?")
    post(room, ada, "I do", parent=root)
    post(room, ada, "The ferry is late")
    Message.objects.create(sender=ada, receiver=ben, content="Tea?")
    return root


def test_it_shows_the_messages_themselves_by_conversation_and_thread(as_ben: Client, thread: Message) -> None:
    page = open_inbox(as_ben)
    assert groups(page) == ["Ada Lovelace 1", "# Harbour, thread 1", "# Harbour 1"]
    assert page.words() == ["Tea?", "I do", "The ferry is late"]
    assert next(one.text for one in page.all("waiting-root")).split() == [
        "Ben",
        "Okri",
        "Who",
        "has",
        "the",
        "key?",
    ]
    assert reverse("thread", args=[thread.pk]) in page.links
    assert reverse("conversation", args=[thread.conversation_id]) in page.links


@pytest.mark.parametrize(
    ("show", "expected"),
    [
        ("for-me", ["Ada Lovelace 1", "# Harbour, thread 1"]),
        ("threads", ["# Harbour, thread 1"]),
        ("rooms", ["# Harbour 1"]),
        ("nonsense", ["Ada Lovelace 1", "# Harbour, thread 1", "# Harbour 1"]),
    ],
)
def test_a_filter_is_an_address(as_ben: Client, thread: Message, show: str, expected: list[str]) -> None:
    page = open_inbox(as_ben, f"?show={show}")
    assert groups(page) == expected
    current = [one.text for one in page.elements if one.attributes.get("aria-current") and one.tag == "a"]
    names = {"for-me": "For me", "threads": "Threads", "rooms": "Rooms", "nonsense": "All"}
    assert current[-1] == names[show]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/unread/", "/inbox/"),
        ("/threads/", "/inbox/?show=threads"),
        ("/threads/?show=all", "/inbox/?show=your-threads"),
        ("/notifications/", "/inbox/?show=for-me"),
    ],
)
def test_old_addresses_lead_there(as_ben: Client, browser: object, old: str, new: str) -> None:
    answer = as_ben.get(old)
    assert (answer.status_code, answer["Location"]) == (302, new)
    assert Client().get(old)["Location"].startswith("/account/login/")


def test_a_group_that_is_opened_shows_all_and_stays_open_when_the_list_is_loaded_again(
    as_ben: Client, room: Conversation, ada: User
) -> None:
    roots = [root.content for root in write_roots(room, ada, 5)]
    page = open_inbox(as_ben)
    assert page.words() == roots[:3]
    assert "Show all 5" in page.html
    address = next(link for link in page.links if "open=" in link).partition("#")[0]
    opened = Page(as_ben.get(PLACE + address, headers=FRAGMENT))
    assert opened.words() == roots
    again = next(one.attributes["hx-get"] for one in opened.elements if one.attributes.get("id") == "list")
    assert Page(as_ben.get(again, headers=FRAGMENT)).words() == roots


def test_a_reply_says_what_it_answers_unless_that_is_in_sight(
    as_ben: Client, room: Conversation, ada: User, ben: User
) -> None:
    root = post(room, ben, "root")
    first = post(room, ada, "first", parent=root)
    post(room, ada, "below the first", parent=first)
    seen = post(room, ada, "seen", parent=root)
    Message.unread_messages.mark_as_read_for_user(ben, [seen.pk])
    post(room, ada, "below what was seen", parent=seen)
    page = open_inbox(as_ben)
    assert page.words() == ["first", "below the first", "below what was seen"]
    assert [" ".join(one.text.split()) for one in page.all("answers-what")] == ["Ada Lovelace seen"]


def test_a_removed_root_keeps_its_thread(as_ben: Client, thread: Message) -> None:
    thread.remove()
    page = open_inbox(as_ben, "?show=threads")
    assert page.words() == ["I do"]
    assert "Message removed" in page.all("waiting-root")[0].text
    assert "Who has the key?" not in page.html


def test_nothing_of_a_conversation_that_was_left_is_shown(
    as_ben: Client, thread: Message, room: Conversation, ben: User
) -> None:
    leave(room, ben)
    assert open_inbox(as_ben).words() == ["Tea?"]


def test_a_mention_in_a_muted_room_waits_and_is_in_the_number(
    as_ben: Client, room: Conversation, ada: User, ben: User
) -> None:
    room.memberships.filter(user=ben).update(notification_level=NotificationLevel.MUTED)
    post(room, ada, "to all")
    post(room, ada, "for @ben")
    page = open_inbox(as_ben)
    assert page.words() == ["for @ben"]
    [badge] = [one for one in page.elements if one.attributes.get("id") == "badge-inbox"]
    assert badge.text.split()[0] == "1"


def test_there_is_one_loud_number_and_those_of_rooms_are_quiet(as_ben: Client, thread: Message) -> None:
    page = open_inbox(as_ben)
    [badge] = [one for one in page.elements if one.attributes.get("id") == "badge-inbox"]
    assert (badge.text.split()[0], badge.classes) == ("2", ["badge"])
    inside = [one for one in page.all("badge") if any(around.tag == "h2" for around in one.inside)]
    assert ["quiet" in one.classes for one in inside] == [False, False, True]


def test_the_groups_are_paged(as_ben: Client, ada: User, ben: User) -> None:
    for number in range(2 * GROUPS_SHOWN + 3):
        post(RoomFactory.create(name=f"r{number}", by=ada, members=[ben]), ada, "words")
    seen: list[str] = []
    for number in (1, 2, 3):
        seen += groups(open_inbox(as_ben, f"?page={number}"))
    assert len(seen) == len(set(seen)) == 2 * GROUPS_SHOWN + 3


@pytest.mark.parametrize("value", ["abc", "", "-1", "1" * 5_000, str(2**63), "%00", "0", "7-", "-7", "7-8-9"])
@pytest.mark.parametrize("name", ["show", "page", "open", "before", "undo", "first", "done"])
def test_an_invalid_address_never_fails(as_ben: Client, thread: Message, name: str, value: str) -> None:
    for others in ("", "&show=your-threads"):
        assert as_ben.get(f"{PLACE}?{name}={value}{others}&undo=1&first=1").status_code == 200


def test_it_takes_no_more_queries_for_more(as_ben: Client, ada: User, ben: User) -> None:
    as_ben.get(PLACE)
    costs = []
    for size in (1, 6):
        for _ in range(size):
            room = RoomFactory.create(by=ada, members=[ben])
            write_roots(room, ada, 2 * size)
            root = post(room, ben, "root")
            for number in range(size):
                post(room, ada, f"@ben {number}", parent=root)
        with statements() as found:
            as_ben.get(PLACE)
        costs.append(len(found))
    assert costs[0] == costs[1] <= 12  # one of them for reactions


def test_for_htmx_only_what_changes_is_sent(as_ben: Client, thread: Message) -> None:
    answer = as_ben.get(PLACE, headers=FRAGMENT)
    page = Page(answer)
    assert not page.is_whole
    assert "HX-Request-Type" in answer["Vary"]
    assert {"list", "all-read"} <= {one.attributes.get("id") for one in page.elements}
    assert "sidebar" not in {one.attributes.get("id") for one in page.elements}
