"""Changes that arrive do not disturb what a person is doing on the page.

Messages outside the loaded part are not added.
"""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from e2e.browser_state import answered, until
from e2e.chat import Chat, address_of, delayed, wait_until_visible
from e2e.freshness import expect_as_fresh
from messaging.models import Conversation, Draft, Message, User
from messaging.models.messages.saving import post


def test_an_edit_conflict_with_another_tab_shows_both_texts(
    open_page: Callable[..., Page], ada: User, room: Conversation
) -> None:
    message = post(room, ada, "Bring rope")
    chat = Chat(open_page(ada)).listen(address_of(room))
    form = chat.form(chat.row(message), "Edit")
    form.text.fill("Bring string")
    elsewhere = Chat(open_page(ada)).open(room)
    elsewhere.form(elsewhere.row(message), "Edit").submit("Bring rope and tea", "Save")
    expect(chat.row(message).locator(".message .prose")).to_have_text("Bring rope and tea")
    expect(form.text).to_have_value("Bring string")
    expect(form.text).to_be_focused()
    with chat.page.expect_response("**/edit/") as answered:
        form.form.get_by_role("button", name="Save").click()
    assert answered.value.status == 409
    conflict = form.form.get_by_role("alert")
    expect(conflict.locator("del")).to_contain_text(["rope and tea"])
    expect(conflict.locator("ins")).to_contain_text(["string"])
    expect(form.text).to_have_value("Bring string")
    form.submit("Bring string and tea", "Save")
    expect(elsewhere.row(message).locator(".prose")).to_have_text("Bring string and tea")


OPENED: dict[str, Callable[[Chat, Message], Locator]] = {
    "the composer": lambda chat, message: chat.composer,
    "a reply": lambda chat, message: chat.form(chat.row(message), "Reply").text,
    "a reply in the panel": lambda chat, message: chat.panel.get_by_label("Message", exact=True),
    "an edit": lambda chat, message: chat.form(chat.row(message), "Edit").text,
}


@pytest.mark.parametrize("opened", OPENED.values(), ids=OPENED.keys())
def test_what_is_being_written_survives_everything_that_arrives(
    open_page: Callable[..., Page],
    ada: User,
    ben: User,
    room: Conversation,
    opened: Callable[[Chat, Message], Locator],
) -> None:
    message = post(room, ada, "Who comes?")
    post(room, ben, "I do", parent=message)
    chat = Chat(open_page(ada)).listen(address_of(room))
    chat.row(message).locator(".summary").click()
    expect(chat.panel.locator(".row")).to_have_count(2)
    field = opened(chat, message)
    field.fill("A draft")
    field.press("ArrowLeft")
    everything_arrives(chat, room, message, ben)
    expect(field).to_have_value("A draft")
    expect(field).to_be_focused()
    assert field.evaluate("field => field.selectionStart") == 6


@pytest.mark.parametrize("opened", ["menu", "history"])
def test_what_is_open_stays_open_when_something_arrives(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, opened: str
) -> None:
    message = post(room, ada, "Who came?")
    message.edit("Who comes?")
    chat = Chat(open_page(ada)).listen(address_of(room))
    shown = chat.row(message).locator(".message")
    control = shown.get_by_title("More", exact=True)
    if opened == "history":
        control = shown.get_by_role("link", name="edited")
    with delayed(chat.page, f"/{opened}/"):
        shown.hover()
        control.click()
        waiting = wait_until_visible(chat.page.locator("#waiting"))
        message.edit("Who comes today?")  # replaces what was pressed
        expect(shown.locator(".prose")).to_have_text("Who comes today?")
        expect_beside(control, waiting)
    popover = wait_until_visible(chat.row(message).locator(".slot > [popover]"))
    expect_beside(control, popover)
    everything_arrives(chat, room, message, ben)
    expect_beside(control, popover)
    popover.click(trial=True)  # nothing is above it
    chat.page.keyboard.press("Escape")
    expect(popover).to_have_count(0)
    around = "row => row.contains(document.activeElement)"
    until(chat.page, lambda: chat.row(message).evaluate(around), "The focus is lost.")


def expect_beside(control: Locator, popover: Locator) -> None:
    """Its edge is at the edge of its control."""
    distance = """([popover, control]) => {
      const [one, other] = [popover, control].map((element) => element.getBoundingClientRect());
      return Math.min(Math.abs(one.top - other.bottom), Math.abs(one.bottom - other.top));
    }"""

    def is_beside() -> bool:
        both = [popover.element_handle(), control.element_handle()]
        return bool(popover.page.evaluate(distance, both) < 10)

    until(popover.page, is_beside, "It is elsewhere.")


