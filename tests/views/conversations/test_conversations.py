"""The list of conversations, the paged timeline and its links, and what is unread."""

import pytest
from django.test import Client
from django.urls import reverse

from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post
from messaging.models.messages.timeline import PAGE_SIZE
from messaging.models.rooms.members import add
from tests.factories import RoomFactory
from tests.views.growing import write_roots
from tests.views.page import FRAGMENT, Page

pytestmark = [pytest.mark.django_db, pytest.mark.backends]
BAD_PLACES = [
    "abc",
    "",
    "-1",
    "0",
    "1" * 5_000,
    str(2**63),
    str(2**63 - 1),
    "1.5",
    "%00",
    "%FF",
    "%D9%A3",
    "²",
]


def address(conversation: Conversation, name: str = "conversation") -> str:
    return reverse(name, args=[conversation.pk])


def test_the_sidebar_names_rooms_and_people_with_what_is_unread(
    as_ben: Client, room: Conversation, direct: Conversation, ada: User
) -> None:
    post(room, ada, "one")
    post(room, ada, "two")
    post(direct, ada, "for you")
    places = {
        place.attributes["href"]: place.text.split() for place in Page(as_ben.get("/")).all("sidebar-row")
    }
    assert places == {
        address(room): ["Harbour,", "private", "2", "unread"],
        address(direct): ["AL", "Ada", "Lovelace", "1", "unread"],
    }


def test_somebody_in_no_conversation_is_shown_the_way_to_the_rooms(as_stranger: Client) -> None:
    page = Page(as_stranger.get("/"))
    assert not page.all("sidebar-row")
    assert "You are not in any conversation yet" in page.all("empty")[0].text
    assert {reverse("room_list"), reverse("conversation_new")} <= set(page.links)


def test_a_conversation_opens_at_its_newest_end_and_leads_back_to_its_first_message(
    as_ben: Client, room: Conversation, ada: User
) -> None:
    messages = write_roots(room, ada, 2 * PAGE_SIZE + 5)
    seen: list[str] = []
    place = address(room)
    while place:
        page = Page(as_ben.get(place))
        seen = page.words() + seen
        older = [link for link in page.links if "?before=" in link]
        place = older[0].partition("#")[0] if older else ""
    assert seen == [message.content for message in messages]


def test_newer_messages_lead_to_the_newest_end(as_ben: Client, room: Conversation, ada: User) -> None:
    messages = write_roots(room, ada, 2 * PAGE_SIZE + 5)
    place = f"{address(room)}?after={messages[0].seq}"
    seen: list[str] = []
    while place:
        page = Page(as_ben.get(place))
        seen += page.words()
        newer = [link for link in page.links if "?after=" in link and "?after=0#" not in link]  # the menu
        place = newer[0].partition("#")[0] if newer else ""
    assert seen == [message.content for message in messages[1:]]


def test_the_list_fragment_links_to_older_messages(as_ben: Client, room: Conversation, ada: User) -> None:
    write_roots(room, ada, PAGE_SIZE + 5)
    page = Page(as_ben.get(address(room, "message_list"), headers=FRAGMENT))
    assert not page.is_whole
    assert len(page.words()) == PAGE_SIZE
    more = [element for element in page.elements if "?before=" in element.attributes.get("hx-get", "")]
    older = Page(as_ben.get(more[0].attributes["hx-get"], headers=FRAGMENT))
    assert len(older.words()) == 5


@pytest.mark.parametrize("direction", ["before", "after", "around"])
@pytest.mark.parametrize("name", ["conversation", "message_list"])
def test_an_invalid_cursor_shows_the_newest_messages_or_none_but_never_fails(
    as_ben: Client, room: Conversation, message: Message, direction: str, name: str
) -> None:
    beyond = {"before": {"0"}, "after": {str(2**63), str(2**63 - 1)}}.get(direction, set())
    for place in BAD_PLACES:
        answer = as_ben.get(f"{address(room, name)}?{direction}={place}")
        # A script that asks for more gets nothing if there is nothing more. A page always shows messages.
        shown = [] if name == "message_list" and place in beyond else ["Land ho"]
        assert (place, answer.status_code, Page(answer).words()) == (place, 200, shown)


