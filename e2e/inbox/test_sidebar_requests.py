"""What is changed in the sidebar on a slow network, or without one."""

from collections.abc import Callable

from playwright.sync_api import Page, Route, expect

from e2e.browser_state import answered, pass_time, stop_clock, until
from e2e.chat import Chat, address_of, delayed
from e2e.inbox.test_sidebar import choose, rows, section
from e2e.late.holding import hold
from messaging.models import Conversation, Message, User
from messaging.models.inbox.sections import arrange
from messaging.models.messages.saving import post
from messaging.models.people.preferences import NotificationLevel
from tests.factories import RoomFactory

# Counts how often a section is folded or opened from now on.
COUNT_FOLDS = """() => {
  const sidebar = document.querySelector("#sidebar");
  const options = { subtree: true, attributeFilter: ["data-folded"] };
  window.folds = 0;
  new MutationObserver((all) => (window.folds += all.length)).observe(sidebar, options);
}"""


def mark_as_read_again(page: Page, room: Conversation, by: User) -> None:
    """The answer brings the sidebar too, as the server has it."""
    part = page.locator("#mark-read")
    post(room, by, "Unread")
    expect(part).to_be_visible()
    before = part.get_attribute("data-as-of") or ""
    part.get_by_role("button").click()
    expect(part).not_to_have_attribute("data-as-of", before)


def test_quick_changes_are_all_made_and_none_is_undone_for_a_moment(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, garden: Conversation
) -> None:
    Message.objects.create(sender=ada, receiver=ben, content="Hello")
    chat = Chat(open_page(ada)).listen(address_of(room))
    page, row = chat.page, chat.place("garden 2")
    with hold(page, "/?current=*") as held:
        arrange(ada, room, notification_level=NotificationLevel.EVERY)  # in another tab
        held.wait()
        page.evaluate("id => { parley.arrange(id, {}) }", room.pk)
        row.focus()
        page.keyboard.press("Shift+F10")
        choose(page, "Star")
    expect(rows(page, "starred")).to_have_text(["garden 2"])
    expect(row).to_be_focused()
    with hold(page, "/arrange/", "POST") as held:
        page.keyboard.press("Shift+F10")
        choose(page, "Mute")
        held.wait()
        chat.composer.focus()
    expect(row).to_have_class("sidebar-row muted")
    expect(chat.composer).to_be_focused()
    folds = [section(page, key).locator(".section-fold") for key in ("starred", "rooms", "people")]
    with delayed(page, "/sections/fold/"):
        folds[0].click()
        page.evaluate(COUNT_FOLDS)
        mark_as_read_again(page, room, ben)
        for fold in folds[1:]:
            fold.click()
        mark_as_read_again(page, room, ben)
    until(page, lambda: len(User.objects.get(pk=ada.pk).folded_sections) == 3)
    answered(page)
    for fold in folds:
        expect(fold).to_have_attribute("aria-expanded", "false")
    assert page.evaluate("window.folds") == 2


def test_a_change_that_fails_says_so_and_a_sidebar_that_does_not_come_is_asked_for_again(
    open_page: Callable[..., Page], ada: User, garden: Conversation
) -> None:
    page, failed, asked = open_page(ada), list[Route](), list[str]()
    page.clock.install()
    chat = Chat(page).listen("/people/")
    stop_clock(page)

    def fail(route: Route) -> None:
        route.abort()
        failed.append(route)

    def says_so() -> None:
        expect(page.locator(".notice.error")).to_contain_text("The server cannot be reached.")
        page.locator(".notices").evaluate("notices => notices.replaceChildren()")

    page.route("**/?current=*", fail, times=3)
    for name in ("attic 1", "attic 2", "attic 3"):
        failed.clear()
        RoomFactory.create(name=name, by=ada)
        until(page, lambda: failed)
        answered(page)
    page.on("request", lambda request: asked.append(request.url))
    pass_time(page, lambda: chat.place("attic 3").is_visible(), seconds=10)
    page.clock.run_for(10_000)
    answered(page)
    assert len([address for address in asked if "?current=" in address]) == 1
    expect(page.locator(".notice")).to_have_count(0)
    page.clock.resume()
    page.route("**/arrange/", fail, times=1)
    chat.place("garden 2").click(button="right")
    choose(page, "Mute")
    says_so()
    page.route("**/sections/fold/", fail, times=1)
    fold = section(page, "rooms").locator(".section-fold")
    fold.click()
    says_so()
    expect(fold).to_have_attribute("aria-expanded", "true")
    expect(chat.place("garden 2")).to_be_visible()
    fold.click()
    expect(chat.place("garden 2")).to_be_hidden()
