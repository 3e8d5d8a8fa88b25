"""The list of saved messages, and saving from the menu and by a key."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from messaging.models import Conversation, Message, SavedMessage, User
from messaging.models.inbox.reminders import remind
from messaging.models.inbox.saved import save_message
from messaging.models.messages.saving import post
from messaging.models.rooms.members import leave
from messaging.models.rooms.settings import archive
from tests.views.growing import write_replies, write_roots
from tests.views.inbox.reading import url
from tests.views.page import FRAGMENT, Page

pytestmark = [pytest.mark.django_db, pytest.mark.backends]
PLACE = reverse("saved_list")
IN_LIST = {**FRAGMENT, "HX-Target": "div#list"}
MONDAY = datetime(2026, 7, 6, 10, tzinfo=UTC)


def words(client: Client) -> list[str]:
    return Page(client.get(PLACE)).words()


def test_the_menu_saves_and_removes_and_the_list_has_the_last_saved_first(
    as_ben: Client, message: Message, room: Conversation, ada: User
) -> None:
    reply = post(room, ada, "Under the lighthouse", parent=message)
    assert "Nothing is saved" in as_ben.get(PLACE).content.decode()
    for one in (message, reply):
        assert url(one, "message_save") in as_ben.get(url(one, "message_menu")).content.decode()
        assert as_ben.post(url(one, "message_save")).status_code == 302
    page = Page(as_ben.get(PLACE))
    assert page.words() == ["Under the lighthouse", "Land ho"]
    assert "# Harbour" in page.html
    assert url(message, "message") in page.links
    assert url(reply, "message_unsave") in as_ben.get(url(reply, "message_menu")).content.decode()
    as_ben.post(url(reply, "message_unsave"))
    assert words(as_ben) == ["Land ho"]


def test_a_script_is_told_and_its_lists_are_loaded_again(as_ben: Client, message: Message) -> None:
    answer = as_ben.post(url(message, "message_save"), headers=FRAGMENT)
    assert (answer.status_code, answer["HX-Trigger"]) == (200, "list-changed")
    assert "Saved. You find it in" in answer.content.decode()


def test_the_key_saves_and_saves_no_more(as_ben: Client, message: Message) -> None:
    for is_saved in (True, False, True):
        answer = as_ben.post(url(message, "message_save"), {"toggle": 1}, headers=FRAGMENT)
        assert answer.status_code == 200
        assert SavedMessage.objects.exists() is is_saved


@pytest.mark.parametrize("headers", [None, IN_LIST], ids=["page", "htmx"])
def test_removing_in_the_list_can_be_undone_and_it_has_its_former_place(
    as_ben: Client, ben: User, room: Conversation, ada: User, headers: dict[str, str] | None
) -> None:
    for place, text in enumerate(("one", "two", "three")):
        save_message(ben, post(room, ada, text), MONDAY + timedelta(minutes=place))
    two = Message.objects.get(content="two")
    answer = as_ben.post(url(two, "message_unsave"), {"list": 1}, headers=headers, follow=True)
    page = Page(answer)
    assert page.words() == ["three", "one"]
    assert "Removed from saved messages." in page.html
    undo = {"list": 1, "at": page.field_value("at")}
    page = Page(as_ben.post(url(two, "message_save"), undo, headers=headers, follow=True))
    assert page.words() == ["three", "two", "one"]
    assert "Removed from saved messages." not in page.html


def test_a_time_of_saving_in_the_future_is_not_taken(as_ben: Client, ben: User, message: Message) -> None:
    with time_machine.travel(MONDAY, tick=False):
        as_ben.force_login(ben)
        as_ben.post(url(message, "message_save"), {"at": 10**18})
        assert SavedMessage.objects.get().saved_at == MONDAY


def test_it_says_when_the_reader_will_be_reminded(as_ben: Client, ben: User, message: Message) -> None:
    remind(ben, message, datetime(2027, 7, 5, 9, tzinfo=UTC))
    assert "5 Jul, 09:00" in as_ben.get(PLACE).content.decode()


def test_it_has_pages(as_ben: Client, ben: User, room: Conversation, ada: User) -> None:
    for place, root in enumerate(write_roots(room, ada, 25)):
        save_message(ben, root, MONDAY + timedelta(minutes=place))
    first, second = Page(as_ben.get(PLACE)), Page(as_ben.get(f"{PLACE}?page=2"))
    assert (len(first.words()), len(second.words())) == (20, 5)
    assert not set(first.words()) & set(second.words())


@pytest.mark.parametrize("headers", [None, IN_LIST], ids=["page", "htmx"])
def test_a_change_on_a_later_page_stays_there(
    as_ben: Client, ben: User, room: Conversation, ada: User, headers: dict[str, str] | None
) -> None:
    for place, root in enumerate(write_roots(room, ada, 23)):
        save_message(ben, root, MONDAY + timedelta(minutes=place))
    page = Page(as_ben.get(f"{PLACE}?page=2"))
    remove = next(
        one.attributes["action"] for one in page.elements if "/unsave/" in one.attributes.get("action", "")
    )
    page = Page(as_ben.post(remove, {"list": 1}, headers=headers, follow=True))
    assert len(page.words()) == 2
    listing = next(one for one in page.elements if one.attributes.get("id") == "list")
    assert listing.attributes["hx-get"] == f"{PLACE}?page=2"
    undo = next(
        one for one in page.elements if one.tag == "form" and "/save/" in one.attributes.get("action", "")
    )
    data = {"list": 1, "at": page.field_value("at")}
    assert len(Page(as_ben.post(undo.attributes["action"], data, headers=headers, follow=True)).words()) == 3


def test_a_message_in_an_archived_room_is_shown_and_one_in_a_room_that_was_left_is_not(
    as_ben: Client, as_ada: Client, ada: User, ben: User, message: Message, room: Conversation
) -> None:
    for user in (ada, ben):
        save_message(user, message)
    archive(room, by=ada)
    page = Page(as_ben.get(PLACE))
    assert (page.words(), "# Harbour" in page.html) == (["Land ho"], True)
    leave(room, ben)
    page = Page(as_ben.get(PLACE))
    assert (page.words(), "Harbour" in page.html) == ([], False)
    assert words(as_ada) == ["Land ho"]


def test_nothing_of_it_is_in_what_others_get(
    as_ben: Client, as_ada: Client, ben: User, message: Message
) -> None:
    places = [url(message.conversation, "message_list"), url(message, "thread_list")]
    before = [as_ada.get(place, headers=FRAGMENT).content for place in places]
    save_message(ben, message)
    for client in (as_ada, as_ben):
        assert [client.get(place, headers=FRAGMENT).content for place in places] == before
    assert url(message, "message_save") in as_ada.get(url(message, "message_menu")).content.decode()


def test_a_removed_message_cannot_be_saved(as_ben: Client, message: Message) -> None:
    message.remove()
    for name in ("message_save", "message_unsave", "message_remind"):
        assert as_ben.post(url(message, name)).status_code == 404


def test_it_takes_as_many_queries_for_ten_as_for_twenty(
    ben: User, room: Conversation, ada: User, cost: Callable[..., int]
) -> None:
    costs = []
    for _ in range(2):
        roots = write_roots(room, ada, 5)
        for message in (*roots, *write_replies(roots[0], ada, 5)):
            save_message(ben, message)
            remind(ben, message, MONDAY)
        costs.append(cost(PLACE))
    assert costs[0] == costs[1] <= 14


def test_saving_takes_few_queries(as_ben: Client, message: Message, cost: Callable[..., int]) -> None:
    assert cost(url(message, "message_save"), "ignored", headers=FRAGMENT) <= 12
