"""Mentions of many people: the question beside the message, or without script in the form; live."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from e2e.browser_state import until
from e2e.chat import Chat, address_of, delayed
from e2e.freshness import expect_as_fresh
from e2e.messages.test_files import a_file
from e2e.unsent import kept
from messaging.models import Conversation, Message, Notification, User
from messaging.models.messages.saving import post
from tests.views.growing import add_members

OpenPage = Callable[..., Page]
TEXT = "Storm tonight, @room"


def called() -> int:
    return Notification.objects.filter(reason="@room").count()


def test_the_question_is_answered_where_the_message_is_shown(
    open_page: OpenPage, ada: User, ben: User, room: Conversation
) -> None:
    others = 21 - (room.memberships.count() - 1)
    add_members(room, others)
    root = post(room, ben, "Land ho")
    mine, theirs = (Chat(open_page(user)).listen(address_of(room)) for user in (ada, ben))
    mine.composer.press_sequentially("@r")
    option = mine.page.get_by_role("listbox", name="Suggestions").get_by_role("option").first
    expect(option).to_contain_text("@room")  # before those in whose name an r is
    expect(option).to_contain_text("21 other people in this room")
    mine.composer.fill("")
    mine.composer.press_sequentially("@her")
    expect(option).to_contain_text("1 other person who is here now")
    mine.composer.fill("")
    mine.send(TEXT)
    mine.composer.fill("what I type meanwhile")
    expect(mine.outbox.get_by_role("alert")).to_have_text("@room notifies 21 people.")
    expect(mine.outbox.get_by_role("button", name="Try again")).to_be_hidden()
    until(mine.page, lambda: [bool(one["error"]) for one in kept(mine.page)] == [True])
    mine.page.reload()  # nothing is lost, and nothing is sent by itself
    mine.outbox.get_by_role("button", name="Try again").click()
    mine.outbox.get_by_role("button", name="Notify 21 people").click()
    expect(mine.row_with(TEXT)).to_be_visible()
    expect(mine.outbox.locator(".outgoing-message")).to_have_count(0)
    expect(mine.composer).to_have_value("what I type meanwhile")
    assert called() == 21
    expect(theirs.row_with(TEXT).get_by_role("link", name="@room")).to_be_visible()
    expect(theirs.page).to_have_title("(1) harbour · Parley")  # the badges come after the message
    expect_as_fresh(theirs)
    theirs.row_with(TEXT).get_by_role("link", name="@room").click()
    expect(theirs.title).to_have_text("Members")

    form = mine.form(mine.row(root), "Reply")
    form.submit(TEXT, "Reply")
    slot = mine.page.locator(".slot-form")
    expect(slot.get_by_role("alert")).to_contain_text("@room notifies 21 people.")
    expect(slot.get_by_label("Message", exact=True)).to_have_value(TEXT)
    with delayed(mine.page, "/files/"):  # the answer waits for the file
        slot.locator("[type=file]").set_input_files([a_file("tides.txt")])
        expect(slot.locator(".upload.under-way")).to_be_visible()
        slot.get_by_role("button", name="Send without notifying").click()
    expect(mine.page.locator(".slot-form")).to_have_count(0)
    expect(mine.page.locator(".outgoing-message")).to_have_count(0)
    assert called() == 21
    assert Message.rows.get(parent_message=root).content == TEXT


def test_without_script_the_form_asks_and_keeps_what_was_typed(
    open_page: OpenPage, ada: User, room: Conversation
) -> None:
    add_members(room, 30)
    chat = Chat(open_page(ada, script=False)).open(room)
    chat.composer.fill(TEXT)
    chat.send_button.click()
    expect(chat.page.get_by_role("alert")).to_contain_text("people.")
    expect(chat.composer).to_have_value(TEXT)
    chat.page.get_by_role("button", name="Send without notifying").click()
    expect(chat.row_with(TEXT)).to_be_visible()
    assert called() == 0
