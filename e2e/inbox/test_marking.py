"""Marking as unread and as read by hand, in rooms, threads and the inbox."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from e2e.browser_state import answered
from e2e.chat import Chat, delayed
from e2e.inbox.unread_rows import new_line, unread, waves
from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post


def test_messages_marked_as_unread_stay_unread_until_the_window_was_left(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation
) -> None:
    _, second, _ = (post(room, ben, text) for text in ("one", "two", "three"))
    Message.unread_messages.mark_as_read_for_user(ada)
    page = open_page(ada)
    page.clock.install()
    chat = Chat(page).open(room)
    chat.menu(chat.row(second)).get_by_role("button", name="Mark as unread from here").click()
    expect(chat.badge("harbour")).to_have_text("2 unread")
    expect(chat.page).to_have_title("(2) harbour · Parley")
    assert new_line(chat) == "two"
    expect(chat.row(second).get_by_title("More")).to_be_focused()
    page.clock.run_for(20_000)
    answered(page)
    assert unread(ada) == 2
    chat.page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(chat.badge("harbour")).to_be_hidden()
    assert unread(ada) == 0


def test_ones_own_last_message_makes_the_conversation_unread(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation
) -> None:
    post(room, ben, "Can you bring the key?")
    mine = post(room, ada, "Later")
    Message.unread_messages.mark_as_read_for_user(ada)
    page = open_page(ada)
    page.clock.install()
    chat = Chat(page).open(room)
    chat.menu(chat.row(mine)).get_by_role("button", name="Mark as unread from here").click()
    expect(chat.badge("harbour")).to_have_text("1 unread")
    assert new_line(chat) == "Can you bring the key?"
    page.clock.run_for(20_000)
    answered(page)
    assert unread(ada) == 1


def test_unread_from_here_without_script_leads_to_what_is_unread(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation
) -> None:
    post(room, ben, "one")
    second = post(room, ben, "two")
    Message.unread_messages.mark_as_read_for_user(ada)
    chat = Chat(open_page(ada, script=False)).open(room)
    chat.menu(chat.row(second)).get_by_role("button", name="Mark as unread from here").click()
    expect(chat.title).to_have_text("Inbox")
    expect(chat.page.locator("#list .prose")).to_have_text(["two"])


def test_a_draft_survives_when_its_message_is_marked_as_unread(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation
) -> None:
    message = post(room, ben, "one")
    chat = Chat(open_page(ada)).open(room)
    form = chat.form(chat.row(message), "Reply")
    form.text.fill("half a thought")
    chat.menu(chat.row(message)).get_by_role("button", name="Mark as unread from here").click()
    expect(chat.badge("harbour")).to_have_text("1 unread")
    expect(form.text).to_have_value("half a thought")


def test_new_replies_are_marked_in_the_timeline_and_in_the_thread(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation
) -> None:
    root = post(room, ada, "root")
    post(room, ben, "read", parent=root)
    Message.unread_messages.mark_as_read_for_user(ada)
    new = [post(room, ben, text, parent=root) for text in ("new", "newer")]
    chat = Chat(open_page(ada)).open(room)
    expect(chat.row(root).locator(".summary")).to_contain_text("2 new")
    expect(chat.page.locator(".new-line")).to_have_count(0)
    with delayed(chat.page, "/seen/"):  # they count as seen a second later
        chat.row(root).locator(".summary").click()
        expect(chat.panel.get_by_role("link", name="2 new")).to_be_visible()
        for message in new:
            expect(chat.answer(message).locator(".new")).to_have_text("New")
        expect(chat.panel.locator(".row .new")).to_have_count(2)
    expect(chat.page.locator("#badge-inbox")).to_be_hidden()
    expect(chat.row(root).locator(".summary .new")).to_have_count(0)
    expect(chat.answer(new[0]).locator(".new")).to_have_text("New")
    assert unread(ada) == 0


def test_a_threads_page_says_how_much_is_new_and_leads_there(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, script: bool
) -> None:
    root = post(room, ada, "root")
    new = [post(room, ben, f"answer {number}", parent=root) for number in range(40)]
    chat = Chat(open_page(ada, script=script)).without_reports()
    chat.page.goto("/threads/")
    chat.page.locator(".waiting", has_text="root").get_by_role("link", name="# harbour").click()
    chat.page.get_by_role("link", name="40 new").click()
    expect(chat.answer(new[0])).to_be_in_viewport()


def test_marking_a_reply_unread_affects_only_its_thread(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation
) -> None:
    root = post(room, ada, "root")
    first = post(room, ben, "first", parent=root)
    post(room, ben, "second", parent=root)
    post(room, ben, "elsewhere")
    Message.unread_messages.mark_as_read_for_user(ada)
    page = open_page(ada)
    page.clock.install()
    chat = Chat(page).open(room)
    chat.row(root).locator(".summary").click()
    chat.menu(chat.answer(first)).get_by_role("button", name="Mark as unread from here").click()
    expect(chat.page.locator("#badge-inbox")).to_have_text("2 unread")
    expect(chat.panel.get_by_role("link", name="2 new")).to_be_visible()
    expect(chat.row(root).locator(".summary")).to_contain_text("2 new")
    page.clock.run_for(20_000)
    answered(page)
    assert unread(ada) == 2


def test_marking_many_messages_as_read_asks_for_confirmation(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, script: bool
) -> None:
    waves(room, ben, 51)
    chat = Chat(open_page(ada, script=script))
    chat.page.goto("/inbox/")
    chat.page.get_by_role("link", name="Mark all as read").click()
    expect(chat.page.get_by_text("Mark 51 messages as read?")).to_be_visible()
    chat.page.get_by_role("link", name="Cancel").click()
    assert unread(ada) == 51
    chat.page.get_by_role("link", name="Mark all as read").click()
    chat.page.get_by_role("button", name="Mark as read").click()
    expect(chat.page.get_by_text("You are all caught up")).to_be_visible()
    expect(chat.page).to_have_title("Inbox · Parley")
    assert unread(ada) == 0
