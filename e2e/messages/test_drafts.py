"""What a person is writing survives whatever else changes on the page."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from e2e.browser_state import answered, until
from e2e.chat import Chat, delayed
from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post

CARET = "field => [field.selectionStart, field.selectionEnd]"


def write(field: Locator, page: Page) -> None:
    """Types a draft and leaves the caret in the middle of it."""
    field.press_sequentially("A draft")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")


def expect_kept(field: Locator) -> None:
    expect(field).to_have_value("A draft")
    expect(field).to_be_focused()
    assert field.evaluate(CARET) == [5, 5]


def test_a_reply_is_kept_while_older_messages_come_in(
    open_page: Callable[..., Page], ada: User, room: Conversation
) -> None:
    waves = [post(room, ada, f"Wave {number}") for number in range(50)]
    chat = Chat(open_page(ada)).open(room)
    form = chat.form(chat.row(waves[-1]), "Reply")
    with delayed(chat.page, f"/conversations/{room.pk}/messages/*") as requests:
        chat.load_more("Older messages")
        until(chat.page, lambda: bool(requests))  # before the focus scrolls back
        form.text.focus()
        write(form.text, chat.page)
    expect(chat.row(waves[0])).to_be_attached()
    expect_kept(form.text)


def test_a_reply_is_kept_while_another_message_is_edited(
    open_page: Callable[..., Page], ada: User, room: Conversation
) -> None:
    edited, answered = post(room, ada, "High water at nine"), post(room, ada, "Who comes?")
    chat = Chat(open_page(ada)).open(room)
    edit = chat.form(chat.row(edited), "Edit")
    with delayed(chat.page, f"/messages/{edited.pk}/edit/"):
        edit.submit("High water at ten", "Save")
        chat.act(chat.row(answered), "Reply")
        field = chat.row(answered).get_by_label("Message")
        expect(field).to_be_focused()
        write(field, chat.page)
    expect(chat.row(edited).locator(".prose")).to_have_text("High water at ten")
    expect_kept(field)


def test_a_reply_is_kept_while_the_message_above_it_is_edited_in_the_panel(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation
) -> None:
    message = post(room, ada, "High water at nine")
    post(room, ben, "Sure?", parent=message)
    chat = Chat(open_page(ada)).open(room)
    chat.row(message).locator(".summary").click()
    edit = chat.form(chat.answer(message), "Edit")
    with delayed(chat.page, f"/messages/{message.pk}/edit/"):
        edit.submit("High water at ten", "Save")
        chat.act(chat.row(message), "Reply")
        field = chat.row(message).get_by_label("Message")
        expect(field).to_be_focused()
        write(field, chat.page)
    expect(chat.row(message).locator(".prose")).to_have_text("High water at ten")
    expect_kept(field)


def test_the_composer_is_kept_while_a_thread_opens_and_the_room_is_read(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation
) -> None:
    message = post(room, ben, "Who comes?")
    post(room, ben, "I do", parent=message)
    chat = Chat(open_page(ada)).without_reports().open(room)
    with delayed(chat.page, f"/conversations/{room.pk}/read/"):
        chat.page.get_by_role("button", name="Mark as read").click()
        chat.row(message).locator(".summary").click()
        expect(chat.panel.locator(".prose")).to_have_count(2)
        chat.composer.focus()
        write(chat.composer, chat.page)
    expect(chat.badge("harbour")).to_be_hidden()
    expect_kept(chat.composer)


def top(part: Locator) -> float:
    """The distance from the top of the viewport."""
    box = part.bounding_box()
    assert box
    return box["y"]


def swap(page: Page, path: str, target: str, how: str = "outerHTML", select: str | None = None) -> None:
    """Load a path with htmx and swap it into the target."""
    options = {"target": target, "swap": how, **({"select": select} if select else {})}
    page.evaluate("([path, options]) => htmx.ajax('GET', path, options)", [path, options])


FIELDS: dict[str, Callable[[Chat, Message], Locator]] = {
    "the composer": lambda chat, message: chat.composer,
    "a reply": lambda chat, message: chat.form(chat.row(message), "Reply").text,
    "an edit": lambda chat, message: chat.form(chat.row(message), "Edit").text,
    "a thread": lambda chat, message: chat.panel.get_by_label("Message", exact=True),
}


@pytest.mark.parametrize("field", FIELDS.values(), ids=FIELDS.keys())
def test_what_is_typed_survives_every_swap_around_it(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, field: Callable[..., Locator]
) -> None:
    said = [post(room, ada, f"Wave {number}") for number in range(30)]
    before, message, after = said[14:17]
    post(room, ben, "Sure?", parent=message)
    chat = Chat(open_page(ada)).open(room)
    page, lists = chat.page, reverse("message_list", args=[room.pk])
    chat.row(message).locator(".summary").click()
    expect(chat.panel.locator(".prose")).to_have_count(2)
    text = field(chat, message)
    text.fill("")
    write(text, page)
    top_before = top(text)
    for wave in (before, message, after):
        wave.edit(f"{wave.content}, higher")
    expect(chat.timeline.locator(".prose", has_text=", higher")).to_have_count(3)  # by the stream
    expect(chat.panel.locator(".prose").first).to_have_text("Wave 15, higher")
    answered(page)
    expect_kept(text)
    assert top(text) == pytest.approx(top_before, abs=2)
    threads = reverse("thread_list", args=[message.pk])
    swaps: list[tuple[str, ...]] = [
        *((lists, f"#m-{one.pk}", "outerHTML", f"#m-{one.pk}") for one in (before, message, after)),
        (lists, "#timeline", "innerHTML"),
        (reverse("conversation_list"), "#sidebar"),
        (threads, "#panel .replies", "outerMorph"),
        (threads, f"#t-{message.pk}", "outerHTML", f"#t-{message.pk}"),
    ]
    for one in swaps:
        swap(page, *one)
        expect_kept(text)
        assert top(text) == pytest.approx(top_before, abs=2), one
    expect(chat.timeline.locator(".prose", has_text=", higher")).to_have_count(3)
    expect(chat.panel.locator(".prose").first).to_have_text("Wave 15, higher")
    page.keyboard.type("!")
    expect(text).to_have_value("A dra!ft")


def test_a_draft_is_kept_while_the_history_of_its_message_is_read(
    open_page: Callable[..., Page], ada: User, room: Conversation
) -> None:
    message, other = post(room, ada, "High water at nine"), post(room, ada, "Who comes?")
    message.edit("High water at ten")
    chat = Chat(open_page(ada)).open(room)
    text = chat.form(chat.row(message), "Reply").text
    write(text, chat.page)
    history = chat.history(chat.row(message))
    expect(text).to_have_value("A draft")
    lists = reverse("message_list", args=[room.pk])
    for one in (other, message):
        swap(chat.page, lists, f"#m-{one.pk}", select=f"#m-{one.pk}")
        expect(history).to_be_visible()
    chat.page.keyboard.press("Escape")
    expect(history).to_have_count(0)
    expect(text).to_have_value("A draft")
