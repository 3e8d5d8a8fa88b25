"""The list of everything unread, and reading all of it at once."""

import pytest
from django.test import Client
from django.urls import reverse

from messaging.access.lookups import LARGEST_ID
from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post
from messaging.views.inbox.read_state import ASK_ABOVE, SHOWN_OF_EACH
from tests.contract.counting import statements
from tests.factories import RoomFactory
from tests.views.growing import write_roots
from tests.views.inbox.reading import waiting
from tests.views.page import Page

pytestmark = [pytest.mark.django_db, pytest.mark.backends]


def test_everything_unread_is_listed_by_conversation_the_first_few_of_each(
    as_ben: Client, room: Conversation, direct: Conversation, ada: User
) -> None:
    roots = write_roots(room, ada, SHOWN_OF_EACH + 2)
    post(direct, ada, "between us")
    page = Page(as_ben.get(reverse("unread_list")))
    shown = [line.text for line in page.all("line-excerpt")]
    assert shown == [*(root.content for root in roots[:SHOWN_OF_EACH]), "between us"]
    assert [group.text.split()[-2] for group in page.elements if group.tag == "h2" and "unread" in group.text]
    assert "More in Harbour" in page.html


def test_the_list_of_the_unread_takes_no_more_queries_for_more(as_ben: Client, ada: User, ben: User) -> None:
    costs = []
    for _ in range(2):
        for _ in range(10):
            write_roots(RoomFactory.create(by=ada, members=[ben]), ada, 2)
        with statements() as found:
            as_ben.get(reverse("unread_list"))
        costs.append(len(found))
    assert costs[0] == costs[1] <= 7


def test_marking_all_as_read_leaves_messages_that_came_after_the_page_was_loaded(
    as_ben: Client, room: Conversation, message: Message, ada: User, ben: User
) -> None:
    until = Page(as_ben.get(reverse("unread_list"))).field_value("until")
    post(room, ada, "later")
    answer = as_ben.post(reverse("all_read"), {"until": until})
    assert (answer.status_code, answer["Location"]) == (302, reverse("unread_list"))
    assert waiting(ben) == ["later"]


def test_marking_personal_messages_as_read_leaves_the_rooms_unread(
    as_ben: Client, room: Conversation, direct: Conversation, ada: User, ben: User
) -> None:
    post(room, ada, "to all")
    post(direct, ada, "between us")
    answer = as_ben.post(reverse("all_read"), {"what": "personal", "until": LARGEST_ID})
    assert answer["Location"] == reverse("notification_list")
    assert waiting(ben) == ["to all"]


@pytest.mark.parametrize("number", [ASK_ABOVE, ASK_ABOVE + 1])
def test_marking_many_messages_as_read_asks_for_confirmation(
    as_ben: Client, room: Conversation, ada: User, number: int
) -> None:
    write_roots(room, ada, number)
    page = Page(as_ben.get(reverse("unread_list")))
    assert (f"{reverse('all_read')}?what=" in page.links) == (number > ASK_ABOVE)
    assert f"Mark {number} messages as read?" in Page(as_ben.get(reverse("all_read"))).html


@pytest.mark.parametrize("until", [None, "", "abc", "-1", "1" * 5_000, "\x00"])
def test_request_without_a_valid_until_marks_nothing_as_read(
    as_ben: Client, message: Message, ben: User, until: str | None
) -> None:
    fields = {"what": "\x00"} | ({} if until is None else {"until": until})
    assert as_ben.post(reverse("all_read"), fields)["Location"] == reverse("all_read")
    assert waiting(ben) == [message.content]
