"""The preview of what one writes, in place of the field."""

from playwright.sync_api import expect

from e2e.accessibility import faults_of
from e2e.chat import Chat


def test_the_preview_stands_in_place_of_the_field_until_the_same_key_or_escape(chat: Chat) -> None:
    page, field = chat.page, chat.composer
    preview = page.get_by_role("region", name="Preview")
    field.fill("High **water**, @ben ||soon||")
    field.press("Control+Alt+p")
    expect(preview).to_be_focused()
    expect(field).to_be_hidden()
    expect(preview.locator("strong")).to_have_text("water")
    expect(preview.get_by_role("link", name="@ben")).to_be_visible()
    expect(preview.get_by_text("soon")).to_be_hidden()
    preview.locator(".spoiler").click()
    expect(preview.get_by_text("soon")).to_be_visible()
    assert faults_of(page) == []
    preview.press("Control+Alt+p")
    expect(preview).to_have_count(0)
    expect(field).to_be_focused()
    expect(field).to_have_value("High **water**, @ben ||soon||")
    page.get_by_role("button", name="Formatting").click()
    button = page.get_by_role("toolbar", name="Formatting").get_by_role("button", name="Preview")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(preview).to_be_focused()
    preview.press("Escape")
    expect(field).to_be_focused()
    field.fill("x" * 10_001)
    field.press("Control+Alt+p")
    expect(preview).to_contain_text("the limit is 10,000")
    preview.press("Escape")
    field.fill("*now*")
    field.press("Control+Alt+p")
    expect(preview.locator("em")).to_have_text("now")
    chat.send_button.click()
    expect(chat.timeline.locator(".prose em")).to_have_text("now")
    expect(preview).to_have_count(0)
    expect(field).to_have_value("")


def test_an_edit_has_a_preview_in_its_row(chat: Chat) -> None:
    chat.composer.fill("High water")
    chat.composer.press("Enter")
    expect(chat.timeline.locator(".message[data-version]")).to_have_count(1)
    chat.composer.press("ArrowUp")
    field = chat.timeline.locator(".edit-form textarea")
    field.fill("Low *water*")
    field.press("Control+Alt+p")
    preview = chat.page.get_by_role("region", name="Preview")
    expect(preview.locator("em")).to_be_visible()
    expect(chat.timeline.locator(".message .prose")).to_be_hidden()
