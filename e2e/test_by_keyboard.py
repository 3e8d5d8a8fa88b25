"""A day without a mouse: only keys are pressed."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from e2e.browser_state import until
from e2e.chat import Chat
from e2e.conftest import PASSWORD
from e2e.inbox.unread_rows import unread
from messaging.models import Conversation, Invitation, Message, User
from messaging.models.messages.saving import post
from messaging.models.rooms.members import add

OpenPage = Callable[..., Page]
FAR = 40  # more presses of Tab than lead anywhere here


class Keys:
    """Presses keys, and counts them. A text counts as one: what is counted is how it is reached and sent."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.pressed = 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed += 1

    def write(self, text: str) -> None:
        self.page.keyboard.type(text)

    def tab_to(self, goal: Locator) -> None:
        for _ in range(FAR):
            if goal.evaluate("element => element === document.activeElement"):
                return
            self.press("Tab")
        pytest.fail(f"Tab does not lead to {goal}.")


def threads_with_unread(author: User, reader: User, rooms: int, threads: int, replies: int) -> list[Message]:
    """The roots of threads of the reader, each with so many unread replies, the latest first."""
    roots: list[Message] = []
    for number in range(rooms):
        room = Conversation.objects.create_room(f"quay {number}", by=author)
        add(room, reader)
        for _ in range(threads):
            roots.append(post(room, reader, f"Question {len(roots)}"))
            for reply in range(replies):
                post(room, author, f"Answer {reply} to {len(roots) - 1}", parent=roots[-1])
    return roots[::-1]


def next_thread(keys: Keys, root: Message) -> None:
    """Shift+N leads to the thread; the focus is in its composer."""
    keys.press("Shift+N")
    keys.page.wait_for_url(f"**{reverse('thread', args=[root.pk])}**")
    expect(keys.page.locator(".main .composer textarea")).to_be_focused()


def test_a_day_without_a_mouse(open_page: OpenPage, ada: User, ben: User, room: Conversation) -> None:
    ada.role = User.Role.OWNER
    ada.save(update_fields=["role"])
    found = post(room, ben, "A walrus at the pier")
    Message.rows.filter(pk=found.pk).update(timestamp=timezone.now() - timedelta(31))
    roots = threads_with_unread(ben, ada, rooms=2, threads=3, replies=2)
    ada.notifications.filter(conversation=room).delete()
    chat = Chat(open_page())
    page, keys = chat.page, Keys(chat.page)
    chat.without_reports()
    page.goto("/")
    expect(page.locator("[name=login]")).to_be_focused()
    keys.write("ada")
    keys.press("Tab")
    keys.write(PASSWORD)
    keys.press("Enter")
    expect(page.locator("#sidebar")).to_be_visible()
    page.wait_for_load_state()  # then its scripts have run
    for root in roots[:5]:
        keys.press("Escape")
        next_thread(keys, root)
    keys.write("At niine")
    keys.press("Enter")
    expect(chat.row_with("At niine")).to_be_visible()
    keys.press("ArrowUp")
    expect(page.locator(".edit-form textarea")).to_be_focused()
    keys.press("Control+End", *["Backspace"] * 3)
    keys.write("ne, sharp")
    keys.press("Enter")
    expect(chat.row_with("At nine, sharp")).to_be_visible()
    expect(page.locator(".edit-form")).to_have_count(0)  # the stream may be faster than the answer
    Message.unread_messages.mark_as_read_for_user(ada)
    keys.press("Escape", "k", "k", "u")
    until(page, lambda: unread(ada) == 2)
    keys.press("/")
    expect(page.locator("#search-words")).to_be_focused()
    keys.write(f"walrus before:{timezone.localdate() - timedelta(20)}")
    expect(page.locator(".line")).to_contain_text("walrus at the pier")
    keys.press("ArrowDown", "Enter")
    expect(chat.row(found)).to_be_in_viewport()
    page.go_back()  # Alt and the left arrow: the browser's own keys
    expect(page.locator("#search-words")).to_be_visible()
    keys.press("Control+k")
    keys.write("invitations")
    keys.press("Enter")
    keys.tab_to(page.get_by_role("button", name="Create link"))
    keys.press("Enter")
    expect(page.get_by_text("The link was created.")).to_be_visible()
    page.wait_for_load_state()
    assert Invitation.objects.filter(created_by=ada).count() == 1
    keys.press("Control+k")
    keys.write("sign out")
    keys.press("Enter")
    page.wait_for_url(f"**{reverse('account_logout')}")  # a page load, which moves the focus
    keys.tab_to(page.get_by_role("button", name="Sign out"))
    keys.press("Enter")
    expect(page.locator("[name=login]")).to_be_visible()


def test_twelve_unread_threads_are_answered_with_few_keys(
    open_page: OpenPage, ada: User, ben: User, room: Conversation
) -> None:
    roots = threads_with_unread(ben, ada, rooms=4, threads=3, replies=3)
    for root in roots[:4]:
        post(root.conversation, ben, "One more", parent=root)
    assert unread(ada) == 40
    chat = Chat(open_page(ada)).without_reports().open(room)
    expect(chat.composer).to_be_focused()
    keys = Keys(chat.page)
    for root in roots:
        keys.press("Escape")
        next_thread(keys, root)
        keys.write(f"Done with {root.pk}")
        keys.press("Enter")
        expect(chat.row_with(f"Done with {root.pk}")).to_be_visible()
    assert {
        message.thread_root for message in Message.objects.filter(content__startswith="Done with")
    } == set(roots)
    assert keys.pressed <= 60
