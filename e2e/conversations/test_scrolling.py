"""Scrolling through a long conversation: what is loaded and removed meanwhile, and that nothing moves."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from e2e.browser_state import until
from e2e.chat import Chat, address_of
from e2e.freshness import expect_as_fresh
from e2e.scroll_shift import scroll_by, scroll_to_end
from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post
from tests.models.growing import grow

MAX_ROWS = 400  # of static/js/scrolling.js
SEQS = "() => [...document.querySelectorAll('#timeline > .row')].map((row) => Number(row.dataset.seq))"
TOP = "row => row.getBoundingClientRect().top"


@pytest.fixture
def history(room: Conversation, ada: User, ben: User) -> list[Message]:
    """798 messages of two people, of different lengths, three at a time, in sixteen days, oldest first."""
    ids = [pk for _ in range(38) for pk in grow(room, ada, [None] * 13) + grow(room, ben, [None] * 8)]
    messages = list(Message.rows.filter(pk__in=ids).order_by("seq"))
    start = timezone.now() - timedelta(days=16)
    for number, message in enumerate(messages):
        message.timestamp = start + number // 3 * timedelta(minutes=84)
        message.content_html = f"<p>words {number}</p>" * (1 + number % 9 // 7)
    Message.rows.bulk_update(messages, ["timestamp", "content_html"], batch_size=200)
    room.refresh_from_db()
    return messages


def seqs(page: Page) -> list[int]:
    found: list[int] = page.evaluate(SEQS)
    return found


def expect_part_of(history: list[Message], page: Page) -> None:
    """The list shows a part of the conversation without gaps, each message once."""
    shown, every = seqs(page), [message.seq for message in history]
    start = every.index(shown[0])
    assert shown == every[start : start + len(shown)]


def test_nothing_moves_while_one_scrolls_through_all_messages_and_back(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, history: list[Message]
) -> None:
    chat = Chat(open_page(ada)).listen(address_of(room))
    page = chat.page
    for pixels in (-2500, 900):
        steps = scroll_to_end(page, pixels)
        assert max(step["shift"] for step in steps) <= 1
        assert max(step["rows"] for step in steps) <= MAX_ROWS
        expect_part_of(history, page)
        assert seqs(page)[0 if pixels < 0 else -1] == history[0 if pixels < 0 else -1].seq
        days = page.locator("#timeline > .day time").evaluate_all("days => days.map((day) => day.dateTime)")
        assert days == sorted(set(days))
    expect(page.locator("#timeline > .more.newer")).to_have_count(0)
    expect(page.locator("#to-newest")).to_be_hidden()
    post(room, ben, "High water")
    expect(chat.row_with("High water")).to_be_in_viewport()
    expect_as_fresh(chat)


def test_far_from_the_newest_end_the_page_stays_true_and_the_end_is_one_press_away(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, history: list[Message]
) -> None:
    chat = Chat(open_page(ada)).listen(address_of(room))
    page = chat.page
    form = chat.form(chat.row(history[-1]), "Reply")
    form.text.fill("Begun")
    while history[-1].seq in seqs(page):
        scroll_by(page, -2000)
    expect(page.locator("#timeline > .more.newer")).to_be_attached()
    shown = seqs(page)
    seen = chat.row(next(one for one in history if one.seq == shown[len(shown) // 2]))
    seen.evaluate("row => row.scrollIntoView({block: 'center'})")
    scroll_by(page, 0)
    before = seen.evaluate(TOP)
    # A new message is not inserted, but counted; an edit shows; a message that is gone reloads this part.
    shown = seqs(page)
    edited, gone = (Message.objects.get(conversation=room, seq=shown[place]) for place in (-30, -20))
    new = post(room, ben, "High water")
    expect(page.locator("#to-newest")).to_have_text("1 new")
    expect(chat.row(new)).to_have_count(0)
    edited.edit("Changed")
    expect(chat.row(edited).locator(".prose")).to_have_text("Changed")
    assert seen.evaluate(TOP) == pytest.approx(before, abs=1)
    Message.objects.filter(pk=gone.pk).delete()
    expect(chat.row(gone)).to_have_count(0)
    until(page, lambda: not page.locator(".htmx-request").count())
    assert seen.evaluate(TOP) == pytest.approx(before, abs=1)
    expect_part_of([one for one in history if one.pk != gone.pk], page)
    page.locator("#to-newest").click()
    expect(chat.row(new)).to_be_in_viewport()
    expect(page.locator("#to-newest")).to_be_hidden()
    expect(form.text).to_have_value("Begun")
    expect_as_fresh(chat)
    assert page.evaluate("() => performance.getEntriesByType('navigation').length") == 1


def test_a_form_that_is_open_comes_back_with_its_row(
    open_page: Callable[..., Page], ada: User, room: Conversation, history: list[Message]
) -> None:
    chat = Chat(open_page(ada)).listen(address_of(room))
    form = chat.form(chat.row(history[-3]), "Edit" if history[-3].sender_id == ada.pk else "Reply")
    form.text.fill("Begun")
    while history[-3].seq in seqs(chat.page):
        scroll_by(chat.page, -2000)
    expect(form.text).to_be_hidden()
    scroll_to_end(chat.page, 2000)
    expect(chat.row(history[-3]).locator("textarea")).to_have_value("Begun")
    expect(chat.row(history[-3])).to_have_count(1)
    expect(chat.page.locator("#set-aside > *")).to_have_count(0)
    form.submit("Done", "Reply")
    expect(chat.row(history[-3]).locator(".summary")).to_contain_text("1 reply")


@pytest.mark.parametrize("status", [500, 429])
def test_if_loading_fails_it_is_tried_again_without_an_error_message(
    open_page: Callable[..., Page],
    ada: User,
    room: Conversation,
    history: list[Message],
    faults: list[str],
    status: int,
) -> None:
    chat = Chat(open_page(ada)).listen(address_of(room))
    page = chat.page
    failed: list[str] = []

    def fail_once(route: Route) -> None:
        if failed:
            return route.fallback()
        failed.append(route.request.url)
        return route.fulfill(status=status, headers={"Retry-After": "1"})

    page.route(re.compile(r"/messages/\?before="), fail_once)
    before = len(seqs(page))
    scroll_by(page, -3000)
    until(page, lambda: failed)
    expect(page.locator(".notice.error")).to_have_count(0)
    until(page, lambda: len(seqs(page)) > before)
    expect_part_of(history, page)
    faults.clear()


def place_of(page: Page) -> tuple[int, float]:
    """The row in the middle of what is visible, and where it is."""
    found: list[float] = page.evaluate(
        """() => {
          const { top, bottom } = document.querySelector(".newest-first").getBoundingClientRect();
          const row = [...document.querySelectorAll("#timeline > .row")]
            .find((one) => one.getBoundingClientRect().bottom > (top + bottom) / 2);
          return [Number(row.dataset.seq), row.getBoundingClientRect().top];
        }"""
    )
    return int(found[0]), found[1]


def test_a_reload_and_the_way_back_lead_to_the_same_place(
    open_page: Callable[..., Page], ada: User, room: Conversation, history: list[Message]
) -> None:
    page = open_page(ada)
    newest = address_of(room)
    for start, is_far in ((newest, False), (newest, True), (f"/messages/{history[300].pk}/", False)):
        page.goto(start)
        for _ in range(8 if is_far else 1):
            scroll_by(page, -300)
        where = place_of(page)
        page.wait_for_function("seq => history.state?.reading?.seq === seq", arg=where[0])
        assert ("?around=" in page.url) == (is_far or start != newest)
        for way in ("reload", "back"):
            if way == "reload":
                page.reload()
            else:
                page.goto("/people/")
                page.go_back()
            page.wait_for_function(IN_PLACE, arg=where)
            seq, top = place_of(page)
            assert seq == where[0]
            assert top == pytest.approx(where[1], abs=1)
    page.locator("#to-newest").click()
    expect(page).to_have_url(newest)


IN_PLACE = """([seq, top]) => {
  const row = document.querySelector(`#timeline > [data-seq="${seq}"]`);
  return row && Math.abs(row.getBoundingClientRect().top - top) <= 1;
}"""
