"""A person arranges their sidebar: by its menu, by dragging, by keyboard, and without script by forms."""

import re
from collections.abc import Callable

from django.urls import reverse
from playwright.sync_api import Locator, Page, Route, expect

from e2e.accessibility import faults_of
from e2e.chat import Chat
from e2e.freshness import expect_as_fresh
from e2e.unsent import fail_to_send, sending_fails
from messaging.models import Conversation, Message, User
from messaging.models.inbox.sections import arrange, create_section
from messaging.models.messages.saving import post
from messaging.models.people.preferences import NotificationLevel
from tests.factories import RoomFactory

IN_SIGHT = """row => {
  const list = document.querySelector("#sidebar").getBoundingClientRect();
  const { top, bottom } = row.getBoundingClientRect();
  const [x, y] = [list.left + 60, (top + bottom) / 2];
  return top >= list.top && bottom <= list.bottom && row.contains(document.elementFromPoint(x, y));
}"""


def section(page: Page, key: str) -> Locator:
    return page.locator(f"#sidebar .sidebar-section[data-section='{key}']")


def rows(page: Page, key: str) -> Locator:
    return section(page, key).locator(".sidebar-row:visible .sidebar-row-name")


def drag_to_star(page: Page, row: Locator) -> None:
    """By the place that only appears while something is dragged."""
    place = page.locator(".star-drop")
    expect(place).to_be_hidden()
    row.hover()
    page.mouse.down()
    page.mouse.move(5, 5, steps=3)
    place.hover()
    # The sidebar is loaded again meanwhile, as by an answer that comes late.
    page.evaluate("id => parley.arrange(id, {})", (row.get_attribute("href") or "").split("/")[2])
    expect(place).to_be_visible()
    place.hover()  # a drop needs two moves over its target
    page.mouse.up()
    expect(place).to_be_hidden()


def choose(page: Page, name: str) -> None:
    page.locator("#row-menu").get_by_role("button", name=name, exact=True).click()
    expect(page.locator("#row-menu")).to_be_hidden()


def test_conversations_are_arranged_by_menu_by_dragging_and_by_keyboard(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, garden: Conversation
) -> None:
    direct = Message.objects.create(sender=ada, receiver=ben, content="Hello").conversation
    work = create_section(ada, "Work")
    chat = Chat(open_page(ada)).listen(reverse("conversation", args=[room.pk]))
    page = chat.page
    chat.place("garden 2").hover()
    page.locator("#row-more").click()
    choose(page, "Star")
    expect(rows(page, "starred")).to_have_text(["garden 2"])
    expect(chat.place("garden 2")).to_be_focused()
    page.keyboard.press("Shift+F10")
    choose(page, "Mute")
    expect(chat.place("garden 2")).to_have_class("sidebar-row muted")
    chat.place(room.name).click(button="right")
    choose(page, "Move to Work")
    expect(rows(page, work.key)).to_have_text([room.name])
    expect(chat.place(room.name)).to_have_attribute("aria-current", "page")
    chat.place("Ben").drag_to(section(page, work.key))
    expect(rows(page, work.key)).to_have_text([room.name, "Ben Okri"])
    chat.place("garden 2").drag_to(section(page, "rooms"))
    expect(rows(page, "rooms")).to_have_text(["garden 2"])
    expect(section(page, "starred")).to_have_count(0)
    drag_to_star(page, chat.place("garden 2"))
    expect(rows(page, "starred")).to_have_text(["garden 2"])
    chat.place("garden 2").drag_to(section(page, "rooms"))
    expect(rows(page, "rooms")).to_have_text(["garden 2"])
    expect_as_fresh(chat)
    page.goto(reverse("conversation", args=[direct.pk]))
    expect(page.locator("#conversation-title").get_by_role("link")).to_have_text(f"@{ben.username}")
    page.get_by_role("button", name="Conversation menu").click()
    expect(page.locator("#row-menu").get_by_role("link", name="Profile")).to_be_visible()
    assert faults_of(page) == []
    choose(page, "Hide until something new")
    expect(chat.place("Ben")).to_be_visible()  # it is open
    chat.place(room.name).click()
    expect(chat.place("Ben")).to_be_hidden()
    post(direct, ben, "Are you there?")
    expect(chat.place("Ben")).to_have_class("sidebar-row direct unread for-me")
    expect_as_fresh(chat)


def test_what_changes_before_the_stream_has_counted_is_shown(
    open_page: Callable[..., Page], ada: User, room: Conversation
) -> None:
    def mute_first(route: Route) -> None:
        arrange(ada, room, notification_level=NotificationLevel.MUTED)
        route.continue_()

    page = open_page(ada)
    page.route("**/live/*", mute_first, times=1)
    page.goto(reverse("conversation", args=[room.pk]))
    expect(page.locator(".sidebar-row.muted")).to_contain_text(room.name)