def everything_arrives(chat: Chat, room: Conversation, message: Message, other: User) -> None:
    """A message, a reply, an edit of what is being answered, a rename and with it a reset of the page."""
    post(room, other, "Good morning")
    expect(chat.row_with("Good morning")).to_be_visible()
    post(room, other, "Perhaps", parent=message)
    expect(chat.row(message).locator(".summary")).to_contain_text("repl")
    message.edit("Who comes along?")
    expect(chat.row(message).locator(".message .prose")).to_have_text("Who comes along?")
    other.display_name = "Benedict"
    other.save()
    expect(chat.timeline.locator(f".name-{other.pk}")).to_have_text("Benedict")


def test_a_control_keeps_the_focus_while_its_message_changes(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation
) -> None:
    message = post(room, ben, "High water at nine")
    chat = Chat(open_page(ada)).listen(address_of(room))
    control = chat.row(message).get_by_title("Reply", exact=True)
    control.focus()
    message.edit("High water at ten")
    expect(chat.row(message).locator(".prose")).to_have_text("High water at ten")
    expect(control).to_be_focused()


def test_an_edit_of_a_message_that_is_not_on_the_page_puts_nothing_there(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation
) -> None:
    waves = [post(room, ben, f"Wave {number}") for number in range(50)]
    chat = Chat(open_page(ada)).listen(address_of(room))
    waves[0].edit("Wave zero")
    post(room, ben, "A mark")
    expect(chat.row_with("A mark")).to_be_visible()
    expect(chat.row_with("Wave zero")).to_have_count(0)
    assert len(expect_as_fresh(chat)["rows"]) == 40


def test_new_messages_are_not_added_to_a_page_of_old_messages(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation
) -> None:
    waves = [post(room, ben, f"Wave {number}") for number in range(50)]
    address = address_of(room)
    chat = Chat(open_page(ada))
    with delayed(chat.page, "/messages/*") as waiting:  # the newer messages
        chat.listen(f"{address}?around={waves[10].seq}")
        until(chat.page, lambda: waiting)
        rows = chat.timeline.locator(".row")
        shown_before = rows.count()
        post(room, ben, "A new one")
        waves[5].edit("A mark")
        expect(chat.row_with("A mark")).to_be_attached()
        assert rows.count() == shown_before
        expect(chat.row_with("A new one")).to_have_count(0)
    expect(chat.row_with("A new one")).to_be_attached()
    expect(chat.page.locator("#arrivals")).to_be_empty()
    post(room, ben, "Another new one")
    expect(chat.row_with("Another new one")).to_be_attached()
    expect(chat.timeline.locator(".row")).to_have_count(52)
    expect(chat.page.locator("#arrivals")).to_have_text("Ben Okri: Another new one")


def test_a_message_sent_while_the_newest_messages_are_loaded_is_not_missed(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation
) -> None:
    waves = [post(room, ben, f"Wave {number}") for number in range(50)]
    address = address_of(room)
    chat = Chat(open_page(ada))

    waiting: list[Route] = []
    chat.page.route(re.compile(r"/messages/\?after="), lambda route: waiting.append(route))
    chat.listen(f"{address}?around={waves[10].seq}")
    until(chat.page, lambda: waiting)
    answer = waiting[0].fetch()
    post(room, ben, "A new one")
    waves[5].edit("A mark")
    expect(chat.row_with("A mark")).to_be_attached()
    waiting[0].fulfill(response=answer)
    expect(chat.row_with("Wave 49")).to_be_attached()
    expect(chat.row_with("A new one")).to_be_attached()
    expect(chat.timeline.locator(".row")).to_have_count(51)


def test_a_thread_that_is_being_opened_misses_no_reply(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation
) -> None:
    message = post(room, ben, "Who comes?")
    post(room, ben, "I do", parent=message)
    chat = Chat(open_page(ada)).listen(address_of(room))

    def late(route: Route) -> None:
        answer = route.fetch()
        post(room, ben, "And I", parent=message)
        expect(chat.row(message).locator(".summary")).to_contain_text("2 replies")
        route.fulfill(response=answer)

    chat.page.route("**/thread/", late)
    chat.row(message).locator(".summary").click()
    expect(chat.panel.locator(".prose")).to_have_text(["Who comes?", "I do", "And I"])


def test_a_thread_whose_message_is_gone_says_so_and_keeps_what_was_being_written(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation
) -> None:
    message = post(room, ben, "Who comes?")
    post(room, ben, "I do", parent=message)
    chat = Chat(open_page(ada)).listen(address_of(room))
    chat.row(message).locator(".summary").click()
    field = chat.panel.get_by_label("Message", exact=True)
    field.fill("A draft")
    until(chat.page, Draft.objects.exists)
    answered(chat.page)
    Message.objects.filter(sender=ben).delete()
    wait_until_visible(chat.panel.get_by_text("This thread was deleted."))
    expect(chat.row(message)).to_have_count(0)
    expect(field).to_have_value("A draft")
    expect(chat.page.locator(".notice")).to_have_count(0)
