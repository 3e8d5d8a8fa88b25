"""What is changed in the sidebar on a slow network, or without one."""

from collections.abc import Callable

from playwright.sync_api import Page, Route, expect

from e2e.browser_state import answered, until
from e2e.chat import Chat, address_of
from e2e.inbox.test_sidebar import choose, rows, section
from e2e.late.holding import hold
from messaging.models import Conversation, Message, User
from messaging.models.inbox.sections import arrange
from messaging.models.people.preferences import NotificationLevel
from tests.factories import RoomFactory

# Counts how often a section is folded or opened from now on.
COUNT_FOLDS = """() => {
  const sidebar = document.querySelector("#sidebar");
  const options = { subtree: true, attributeFilter: ["data-folded"] };
  window.folds = 0;
  new MutationObserver((all) => (window.folds += all.length)).observe(sidebar, options);
}"""


def test_quick_changes_are_all_made_and_none_is_undone_for_a_moment(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, garden: Conversation
) -> None:
    Message.objects.create(sender=ada, receiver=ben, content="Hello")
    chat = Chat(open_page(ada)).listen(address_of(room))
    page, row = chat.page, chat.place("garden 2")
    with hold(page, "/?current=*") as held:
        arrange(ada, room, notification_level=NotificationLevel.MUTED)  # in another tab
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
    with hold(page, "/sections/fold/", "POST") as held:
        for fold in folds:
            fold.click()
        held.wait()
        page.evaluate(COUNT_FOLDS)
    until(page, lambda: len(User.objects.get(pk=ada.pk).folded_sections) == 3)
    answered(page)
    for fold in folds:
        expect(fold).to_have_attribute("aria-expanded", "false")
    assert page.evaluate("window.folds") == 0


def test_a_change_that_fails_says_so_and_a_sidebar_that_does_not_come_is_asked_for_again(
    open_page: Callable[..., Page], ada: User, garden: Conversation
) -> None:
    chat = Chat(open_page(ada)).listen("/people/")
    page, failed = chat.page, list[Route]()

    def fail(route: Route) -> None:
        route.abort()
        failed.append(route)

    def says_so() -> None:
        expect(page.locator(".notice.error")).to_contain_text("The server cannot be reached.")
        page.locator(".notices").evaluate("notices => notices.replaceChildren()")

    page.route("**/?current=*", fail, times=1)
    RoomFactory.create(name="attic", by=ada)
    expect(chat.place("attic")).to_be_visible()
    assert failed
    expect(page.locator(".notice")).to_have_count(0)
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