@pytest.mark.parametrize(
    "name", ["conversation", "message_list", "conversation_read", "message_send", "message"]
)
@pytest.mark.parametrize("pk", ["9" * 5_000, "9" * 4_000, str(2**63), str(2**64), "0", "-1", "abc", "1%00"])
def test_an_id_that_cannot_be_one_is_not_found(
    as_ben: Client, room: Conversation, name: str, pk: str
) -> None:
    place = reverse(name, args=[4_711]).replace("4711", pk)
    assert as_ben.get(place).status_code in {404, 405}
    assert as_ben.post(place, {"content": "x"}).status_code in {404, 405}
    assert not Message.objects.exists()


def test_the_permalink_of_a_root_leads_to_it_in_the_timeline(
    as_ben: Client, room: Conversation, ada: User
) -> None:
    messages = write_roots(room, ada, 2 * PAGE_SIZE)
    for message in (messages[0], messages[PAGE_SIZE], messages[-1]):
        answer = as_ben.get(reverse("message", args=[message.pk]))
        place, _, anchor = answer["Location"].partition("#")
        assert answer.status_code == 302
        assert place == f"{address(room)}?around={message.seq}"
        assert anchor in [row.attributes["id"] for row in Page(as_ben.get(place)).all("row")]


def test_marking_as_read_affects_only_the_reader_and_this_conversation(
    as_ben: Client, room: Conversation, direct: Conversation, ada: User, ben: User, stranger: User
) -> None:
    add(room, stranger)
    post(room, ada, "to all")
    elsewhere = post(direct, ada, "to ben")
    answer = as_ben.post(address(room, "conversation_read"))
    assert (answer.status_code, answer["Location"]) == (302, address(room))
    assert list(Message.unread_messages.for_user(ben)) == [elsewhere]
    assert Message.unread_messages.count_for_user(stranger) == 1
    assert 'id="mark-read" hidden' in Page(as_ben.get(address(room))).html


def test_marking_as_read_leaves_what_came_after_the_page_was_loaded(
    as_ben: Client, room: Conversation, message: Message, ada: User, ben: User
) -> None:
    shown = Page(as_ben.get(address(room))).field_value("until")
    later = post(room, ada, "later")
    as_ben.post(address(room, "conversation_read"), {"until": shown})
    assert list(Message.unread_messages.for_user(ben)) == [later]


@pytest.mark.parametrize("until", ["", "abc", "-1", "1" * 5_000, str(2**63), "9" * 19, "\x00"])
def test_an_invalid_until_marks_the_whole_conversation_as_read(
    as_ben: Client, room: Conversation, message: Message, ben: User, until: str
) -> None:
    assert as_ben.post(address(room, "conversation_read"), {"until": until}).status_code == 302
    assert Message.unread_messages.count_for_user(ben) == 0


def test_loading_a_page_marks_nothing_as_read(
    as_ben: Client, room: Conversation, message: Message, ben: User
) -> None:
    as_ben.get(address(room))
    assert Message.unread_messages.count_for_user(ben) == 1


def test_the_title_says_how_much_is_unread_and_where_one_is(
    as_ben: Client, room: Conversation, message: Message
) -> None:
    page = Page(as_ben.get(address(room)))
    title = next(element.text for element in page.elements if element.tag == "title")
    assert title == "(1) Harbour · Parley"


@pytest.mark.parametrize("name", ["conversation_read", "conversation_seen", "conversation_join"])
def test_changes_need_a_post(as_ben: Client, ada: User, name: str) -> None:
    square = RoomFactory.create(by=ada)
    assert as_ben.get(address(square, name)).status_code == 405


def test_the_viewer_stylesheet_depends_only_on_the_id(
    as_ada: Client, as_ben: Client, client: Client, ada: User
) -> None:
    place = reverse("viewer_stylesheet", args=[ada.pk])
    answers = [browser.get(place) for browser in (as_ada, as_ben, client)]
    assert {answer.content for answer in answers} == {answers[0].content}
    assert f'[data-author~="{ada.pk}"]' in answers[0].content.decode()
    assert answers[0]["Content-Type"] == "text/css; charset=utf-8"
    assert {"immutable", "public"} <= set(answers[0]["Cache-Control"].split(", "))
    assert place in [link.partition("?")[0] for link in Page(as_ada.get("/")).links]
