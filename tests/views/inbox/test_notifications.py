"""The notifications page."""

import pytest
from django.test import Client
from django.urls import reverse

from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post
from messaging.views.inbox.notifications import NOTIFICATIONS_SHOWN
from tests.contract.counting import statements
from tests.views.page import FRAGMENT, Page

pytestmark = [pytest.mark.django_db, pytest.mark.backends]
PLACE = "/notifications/"


def lines_of(page: Page) -> list[str]:
    return [" ".join(line.text.split()) for line in page.all("line-about")]


def test_each_says_who_did_what_and_where_the_latest_first(
    as_ben: Client, room: Conversation, direct: Conversation, ada: User, ben: User
) -> None:
    root = post(room, ben, "mine")
    post(room, ada, "an answer", parent=root)
    post(room, ada, "to all")
    post(room, ada, "for @ben")
    between = post(direct, ada, "between us")
    post(direct, ada, "more", parent=between)
    page = Page(as_ben.get(PLACE))
    assert [line.partition(" at ")[0].rsplit(" ", 4)[0] for line in lines_of(page)] == [
        "Ada Lovelace replied",
        "Ada Lovelace wrote to you",
        "Ada Lovelace mentioned you · # Harbour",
        "Ada Lovelace replied · # Harbour",
    ]
    assert [line.text for line in page.all("line-excerpt")] == ["more", "between us", "for @ben", "an answer"]
    assert reverse("message", args=[between.pk]) in page.links


def test_what_is_read_stays_listed_and_is_not_called_new(
    as_ben: Client, direct: Conversation, ada: User, ben: User
) -> None:
    first = post(direct, ada, "first")
    post(direct, ada, "second")
    Message.unread_messages.mark_as_read_for_user(ben, [first.pk])
    assert [line.endswith("New") for line in lines_of(Page(as_ben.get(PLACE)))] == [True, False]


def test_older_ones_are_on_further_pages(as_ben: Client, direct: Conversation, ada: User) -> None:
    for number in range(2 * NOTIFICATIONS_SHOWN + 3):
        post(direct, ada, f"words {number}")
    place, seen = PLACE, []
    while place:
        page = Page(as_ben.get(place))
        seen += [line.text for line in page.all("line-excerpt")]
        older = [link for link in page.links if link.startswith("?before=")]
        place = PLACE + older[0] if older else ""
    assert seen == [f"words {number}" for number in reversed(range(2 * NOTIFICATIONS_SHOWN + 3))]


@pytest.mark.parametrize("before", ["abc", "", "-1", "1" * 5_000, str(2**63), "%00", "0"])
def test_an_invalid_cursor_never_fails(as_ben: Client, direct: Conversation, ada: User, before: str) -> None:
    post(direct, ada, "words")
    assert as_ben.get(f"{PLACE}?before={before}").status_code == 200


def test_the_page_takes_no_more_queries_for_more_notifications(
    as_ben: Client, room: Conversation, ada: User
) -> None:
    as_ben.get(PLACE)
    costs = []
    for _ in range(2):
        for number in range(10):
            post(room, ada, f"@ben {number}")
        with statements() as found:
            as_ben.get(PLACE)
        costs.append(len(found))
    assert costs[0] == costs[1] <= 6


def test_the_response_to_marking_a_notification_is_its_line_and_the_sidebar(
    as_ben: Client, direct: Conversation, ada: User, ben: User
) -> None:
    post(direct, ada, "words")
    mark = reverse("notification_mark", args=[ben.notifications.get().pk])
    page = Page(as_ben.post(mark, headers=FRAGMENT))
    assert not page.is_whole
    assert "Mark as unread" in page.html
    assert 'id="badge-notifications" hidden' in page.html


def test_a_removed_message_is_not_listed(as_ben: Client, direct: Conversation, ada: User) -> None:
    post(direct, ada, "words").remove()
    assert "No notifications" in Page(as_ben.get(PLACE)).html
