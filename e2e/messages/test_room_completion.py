"""Rooms after a #: offered while one writes, and links in what was sent."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from e2e.chat import Chat
from messaging.models import Conversation, Message, User
from tests.factories import RoomFactory

OpenPage = Callable[..., Page]


def test_a_room_is_completed_by_keyboard_and_leads_there(
    open_page: OpenPage, ada: User, ben: User, room: Conversation
) -> None:
    RoomFactory.create(name="Quay West", by=ben)
    RoomFactory.create(name="Vault", by=ben, is_private=True)
    chat = Chat(open_page(ada)).open(room)
    chat.composer.press_sequentially("See #v")
    options = chat.page.get_by_role("option")
    chat.composer.press_sequentially("au")
    expect(options).to_have_count(0)
    chat.composer.fill("")
    chat.composer.press_sequentially("See #we")
    expect(options).to_have_count(1)
    expect(options).to_contain_text("Quay West")
    expect(chat.composer).to_have_attribute("aria-controls", "completion")
    chat.page.keyboard.press("Enter")
    expect(chat.composer).to_have_value("See #Quay West ")
    chat.composer.press_sequentially("and `#we")
    expect(options).to_have_count(0)
    chat.composer.fill("See #Quay West")
    chat.page.keyboard.press("Enter")
    link = chat.timeline.get_by_role("link", name="#Quay West")
    expect(link).to_be_visible()
    form = chat.form(chat.row(Message.rows.get()), "Reply")
    form.text.press_sequentially("#har")
    expect(options).to_contain_text("harbour")
    chat.page.keyboard.press("Escape")
    expect(options).to_have_count(0)
    link.click()
    expect(chat.title).to_contain_text("Quay West")
