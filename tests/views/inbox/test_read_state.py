"""What is read and unread: reported by the page, or marked by a person."""

import re

import pytest
from django.core.cache import caches
from django.test import Client
from django.urls import reverse

from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post
from messaging.models.messages.timeline import PAGE_SIZE
from messaging.models.rooms.members import add, leave
from messaging.views.inbox.read_state import SEEN_AT_ONCE
from tests.contract.counting import statements
from tests.factories import RoomFactory
from tests.views.growing import write_roots
from tests.views.inbox.reading import badge, see, url, waiting
from tests.views.page import FRAGMENT, Page

pytestmark = [pytest.mark.django_db, pytest.mark.backends]


GARBAGE = ["", " ", "abc", "-1", "0", "1.5", "1" * 5_000, str(2**63), "\x00", "²", "٣", "1,2", "1 " * 9_000]


def test_seen_messages_are_read_and_the_response_updates_the_sidebar(
    as_ben: Client, room: Conversation, ada: User, ben: User
) -> None:
    first, second = write_roots(room, ada, 2)
    answer = as_ben.post(url(room, "conversation_seen"), {"ids": f"{first.pk}"}, headers=FRAGMENT)
    page = Page(answer)
    assert (answer.status_code, page.is_whole) == (200, False)
    assert badge(page, room.pk) == "1"
    assert waiting(ben) == [second.content]


def test_repeated_or_foreign_reports_change_nothing(
    as_ben: Client, as_ada: Client, room: Conversation, message: Message, ada: User, ben: User
) -> None:
    elsewhere = post(RoomFactory.create(by=ada), ada, "not for Ben")
    assert see(as_ben, room, elsewhere) == 204
    assert see(as_ada, room, message) == 204
    assert see(as_ben, room, message) == 200
    assert see(as_ben, room, message) == 204


@pytest.mark.parametrize("ids", GARBAGE)
def test_invalid_ids_are_ignored(as_ben: Client, room: Conversation, ben: User, ids: str) -> None:
    assert as_ben.post(url(room, "conversation_seen"), {"ids": ids}).status_code == 204


def test_invalid_ids_beside_a_valid_one_are_ignored(
    as_ben: Client, room: Conversation, message: Message, ben: User
) -> None:
    assert as_ben.post(url(room, "conversation_seen"), {"ids": f"x {message.pk} -1"}).status_code == 200
    assert waiting(ben) == []


def test_the_number_of_ids_in_a_report_is_limited(
    as_ben: Client, room: Conversation, ada: User, ben: User
) -> None:
    messages = write_roots(room, ada, 2)
    none = " ".join(["0"] * (SEEN_AT_ONCE - 1))
    as_ben.post(url(room, "conversation_seen"), {"ids": f"{none} {messages[0].pk} {messages[1].pk}"})
    assert waiting(ben) == [messages[1].content]


def test_a_report_costs_the_same_for_more_messages(as_ben: Client, room: Conversation, ada: User) -> None:
    costs = []
    for number in (10, 20, 200):
        messages = write_roots(room, ada, number)
        with statements() as found:
            see(as_ben, room, *messages)
        costs.append(len(found))
    assert len(set(costs)) == 1
    assert costs[0] <= 15


def test_the_page_says_where_the_unread_begins_and_links_to_it(
    as_ben: Client, room: Conversation, ada: User, ben: User
) -> None:
    write_roots(room, ada, 2)
    Message.unread_messages.mark_as_read_for_user(ben)
    post(room, ben, "mine")
    first, *_ = write_roots(room, ada, PAGE_SIZE + 5)
    page = Page(as_ben.get(url(room, "conversation")))
    state = next(one for one in page.elements if one.attributes.get("id") == "unread-state")
    assert state.attributes["data-first-unread"] == str(first.seq)
    assert f"{url(room, 'conversation')}?around={first.seq}#m-{first.pk}" in page.links
    assert f"{PAGE_SIZE + 5} new messages" in page.html


def test_a_reader_without_unread_messages_sees_no_new_line(
    as_ben: Client, room: Conversation, message: Message, ben: User
) -> None:
    Message.unread_messages.mark_as_read_for_user(ben)
    page = Page(as_ben.get(url(room, "conversation")))
    assert "data-first-unread=" not in page.html
    assert all("hidden" in pill.attributes for pill in page.all("pill"))


