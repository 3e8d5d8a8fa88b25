"""The day at the top of what is visible, and its menu "Jump to"."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from e2e.accessibility import faults_of
from e2e.chat import Chat, address_of
from e2e.scroll_shift import scroll_by
from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post
from tests.models.growing import grow

START = datetime(2026, 3, 1, 8, tzinfo=UTC)
STUCK = """() => {
  const { left, top, width } = document.querySelector(".newest-first").getBoundingClientRect();
  const day = document.elementFromPoint(left + width / 2, top + 17)?.closest(".day");
  return day?.querySelector("time").dateTime;
}"""

# The date of the last message or line that begins above that point.
ABOVE = """() => {
  const { top } = document.querySelector(".newest-first").getBoundingClientRect();
  const lines = [...document.querySelectorAll("#timeline > :is(.row, .day)")];
  const last = lines.findLast((line) => line.getBoundingClientRect().top <= top + 17);
  return last.querySelector("time").dateTime;
}"""

STILL_SCROLLS = """() => {
  setInterval(() => document.querySelector(".newest-first").dispatchEvent(new Event("scroll")), 20);
}"""


@pytest.fixture
def days(room: Conversation, ada: User, ben: User) -> list[Message]:
    """Ten messages on each of twenty days in March, oldest first, and then three that Ada has not read."""
    ids = grow(room, ada, [None] * 200)
    messages = list(Message.rows.filter(pk__in=ids).order_by("seq"))
    for number, message in enumerate(messages):
        message.timestamp = START + timedelta(days=number // 10, minutes=6 * (number % 10))
    Message.rows.bulk_update(messages, ["timestamp"])
    room.refresh_from_db()
    return [*messages, *(post(room, ben, f"New {number}") for number in range(3))]


def jump(page: Page) -> None:
    """Open the menu of the day that is at the top, with the mouse.

    Elsewhere it is opened and used by keys: while more of the list is loaded, it moves with its day.
    """
    box = page.locator(".newest-first").bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + 17)
    expect(page.locator("#jump-to")).to_be_visible()


def test_the_menu_leads_to_a_date_the_first_message_and_the_first_unread_one(
    open_page: Callable[..., Page], ada: User, room: Conversation, days: list[Message], script: bool
) -> None:
    chat = Chat(open_page(ada, script=script, timezone_id="UTC")).without_reports().open(room)
    page = chat.page
    page.locator("#timeline .day button").last.press("Enter")
    page.get_by_label("Date").fill("2026-03-05")
    page.get_by_role("button", name="Go").click()
    expect(chat.row(days[40])).to_be_in_viewport()
    expect(chat.row(days[38])).not_to_be_in_viewport()
    page.locator("#timeline .day button").last.press("Enter")
    page.get_by_role("link", name="First message").press("Enter")
    expect(chat.row(days[0])).to_be_in_viewport()
    page.locator("#timeline .day button").first.press("Enter")
    page.get_by_role("link", name="First unread message").press("Enter")
    expect(chat.row(days[200])).to_be_in_viewport()


def test_who_jumps_while_the_list_still_scrolls_gets_there(
    open_page: Callable[..., Page], ada: User, room: Conversation, days: list[Message]
) -> None:
    """What is left does not overwrite the address of where the jump leads."""
    chat = Chat(open_page(ada)).without_reports().open(room)
    chat.page.evaluate(STILL_SCROLLS)
    chat.page.locator("#timeline .day button").last.press("Enter")
    chat.page.get_by_role("link", name="First message").press("Enter")
    expect(chat.row(days[0])).to_be_in_viewport()


def test_the_day_of_the_topmost_message_stays_in_sight_with_its_menu(
    open_page: Callable[..., Page], ada: User, room: Conversation, days: list[Message]
) -> None:
    page = open_page(ada, timezone_id="UTC")
    chat = Chat(page).without_reports().open(room)
    for _ in range(12):
        scroll_by(page, -450)
        stuck, above = page.evaluate(STUCK), page.evaluate(ABOVE)
        assert stuck == above[:10]
    jump(page)
    assert faults_of(page) == []
    stops = page.locator("#timeline > .day button").evaluate_all(
        "all => all.filter(({tabIndex}) => !tabIndex)"
    )
    assert len(stops) == 1
    page.keyboard.press("Escape")
    page.locator("#to-newest").click()
    expect(chat.row(days[202])).to_be_in_viewport()
    # What is in the list is reached without leaving the page, although it has been read meanwhile.
    Message.unread_messages.mark_as_read_for_user(ada)
    page.locator("#timeline .day button").last.press("Enter")
    page.get_by_role("link", name="First unread message").press("Enter")
    expect(page.locator(".new-line")).to_be_in_viewport()
    expect(page).to_have_url(address_of(room))
