"""A list is one Tab stop; the arrow keys, and J and K, move in it."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from e2e.accessibility import faults_of
from e2e.chat import FOCUS_TOP, Chat
from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post
from messaging.models.rooms.members import add

OpenPage = Callable[..., Page]
# Where the focus is: the id of what it is in, and the element.
FOCUS = """() => {
  const one = document.activeElement;
  return `${one.closest("#sidebar, .row[id]")?.id ?? ""} ${one.localName}`;
}"""
FEW = 20  # what is above and below the lists, the controls of one message, and a stop for each list


@pytest.fixture
def messages(room: Conversation, ada: User, ben: User) -> list[Message]:
    """A page of messages, with twenty more rooms in the sidebar."""
    for number in range(20):
        add(Conversation.objects.create_room(f"quay {number}", by=ada), ben)
    return [post(room, ben if number % 2 else ada, f"Wave {number}") for number in range(30)]


@pytest.fixture
def chat(open_page: OpenPage, ada: User, room: Conversation, messages: list[Message]) -> Chat:
    for notification in ada.notifications.all():
        notification.delete()
    chat = Chat(open_page(ada)).without_reports().open(room)
    expect(chat.composer).to_be_focused()
    return chat


def article(chat: Chat, message: Message, place: str = "m") -> Locator:
    return chat.page.locator(f"#{place}-{message.pk} > .message")


def press(chat: Chat, *keys: str) -> None:
    for key in keys:
        chat.page.keyboard.press(key)


def test_few_tab_stops_lie_before_the_composer(chat: Chat, messages: list[Message]) -> None:
    chat.page.evaluate(FOCUS_TOP)
    stops: list[str] = []
    while not chat.composer.evaluate("field => field === document.activeElement"):
        press(chat, "Tab")
        stops.append(chat.page.evaluate(FOCUS))
        assert len(stops) < FEW, stops
    assert stops.count("sidebar a") == 1
    assert next(stop for stop in stops if stop.startswith("m-")) == f"m-{messages[-1].pk} article"
    assert {stop.split()[0] for stop in stops if stop.startswith("m-")} == {f"m-{messages[-1].pk}"}
    press(chat, "Shift+Tab")  # not to the controls of the message
    expect(article(chat, messages[-1])).to_be_focused()
    assert faults_of(chat.page) == []


def test_keys_move_between_messages(chat: Chat, messages: list[Message]) -> None:
    press(chat, "Escape", "k", "ArrowUp", "k")
    expect(article(chat, messages[-4])).to_be_focused()
    press(chat, "ArrowDown", "j", "j", "j", "j")
    expect(article(chat, messages[-1])).to_be_focused()
    press(chat, *["k"] * 40)
    expect(article(chat, messages[0])).to_be_focused()
    expect(chat.row(messages[0])).to_be_in_viewport(ratio=1)
    press(chat, "Tab", "Tab", "j")  # from its controls
    expect(article(chat, messages[1])).to_be_focused()
    press(chat, "Escape")
    expect(chat.composer).to_be_focused()
    press(chat, "Escape")
    expect(article(chat, messages[1])).to_be_focused()


def test_a_message_with_the_focus_says_its_author_time_and_text(chat: Chat, messages: list[Message]) -> None:
    press(chat, "Escape")
    time = chat.row(messages[-1]).locator(".moment").inner_text()
    expect(article(chat, messages[-1])).to_have_accessible_name(f"Ben Okri, {time}, Wave 29")
    press(chat, "k")
    expect(article(chat, messages[-1])).to_have_accessible_name("Ben Okri")
    assert faults_of(chat.page) == []


def test_the_focus_stays_on_a_message_that_changes(chat: Chat, messages: list[Message], ben: User) -> None:
    press(chat, "Escape")
    messages[-1].edit("A wave of somebody else's", by=ben)
    expect(article(chat, messages[-1])).to_contain_text("somebody else's")
    expect(article(chat, messages[-1])).to_be_focused()
    expect(article(chat, messages[-1])).to_have_attribute("tabindex", "0")
    messages[-1].remove(by=ben)
    expect(article(chat, messages[-2])).to_be_focused()  # nothing of the removed one is shown
    press(chat, "k")
    expect(article(chat, messages[-3])).to_be_focused()


def test_a_message_that_is_taller_than_the_view_is_read_to_its_end(
    chat: Chat, messages: list[Message], ada: User, ben: User, room: Conversation
) -> None:
    chat.page.set_viewport_size({"width": 1440, "height": 500})
    tall = post(room, ben, "\n".join(f"- Line {number}" for number in range(29)))
    after = post(room, ben, "Short")
    expect(chat.row(after)).to_be_visible()
    press(chat, "Shift+Tab", "k")
    expect(article(chat, tall)).to_be_focused()
    press(chat, "k")  # its beginning is above the view
    expect(article(chat, tall)).to_be_focused()
    press(chat, *["k"] * 4)
    expect(article(chat, tall)).not_to_be_focused()


def test_folded_replies_are_passed_over(
    open_page: OpenPage, ada: User, ben: User, room: Conversation
) -> None:
    replies = [post(room, ada, "Who comes?")]
    for level in range(4):
        replies.append(post(room, ben, f"Level {level}", parent=replies[-1]))
    deep = [post(room, ada, f"Deep {number}", parent=replies[-2]) for number in range(3)]
    last = post(room, ada, "I do not", parent=replies[0])
    ada.notifications.all().delete()
    chat = Chat(open_page(ada)).without_reports().open_thread(replies[0])
    expect(chat.answer(deep[0])).to_be_hidden()
    press(chat, "Escape")
    expect(article(chat, last, "t")).to_be_focused()
    press(chat, "k")
    expect(article(chat, replies[3], "t")).to_be_focused()
    fold = chat.answer(replies[3]).locator(".fold")
    fold.focus()
    press(chat, "Enter", "j")
    expect(article(chat, replies[4], "t")).to_be_focused()
    press(chat, *["j"] * 4)
    expect(article(chat, last, "t")).to_be_focused()


def test_the_lines_of_a_page_and_the_sidebar_are_lists_too(
    chat: Chat, room: Conversation, messages: list[Message], ben: User
) -> None:
    chat.page.goto(f"{reverse('search')}?q=Wave")
    lines = chat.page.locator(".line")
    expect(lines).to_have_count(20)
    expect(chat.page.locator("#search-words")).to_be_focused()
    press(chat, "ArrowDown", "ArrowDown", "k", "j", "j")
    expect(lines.nth(2)).to_be_focused()
    assert chat.page.locator(".line[tabindex='0']").count() == 1
    press(chat, "Enter")
    expect(chat.row(messages[-3])).to_be_in_viewport()
    expect(chat.composer).to_be_focused()  # the last that a page does when it opens
    chat.place("quay 3").focus()
    press(chat, "ArrowDown", "ArrowUp", "ArrowUp")
    expect(chat.place("quay 2")).to_be_focused()
    press(chat, "Enter")
    expect(chat.title).to_have_text("# quay 2")


def test_without_script_each_control_is_a_tab_stop(
    open_page: OpenPage, ada: User, room: Conversation, messages: list[Message]
) -> None:
    chat = Chat(open_page(ada, script=False)).open(room)
    expect(chat.row(messages[3]).get_by_title("Reply")).not_to_have_attribute("tabindex", "-1")
    expect(article(chat, messages[3])).not_to_have_attribute("tabindex", "0")
