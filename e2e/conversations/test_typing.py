"""Who is typing, and who is there."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from e2e.browser_state import answered, until
from e2e.chat import Chat, address_of, delayed
from messaging.models import Conversation, User
from messaging.models.messages.saving import post

# Keeps what a line says, however short: `said` in the page. Without the signs of marked.py.
KEEP_WHAT_IT_SAYS = r"""line => {
  globalThis.said = [];
  const keep = () => globalThis.said.push(line.textContent.replace(/[\u200b\u00ad]/g, ""));
  new MutationObserver(keep).observe(line, { childList: true, characterData: true, subtree: true });
}"""


def test_who_is_typing_is_shown_where_they_type_and_disappears(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = post(room, ada, "Who comes?")
    post(room, ben, "I do", parent=root)
    address = address_of(room)
    hers, his = Chat(open_page(ada)).listen(address), Chat(open_page(ben)).listen(address)
    for chat in (hers, his):
        chat.row(root).locator(".summary").click()
        expect(chat.panel.locator(".row")).to_have_count(2)
    in_room, in_thread = hers.page.locator(".writing .typing"), hers.panel.locator(".typing")
    with monkeypatch.context() as patch:
        patch.setattr("messaging.live.typing.SHOWN_SECONDS", 3600.0)
        his.composer.press_sequentially("I")  # one key, one signal: a second one might come after the message
        expect(in_room).to_have_text("Ben Okri is typing…")
        expect(in_thread).to_be_empty()
        expect(his.page.locator(".writing .typing")).to_be_empty()
        his.send_button.click()
        expect(hers.row_with("I")).to_be_visible()
        expect(in_room).to_be_empty()
        with delayed(his.page, "/typing/") as waiting:
            his.composer.press_sequentially("O")
            until(his.page, lambda: waiting)
            his.send_button.click()
            expect(hers.row_with("O")).to_be_visible()
        answered(his.page)
        expect(hers.row_with(post(room, ada, "Later than that").content)).to_be_visible()
        expect(in_room).to_be_empty()
    in_thread.evaluate(KEEP_WHAT_IT_SAYS)
    his.panel.get_by_label("Message", exact=True).press_sequentially("So")
    # He went on to something else.
    hers.page.wait_for_function("() => said.join('|').endsWith('Ben Okri is typing…|')")
    expect(in_room).to_be_empty()


def test_nobody_is_shown_as_typing_after_emptying_the_field(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("messaging.live.typing.SHOWN_SECONDS", 3600.0)
    root = post(room, ada, "Who comes?")
    post(room, ben, "I do", parent=root)
    hers, his = (Chat(open_page(user)).listen(address_of(room)) for user in (ada, ben))
    for chat in (hers, his):
        chat.row(root).locator(".summary").click()
        expect(chat.panel.locator(".row")).to_have_count(2)
    in_room, in_thread = hers.page.locator(".writing .typing"), hers.panel.locator(".typing")
    thread = his.panel.get_by_label("Message", exact=True)
    for field, shown in ((his.composer, in_room), (thread, in_thread)):
        for empty in ("Backspace", "Delete", "spaces"):
            field.press_sequentially("W")
            expect(shown).to_have_text("Ben Okri is typing…")
            if empty == "spaces":
                field.fill("  ")
            else:
                field.select_text()
                field.press(empty)
            expect(shown).to_be_empty()
        field.fill("")


def test_present_person_is_marked_until_they_leave(
    open_page: Callable[..., Page], ada: User, ben: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("messaging.live.presence.LINGER_SECONDS", 0.2)
    cleo = User.objects.create_user("cleo", display_name="Cleo Marsh")
    for person in (ben, cleo):
        Conversation.objects.direct(ada, person)
    hers = Chat(open_page(ada)).listen("/")
    mark = hers.place("Ben Okri").locator(".online-mark")
    expect(mark).to_be_hidden()
    page = open_page(ben)
    page.goto("/")
    expect(mark).to_be_visible()
    other = Chat(page.context.new_page()).listen("/")
    page.close()
    visitor = open_page(cleo)
    visitor.goto("/")
    another = hers.place("Cleo").locator(".online-mark")
    expect(another).to_be_visible()
    visitor.close()
    expect(another).to_be_hidden()  # Ben closed a page before Cleo did, so he would be shown as gone by now
    expect(mark).to_be_visible()
    other.page.close()
    expect(mark).to_be_hidden()
