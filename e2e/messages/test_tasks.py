"""Task lists in the browser: ticked by mouse, by keyboard and without script, and seen by others at once."""

from collections.abc import Callable

from django.urls import reverse
from playwright.sync_api import Page, expect

from e2e.accessibility import faults_of
from e2e.chat import Chat
from e2e.freshness import expect_as_fresh
from e2e.late.holding import hold
from messaging.models import Conversation, User
from messaging.models.messages.saving import post

OpenPage = Callable[..., Page]


def test_a_task_is_ticked_in_place_and_others_see_it(
    open_page: OpenPage, ada: User, ben: User, room: Conversation
) -> None:
    message = post(room, ada, "- [ ] milk\n- [x] bread")
    pages = [Chat(open_page(user)).listen(reverse("conversation", args=[room.pk])) for user in (ada, ben)]
    mine, bens = (chat.row(message) for chat in pages)
    expect(bens.get_by_role("checkbox")).to_have_count(0)
    expect(bens.get_by_role("img", name="Not done", exact=True)).to_have_count(1)
    milk = mine.get_by_role("checkbox", name="milk")
    milk.click()
    expect(milk).to_have_attribute("aria-checked", "true")
    expect(bens.get_by_role("img", name="Done", exact=True)).to_have_count(2)
    mine.get_by_role("checkbox", name="bread").focus()
    pages[0].page.keyboard.press("Space")
    expect(mine.get_by_role("checkbox", name="bread")).to_have_attribute("aria-checked", "false")
    expect(mine.get_by_role("checkbox", name="bread")).to_be_focused()  # also when the message was replaced
    mine.hover()
    mine.get_by_role("link", name="More actions").click()
    pages[0].page.get_by_role("button", name="Let everybody tick the tasks").click()
    bens_milk = bens.get_by_role("checkbox", name="milk")
    bens_milk.click()
    expect(milk).to_have_attribute("aria-checked", "false")
    # Then his message is not replaced while he presses.
    expect(bens_milk).to_have_attribute("aria-checked", "false")
    bens.get_by_role("checkbox", name="bread").click()
    expect(mine.get_by_role("checkbox", name="bread")).to_have_attribute("aria-checked", "true")
    assert faults_of(pages[1].page) == []
    # Who has gone on to another box stays there when the answer to the press before comes, or others press.
    with hold(pages[0].page, "/tick/", "POST") as held:
        milk.click()
        held.wait()
        expect(milk).to_have_attribute("aria-checked", "true")
        mine.get_by_role("checkbox", name="bread").focus()
    expect(mine.get_by_role("checkbox", name="bread")).to_be_focused()
    expect(bens_milk).to_have_attribute("aria-checked", "true")  # or the press would tick it
    bens_milk.click()
    expect(milk).to_have_attribute("aria-checked", "false")
    expect(mine.get_by_role("checkbox", name="bread")).to_be_focused()
    for chat in pages:
        chat.page.evaluate("document.activeElement.blur()")  # a message with the focus has a longer name
        expect_as_fresh(chat)


def test_quick_presses_on_one_message_all_count(open_page: OpenPage, ada: User, room: Conversation) -> None:
    message = post(room, ada, "- [ ] milk\n- [ ] bread\n- [ ] tea")
    chat = Chat(open_page(ada)).listen(reverse("conversation", args=[room.pk]))
    page, row = chat.page, chat.row(message)
    boxes = [row.get_by_role("checkbox", name=name) for name in ("milk", "bread", "tea")]
    page.evaluate("parley.load(document.querySelector('#texts').dataset.emojiScript).then(() => {})")
    with hold(page, "/tick/", "POST") as held:
        for box in boxes:
            box.click()
        held.wait()
        # The list is loaded again.
        row.evaluate("row => row.replaceWith(row.cloneNode(true))")
        chat.composer.fill("+:tada:")
        chat.composer.press("Enter")
    for box in boxes:
        expect(box).to_have_attribute("aria-checked", "true")
    expect(row.locator(".reaction[data-by]")).to_have_count(1)
    expect(chat.composer).to_have_value("")


def test_without_script_a_task_is_ticked_on_a_page(
    open_page: OpenPage, ada: User, room: Conversation
) -> None:
    message = post(room, ada, "- [ ] milk")
    chat = Chat(open_page(ada, script=False)).open(room)
    chat.row(message).get_by_role("checkbox", name="milk").click()
    expect(chat.page.get_by_role("heading", level=1)).to_have_text("Tasks")
    chat.page.get_by_role("button", name="Mark as done: milk").click()
    expect(chat.page.get_by_role("button", name="Mark as not done: milk")).to_be_visible()
    expect(chat.page.locator("#main")).to_contain_text("Done")
    chat.page.get_by_role("link", name="Back to the message").click()
    expect(chat.row(message).get_by_role("checkbox", name="milk")).to_have_attribute("aria-checked", "true")