def test_a_folded_section_shows_what_is_unread_and_stays_folded(
    open_page: Callable[..., Page],
    ada: User,
    ben: User,
    room: Conversation,
    garden: Conversation,
    script: bool,
) -> None:
    create_section(ada, "Work")
    chat = Chat(open_page(ada, script=script))
    page = chat.page
    page.goto("/people/")
    section(page, "rooms").get_by_role("button", name="Conversations of Rooms").click()
    expect(rows(page, "rooms")).to_have_count(0)
    assert page.url.endswith("/people/")
    post(garden, ben, "Something new")
    if not script:
        page.reload()
    expect(rows(page, "rooms")).to_have_text(["garden 2"])
    expect(chat.place("garden 2")).to_have_class("sidebar-row unread")
    page.reload()
    expect(rows(page, "rooms")).to_have_text(["garden 2"])
    if script:
        expect_as_fresh(chat)
    page.goto(reverse("conversation_settings", args=[room.pk]))
    page.get_by_label("Section of the sidebar").select_option("Work")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(rows(page, "1")).to_have_text([room.name])
    section(page, "rooms").get_by_role("button", name="Conversations of Rooms").click()
    expect(section(page, "rooms").get_by_role("button")).to_have_attribute("aria-expanded", "true")


def test_a_long_sidebar_keeps_its_place_shows_what_is_unread_and_is_filtered(
    open_page: Callable[..., Page], ada: User, ben: User
) -> None:
    rooms = [RoomFactory.create(name=f"Crew {100 + number}", by=ada, members=[ben]) for number in range(60)]
    post(rooms[2], ben, "Something new")
    post(rooms[57], ben, "For @ada")
    chat = Chat(open_page(ada)).listen(reverse("conversation", args=[rooms[30].pk]))
    page = chat.page
    above, below = (page.get_by_role("button", name=f"More unread {side}") for side in ("above", "below"))

    def in_sight(name: str) -> bool:
        return bool(chat.place(name).evaluate(IN_SIGHT))

    assert in_sight("Crew 130")
    assert page.get_by_role("link", name="Inbox").first.is_visible()
    expect(above).to_have_class("pill more-unread")
    expect(below).to_have_class("pill more-unread for-me")
    below.click()
    assert in_sight("Crew 157")
    expect(below).to_be_hidden()
    position = page.evaluate("document.querySelector('#sidebar').scrollTop")
    chat.place("Crew 155").click()
    expect(chat.title).to_have_text("# Crew 155")
    page.reload()
    expect(above).to_be_visible()
    assert page.evaluate("document.querySelector('#sidebar').scrollTop") == position
    above.click()
    assert in_sight("Crew 102")
    expect(above).to_be_hidden()
    words = page.get_by_label("Filter conversations")
    words.fill("7 crÉw")
    shown = page.locator("#sidebar .sidebar-row:visible .sidebar-row-name")
    expect(shown).to_have_text([f"Crew {number}" for number in (107, 117, 127, 137, 147, 157)])
    post(rooms[17], ben, "Something new here")
    expect(chat.badge("Crew 117")).to_have_text("1 unread")
    expect(shown).to_have_count(6)
    words.fill("nobody")
    expect(page.get_by_text("Nothing found")).to_be_visible()
    words.press("Escape")
    expect(shown).to_have_count(60)
    words.fill("crew 140")
    words.press("Enter")
    expect(chat.title).to_have_text("# Crew 140")
    expect_as_fresh(chat)


def test_drafts_and_messages_that_were_not_sent_are_marked(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, garden: Conversation
) -> None:
    message = post(garden, ben, "Who comes?")
    attic = RoomFactory.create(name="attic", by=ada)
    chat = Chat(open_page(ada)).listen(reverse("conversation", args=[attic.pk]))
    page = chat.page

    def marks(name: str) -> Locator:
        return chat.place(name).locator(".row-mark")

    chat.composer.fill("Half a thought")
    expect(page.locator(".row-mark:visible")).to_have_count(0)  # it is in sight
    chat.place("garden 2").click()
    form = chat.form(chat.row(message), "Reply")
    form.text.fill("I do, if")
    expect(marks("attic")).to_have_text([", draft"])
    chat.place(room.name).click()
    expect(chat.title).to_have_text(f"# {room.name}")  # the mark is there before one leaves
    expect(marks("garden 2")).to_have_text([", draft"])
    with sending_fails(page.context):
        fail_to_send(chat)
        page.goto("/people/")
        expect(marks(room.name)).to_have_text([", not sent"])
        expect(marks("attic")).to_have_text([", draft"])
        expect(marks("garden 2")).to_have_text([", draft"])
    post(garden, ben, "Nobody?")  # the sidebar changes
    expect(chat.badge("garden 2")).to_have_text(re.compile(r"[12]\W+unread"))  # perhaps the first was read
    expect(marks("garden 2")).to_have_text([", draft"])
    chat.place("attic").click()
    expect(marks("attic")).to_be_hidden()
    chat.composer.fill("")
    chat.place("garden 2").click()
    expect(page.locator(".draft:visible")).to_have_count(0)
