"""Custom emoji: added, completed, sent, chosen from the picker, seen by others; and without script."""

from collections.abc import Callable

import pytest
from playwright.sync_api import FilePayload, Page, expect

from e2e.browser_state import notices_stay
from e2e.chat import Chat, address_of
from e2e.freshness import expect_as_fresh
from messaging.models import Conversation, CustomEmoji, User
from messaging.models.messages.saving import post
from tests.factories import custom_emoji, uploaded_picture
from tests.queue import run_tasks

OpenPage = Callable[..., Page]
FILE = FilePayload(name="ferry.png", mimeType="image/png", buffer=uploaded_picture())
# Whether the picture is there, and whether the line is as high as without it.
IS_SEEN = """image => image.decode().then(() => {
  const { height } = image.getBoundingClientRect();
  return image.naturalWidth === 128 && height > 12 && height < parseFloat(getComputedStyle(image).lineHeight);
})"""


@pytest.fixture
def owner(ada: User) -> User:
    User.objects.filter(pk=ada.pk).update(role=User.Role.OWNER)
    ada.refresh_from_db()
    return ada


def test_one_is_added_completed_sent_and_chosen_and_others_see_it_at_once(
    open_page: OpenPage, owner: User, ben: User, room: Conversation
) -> None:
    before = post(room, ben, "The :sloop: comes")
    bens = Chat(open_page(ben)).listen(address_of(room))
    page = notices_stay(open_page(owner))
    page.goto("/site/emoji/")
    page.locator("[name=picture]").set_input_files(FILE)
    page.get_by_label("Name", exact=True).fill("old_ferry")
    page.get_by_label("Other names").fill("ferry")
    page.get_by_role("button", name="Add").click()
    expect(page.locator(".emoji-list")).to_contain_text(":old_ferry:")
    custom_emoji("sloop", by=owner)
    run_tasks()
    image = bens.row(before).locator(".prose img")
    expect(image).to_have_attribute("alt", ":sloop:")  # what was written before it was there
    assert image.evaluate(IS_SEEN)
    chat = Chat(page).listen(address_of(room))
    chat.composer.press_sequentially("Here is :fer")
    expect(page.get_by_role("option", selected=True)).to_contain_text(":old_ferry:")
    page.keyboard.press("Enter")
    expect(chat.composer).to_have_value("Here is :old_ferry: ")
    page.keyboard.press("Enter")
    expect(chat.outbox).to_be_empty()  # nothing replaces its row any more
    row = chat.timeline.locator(".row").last
    expect(row.locator(".prose img")).to_have_attribute("alt", ":old_ferry:")
    assert row.locator(".prose img").evaluate(IS_SEEN)
    expect(bens.page.locator("#arrivals p").last).to_have_text("Ada Lovelace: Here is :old_ferry:")
    row.locator(":scope > .message").focus()
    assert "Here is :old_ferry:" in str(row.locator(":scope > .message").get_attribute("aria-label"))
    page.keyboard.press("+")
    picker = page.locator(".emoji-picker[data-ready]")
    picker.get_by_role("searchbox").fill("old fer")
    expect(picker.locator(".emoji:visible")).to_have_count(1)
    page.keyboard.press("Enter")
    chip = bens.timeline.locator(".row").last.locator(".reaction[data-by]")
    expect(chip).to_have_accessible_name("old ferry, 1: Ada Lovelace")
    chip.click()
    expect(row.locator(".reaction[data-by]")).to_have_accessible_name(
        "old ferry, 2: Ada Lovelace and Ben Okri (you too)"
    )
    chat.composer.fill("+:sloop:")
    page.keyboard.press("Enter")
    expect(page.locator(".notices")).to_contain_text("with :sloop:")
    for one in (chat, bens):
        expect(one.timeline.locator(".row").last.locator(".reaction[data-by]")).to_have_count(2)
        one.page.evaluate("document.activeElement.blur()")
        expect_as_fresh(one)


def test_without_script_one_is_added_typed_and_retired(
    open_page: OpenPage, owner: User, room: Conversation
) -> None:
    page = open_page(owner, script=False)
    page.goto("/site/emoji/")
    page.locator("[name=picture]").set_input_files(FILE)
    page.get_by_label("Name", exact=True).fill("old_ferry")
    page.get_by_role("button", name="Add").click()
    chat = Chat(page).open(room)
    chat.composer.fill("Here is :old_ferry:")
    chat.send_button.click()
    expect(chat.timeline.locator(".prose img")).to_be_visible()
    page.goto("/site/emoji/")
    page.get_by_role("link", name="Retire… :old_ferry:").click()
    page.get_by_role("button", name="Retire").click()
    expect(page.get_by_role("button", name="Bring back :old_ferry:")).to_be_visible()
    chat.open(room)
    expect(chat.timeline.locator(".prose img")).to_be_visible()
    assert not CustomEmoji.objects.all().in_use().exists()
