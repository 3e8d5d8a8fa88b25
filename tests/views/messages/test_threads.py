"""The thread pages: blocks, depth and speed."""

from collections.abc import Callable
from functools import partial

import pytest
from django.core.cache import caches
from django.test import Client
from django.urls import reverse

from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post
from messaging.rendering.rows import INDENT_LEVELS
from messaging.views.messages.threads import REPLIES_SHOWN
from tests.amounts import ON_POSTGRESQL
from tests.views.growing import write_replies
from tests.views.page import FRAGMENT, Page
from tests.work import calls, database_steps

pytestmark = [pytest.mark.django_db, pytest.mark.backends]
# A thread of 10,000 replies, or 1,000 levels deep, must open within half a second. CALLS function calls take
# less than that. Measured with cold caches: 370,000 calls for a thread of 100 replies, 840,000 for 10,000; 20
# database steps for each reply (on PostgreSQL it reads 2 rows).
CALLS = 1_000_000
STEPS_EACH = 3 if ON_POSTGRESQL else 30


def address(message: Message, name: str = "thread") -> str:
    return reverse(name, args=[message.pk])


def rows(page: Page) -> list[tuple[str, int]]:
    """The ids of the rows, and the level at which each is indented."""
    return [(row.attributes["id"], int(row.attributes["data-indent"])) for row in page.all("row")]


def test_replies_are_shown_below_their_parents_oldest_first(
    as_ben: Client, message: Message, room: Conversation, ben: User
) -> None:
    first = post(room, ben, "first", parent=message)
    second = post(room, ben, "second", parent=message)
    below = post(room, ben, "below the first", parent=first)
    page = Page(as_ben.get(address(message)))
    ids = [f"t-{one.pk}" for one in (message, first, below, second)]
    assert rows(page) == list(zip(ids, [0, 1, 2, 1], strict=True))
    assert "3 replies" in page.html


@pytest.mark.parametrize("headers", [{}, FRAGMENT], ids=["page", "htmx"])
def test_a_thread_is_a_page_or_a_fragment_for_the_panel_with_a_form_to_reply_to_the_root(
    as_ben: Client, message: Message, headers: dict[str, str]
) -> None:
    page = Page(as_ben.get(address(message), headers=headers))
    assert page.is_whole == (not headers)
    assert [form.attributes["action"] for form in page.all("composer")] == [address(message, "message_reply")]


def test_the_thread_of_a_reply_contains_the_reply_and_everything_below_it(
    as_ben: Client, message: Message, room: Conversation, ben: User
) -> None:
    reply = post(room, ben, "first", parent=message)
    post(room, ben, "beside", parent=message)
    post(room, ben, "below", parent=reply)
    assert Page(as_ben.get(address(reply))).words() == ["first", "below"]


def test_a_long_thread_comes_in_blocks_that_lead_to_each_other(
    as_ben: Client, message: Message, ben: User
) -> None:
    replies = write_replies(message, ben, 2 * REPLIES_SHOWN + 10)
    expected = [f"t-{one.pk}" for one in (message, *replies)]
    seen, place = [], address(message)
    while place:
        page = Page(as_ben.get(place))
        assert len(page.all("row")) <= REPLIES_SHOWN
        seen += [pk for pk, _ in rows(page)]
        later = [
            element for element in page.elements if element.text == "Later replies" and element.tag == "a"
        ]
        place = later[0].attributes["href"] if later else ""
    assert seen == expected


def test_the_at_parameter_opens_the_block_with_that_message(
    as_ben: Client, message: Message, ben: User
) -> None:
    replies = write_replies(message, ben, REPLIES_SHOWN + 10)
    page = Page(as_ben.get(f"{address(message)}?at={replies[-1].pk}"))
    assert rows(page)[-1][0] == f"t-{replies[-1].pk}"
    assert any(element.text == "Earlier replies" for element in page.elements)


@pytest.mark.parametrize("at", ["abc", "", "-1", "0", "1" * 5_000, str(2**63), "%00", "%FF", "1&at=x"])
@pytest.mark.parametrize("name", ["thread", "thread_list"])
def test_an_invalid_at_parameter_opens_the_first_block(
    as_ben: Client, message: Message, name: str, at: str
) -> None:
    answer = as_ben.get(f"{address(message, name)}?at={at}")
    assert answer.status_code == 200
    assert Page(answer).words() == ["Land ho"]


def test_a_very_deep_thread_continues_on_a_page_of_its_own(
    as_ben: Client, message: Message, ben: User
) -> None:
    replies = write_replies(message, ben, 20, in_a_chain=True)
    page = Page(as_ben.get(address(message)))
    assert [indent for _, indent in rows(page)] == list(range(INDENT_LEVELS + 1))
    link = page.all("continue")[0]
    assert link.attributes["href"] == address(replies[INDENT_LEVELS - 1])
    assert link.text == "Continue this thread: 14 more"
    assert rows(Page(as_ben.get(link.attributes["href"])))[0] == (f"t-{replies[INDENT_LEVELS - 1].pk}", 0)


def assert_quick(ask: Callable[[], object], replies: int) -> None:
    """With cold caches the amount of work stays below the limit, however large the thread is."""
    work = []
    for count in (calls, calls, database_steps):  # the first also loads code and templates: not compared
        for alias in ("pages", "fragments"):
            caches[alias].clear()
        work.append(count(ask))
    assert work[1] <= CALLS
    assert work[2] <= STEPS_EACH * replies


@pytest.mark.parametrize("headers", [{}, FRAGMENT], ids=["page", "htmx"])
def test_ten_thousand_replies_open_at_either_end_and_can_be_answered(
    as_ben: Client, message: Message, ben: User, headers: dict[str, str]
) -> None:
    last = write_replies(message, ben, 10_000)[-1]
    for place in (address(message), f"{address(message)}?at={last.pk}"):
        assert_quick(partial(as_ben.get, place, headers=headers), replies=10_000)
    answer = as_ben.post(address(last, "message_reply"), {"content": "Still here"})
    assert "Still here" in Page(as_ben.get(answer["Location"].partition("#")[0])).words()


def test_a_thread_a_thousand_deep_opens_anywhere_and_can_be_answered(
    as_ben: Client, message: Message, ben: User
) -> None:
    replies = write_replies(message, ben, 1_000, in_a_chain=True)
    for place in (message, replies[500], replies[-1]):
        assert_quick(partial(as_ben.get, address(place)), replies=1_000)
    answer = as_ben.post(address(replies[-1], "message_reply"), {"content": "Deeper"})
    assert Message.objects.get(content="Deeper").depth == 1_001
    assert "Deeper" in Page(as_ben.get(answer["Location"].partition("#")[0])).words()