def test_a_page_in_the_middle_leads_to_the_newest_end(as_ben: Client, room: Conversation, ada: User) -> None:
    messages = write_roots(room, ada, 2 * PAGE_SIZE)
    middle = Page(as_ben.get(f"{url(room, 'conversation')}?around={messages[PAGE_SIZE].seq}"))
    assert "hidden" not in middle.all("pill")[-1].attributes
    assert "hidden" in Page(as_ben.get(url(room, "conversation"))).all("pill")[-1].attributes


def test_unread_replies_are_shown_by_thread_outside_of_the_list(
    as_ben: Client, room: Conversation, ada: User, ben: User
) -> None:
    root = post(room, ben, "mine")
    new = [post(room, ada, text, parent=root) for text in ("one", "two")]
    page = Page(as_ben.get(url(room, "conversation")))
    told = next(one for one in page.elements if one.attributes.get("id") == "unread-threads")
    assert told.attributes["data-unread"].split() == [f"{root.pk}:2"]
    thread = Page(as_ben.get(url(root, "thread")))
    told = next(one for one in thread.elements if one.attributes.get("id") == "new-replies")
    assert told.attributes["data-unread"].split() == [str(message.pk) for message in new]
    assert f"#t-{new[0].pk}" in thread.links
    assert "2 new" in told.text


def test_every_page_says_in_its_title_how_much_is_for_the_person(
    as_ben: Client, room: Conversation, ada: User, ben: User
) -> None:
    ben.title_counts = User._meta.get_field("title_counts").default
    ben.save()
    write_roots(room, ada, 3)
    for text in ("@ben", "for @ben"):
        post(room, ada, text)
    for name in ("conversation_list", "room_list", "inbox"):
        page = Page(as_ben.get(reverse(name)))
        title = next(element.text for element in page.elements if element.tag == "title")
        assert title.startswith("(2) "), name


def test_the_sidebar_comes_from_the_cache_and_is_never_stale(
    as_ben: Client, room: Conversation, direct: Conversation, ada: User, ben: User
) -> None:
    """After each change that it shows, the very next page has it."""
    RoomFactory.create(name="Attic", by=ben)
    group = Conversation.objects.create_group(ben, [ada])

    def shown() -> str:
        html = as_ben.get("/", headers=FRAGMENT).content.decode()
        with statements() as found:
            assert as_ben.get("/", headers=FRAGMENT).content.decode() == html
        assert not [sql for sql in found if "display_name" in sql and "membership" in sql.lower()]
        return re.sub(' data-as-of="[^"]*"', "", html)

    seen = [shown()]

    def changes() -> None:
        html = shown()
        assert html not in seen
        seen.append(html)

    post(room, ada, "words")
    changes()
    see(as_ben, room, Message.objects.get())
    assert shown() == seen[0]
    ada.display_name = "Augusta"
    ada.save()
    changes()
    add(group, User.objects.create_user("noor"))
    changes()
    ben.memberships.filter(conversation=room).update(is_starred=True)
    changes()
    leave(room, ben)
    changes()


@pytest.mark.parametrize("kind", ["room", "direct"])
def test_a_conversation_page_takes_few_queries_whatever_is_unread(
    as_ben: Client, room: Conversation, direct: Conversation, ada: User, ben: User, kind: str
) -> None:
    """Cold and warm: the second request of a session, with filled caches."""
    conversation = {"room": room, "direct": direct}[kind]
    costs = set()
    for number in (10, 20):
        root = post(conversation, ben, "root")
        for message in write_roots(conversation, ada, number):
            post(conversation, ada, f"answer to {message.pk}, @ben", parent=root)
        for alias in ("pages", "fragments"):
            caches[alias].clear()
        with statements() as cold:
            as_ben.get(url(conversation, "conversation"))
        with statements() as warm:
            as_ben.get(url(conversation, "conversation"))
        costs.add((len(cold), len(warm)))
    assert len(costs) == 1
    cold_cost, warm_cost = costs.pop()
    assert cold_cost <= 12
    assert warm_cost <= 8
