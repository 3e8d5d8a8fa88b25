"""An answer that arrives after the stream has brought something newer replaces nothing of it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, Route, expect

from e2e.chat import Chat, address_of
from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post
from messaging.models.rooms.members import add


@contextmanager
def late(page: Page, path: str) -> Iterator[list[str]]:
    """Hold the answers for a path back until the block ends. The server has answered, the page waits.

    Yields:
        The bodies of the answers.
    """
    held: list[tuple[Route, object]] = []
    bodies: list[str] = []

    def hold(route: Route) -> None:
        answer = route.fetch()
        bodies.append(answer.text())
        held.append((route, answer))

    page.route(f"**{path}", hold)
    yield bodies
    assert held, f"There was no request for {path}."
    page.unroute(f"**{path}")
    for route, answer in held:
        route.fulfill(response=answer)  # type: ignore[arg-type]
    page.wait_for_function("() => !document.querySelector('.htmx-request')")


@pytest.fixture
def chat(open_page: Callable[..., Page], ada: User, room: Conversation) -> Chat:
    return Chat(open_page(ada)).listen(address_of(room))


def act_late(chat: Chat, path: str, act: Callable[[], None], happens: Callable[[], None]) -> None:
    with late(chat.page, path) as bodies:
        act()
        while not bodies:
            chat.page.wait_for_timeout(10)  # lets Playwright handle the request
        happens()


def test_a_removed_message_does_not_come_back_with_the_answer_to_its_sending(
    chat: Chat, room: Conversation
) -> None:
    def removed() -> None:
        message = Message.objects.get(content="Secret")
        expect(chat.row(message)).to_be_visible()
        message.remove()
        expect(chat.row(message)).to_contain_text("Message removed")

    act_late(chat, "/send/", lambda: chat.send("Secret"), removed)
    expect(chat.timeline.get_by_text("Secret")).to_have_count(0)
    expect(chat.timeline).to_contain_text("Message removed")


def test_a_removed_message_does_not_come_back_with_the_answer_to_its_edit(
    chat: Chat, ada: User, room: Conversation
) -> None:
    message = post(room, ada, "Before")
    row = chat.row(message)
    form = chat.form(row, "Edit")

    def removed() -> None:
        Message.objects.get(pk=message.pk).remove()
        expect(row).to_contain_text("Message removed")

    act_late(chat, "/edit/", lambda: form.submit("Secret", "Save"), removed)
    expect(row.locator(".slot form")).to_have_count(0)
    expect(row).to_contain_text("Message removed")


def test_a_summary_stays_when_the_answer_to_an_edit_comes_after_a_reply(
    chat: Chat, ada: User, ben: User, room: Conversation
) -> None:
    message = post(room, ada, "Before")
    row = chat.row(message)
    form = chat.form(row, "Edit")

    def replied() -> None:
        post(room, ben, "A reply", Message.objects.get(pk=message.pk))
        expect(row.locator(".summary")).to_contain_text("1 reply")

    act_late(chat, "/edit/", lambda: form.submit("After", "Save"), replied)
    expect(row.locator(".slot form")).to_have_count(0)
    expect(row.locator(".summary")).to_contain_text("1 reply")


def test_marking_as_read_takes_no_badge_of_another_room_away(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation
) -> None:
    other = Conversation.objects.create_room("lighthouse", by=ada)
    post(room, ben, "Unread")
    add(other, ben)
    chat = Chat(open_page(ada)).listen(address_of(room))
    expect(chat.badge("harbour")).to_be_visible()

    def written() -> None:
        post(other, ben, "New")
        expect(chat.badge("lighthouse")).to_be_visible()

    act_late(chat, "/read/", chat.page.locator("#mark-read button").click, written)
    expect(chat.badge("harbour")).to_be_hidden()
    expect(chat.badge("lighthouse")).to_be_visible()
