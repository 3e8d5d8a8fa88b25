"""How much is left of the length of a message, and what is too long for one."""

from playwright.sync_api import expect

from e2e.accessibility import faults_of
from e2e.chat import Chat
from e2e.messages.test_pasting import paste
from messaging.models import Attachment, Message
from messaging.text import MAX_LENGTH


def test_what_is_too_long_can_be_sent_as_a_file_or_be_kept(chat: Chat) -> None:
    page, field = chat.page, chat.composer
    left, offer = (
        page.locator(".writing .length"),
        page.get_by_role("button", name="Attach it as a text file"),
    )
    field.fill("x" * (MAX_LENGTH - 501))
    field.press("End")
    expect(left).to_have_count(0)
    page.keyboard.insert_text("😀")  # one character, not two
    expect(left).to_have_text("500 left")
    expect(offer).to_be_hidden()
    field.fill("See this:\n")
    text = f"{'High water ' * 100}\n" * 10
    paste(field, text)
    expect(left).to_have_text("1,018 over the limit")
    expect(page.locator(".length-line [role=status]")).to_have_text("1,018 over the limit")
    assert faults_of(page) == []
    expect(field).to_have_value(f"See this:\n{text}")  # nothing happens by itself
    offer.click()
    expect(page.locator(".upload:not(.under-way)")).to_contain_text("text.txt")
    expect(field).to_have_value("See this:\n")
    expect(left).to_have_count(0)
    field.press("Enter")
    expect(chat.row_with("See this:")).to_be_visible()
    assert Attachment.objects.get(message=Message.objects.get()).size == len(text)
