"""The part of the inbox that lists the threads that a person takes part in."""

import pytest
from django.test import Client
from django.utils import timezone

from messaging.models import Conversation, Message, User
from messaging.models.inbox.threads import PAGE_SIZE
from messaging.models.messages.saving import post
from messaging.models.rooms.members import leave
from tests.contract.counting import statements
from tests.factories import RoomFactory
from tests.views.growing import write_replies
from tests.views.page import Page

pytestmark = [pytest.mark.django_db, pytest.mark.backends]
PLACE = "/inbox/?show=your-threads"


def roots(client: Client, place: str = PLACE) -> list[str]:
    """The roots' texts, in the order of the list."""
    page = Page(client.get(place))
    return [
        line.text
        for line in page.all("line-excerpt")
        if not any("line-last" in around.classes for around in line.inside)
    ]


@pytest.fixture
def threads(room: Conversation, ada: User, ben: User) -> dict[str, Message]:
    """Threads of five kinds, from Ben's side."""
    made = {text: post(room, ada, text) for text in ("answered", "mentioned", "not his", "no replies")}
    made["his own"] = post(room, ben, "his own")
    post(room, ben, "an answer", parent=made["answered"])
    post(room, ada, "what do you say, @ben?", parent=made["mentioned"])
    post(room, ada, "a monologue", parent=made["not his"])
    post(room, ada, "an answer", parent=made["his own"])
    return made


def test_it_lists_threads_that_the_person_wrote_in_or_is_mentioned_in(
    as_ben: Client, threads: dict[str, Message]
) -> None:
    assert roots(as_ben) == ["his own", "mentioned", "answered"]


def test_a_thread_rises_when_something_is_said_in_it(
    as_ben: Client, threads: dict[str, Message], room: Conversation, ada: User
) -> None:
    post(room, ada, "more", parent=threads["answered"])
    assert roots(as_ben) == ["answered", "his own", "mentioned"]


def test_it_shows_the_number_of_replies_the_new_ones_and_the_last(
    as_ben: Client, room: Conversation, ada: User, ben: User
) -> None:
    root = post(room, ben, "root")
    for text in ("one", "two", "three"):
        last = post(room, ada, text, parent=root)
        if text == "one":
            Message.unread_messages.mark_as_read_for_user(ben)
    line = " ".join(Page(as_ben.get(PLACE)).all("line-last")[0].text.split())
    assert line.startswith("3 replies 2 new Ada Lovelace: three")
    last.remove()
    assert "2 replies 1 new Ada Lovelace: two" in " ".join(
        Page(as_ben.get(PLACE)).all("line-last")[0].text.split()
    )


def test_threads_of_a_room_that_was_left_are_gone(
    as_ben: Client, threads: dict[str, Message], room: Conversation, ben: User
) -> None:
    leave(room, ben)
    assert roots(as_ben) == []


def test_a_removed_root_keeps_its_thread(as_ben: Client, threads: dict[str, Message]) -> None:
    threads["his own"].remove()
    page = Page(as_ben.get(PLACE))
    assert "Message removed" in page.html
    assert "his own" not in page.html


def test_a_thread_without_remaining_replies_is_gone_and_the_others_stay(
    as_ben: Client, threads: dict[str, Message]
) -> None:
    # Their notifications are still there, as in a read at that moment.
    replies = Message.rows.filter(thread_root__in=[threads["his own"], threads["answered"]])
    replies.update(removed_at=timezone.now())
    assert roots(as_ben) == ["mentioned"]


def test_the_list_is_paged(as_ben: Client, room: Conversation, ada: User, ben: User) -> None:
    for number in range(2 * PAGE_SIZE + 3):
        post(room, ada, "words", parent=post(room, ben, f"root {number}"))
    place, seen = PLACE, []
    while place:
        seen += roots(as_ben, place)
        older = [link for link in Page(as_ben.get(place)).links if "before=" in link]
        place = f"/inbox/{older[0]}" if older else ""
    assert seen == [f"root {number}" for number in reversed(range(2 * PAGE_SIZE + 3))]


def test_the_list_takes_no_more_queries_for_more_threads_or_longer_ones(
    as_ben: Client, ada: User, ben: User
) -> None:
    as_ben.get(PLACE)
    costs = []
    for size in (1, 30):
        room = RoomFactory.create(by=ada, members=[ben])
        for number in range(10):
            root = post(room, ben, f"root {number}")
            write_replies(root, ada, size)
            post(room, ada, "words", parent=root)
        with statements() as found:
            assert as_ben.get(PLACE).status_code == 200
        costs.append(len(found))
    assert costs[0] == costs[1] <= 11


@pytest.mark.parametrize("before", ["abc", "", "-1", "1" * 5_000, str(2**63), "%00", "0"])
def test_an_invalid_cursor_never_fails(as_ben: Client, threads: dict[str, Message], before: str) -> None:
    assert as_ben.get(f"{PLACE}&before={before}").status_code == 200
