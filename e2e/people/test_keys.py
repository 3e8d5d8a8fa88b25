"""Keys that lead somewhere, and what they leave alone."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from e2e.accessibility import faults_of
from e2e.browser_state import notices_stay, stop_clock, until
from e2e.chat import Chat, address_of, delayed
from messaging.models import Conversation, User
from messaging.models.messages.reacting import react
from messaging.models.messages.saving import post

OpenPage = Callable[..., Page]


@pytest.fixture
def rooms(room: Conversation, ada: User, ben: User) -> list[Conversation]:
    """Ada's rooms in the order of the sidebar; the last one has something unread for Ben."""
    others = [Conversation.objects.create_room(name, by=ada) for name in ("island", "jetty")]
    return [room, *others]


def dialog_of(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Keyboard")


def leave_field(page: Page) -> None:
    """Not before the page is drawn: only then does the browser give the focus to a field with `autofocus`."""
    page.evaluate("() => new Promise(requestAnimationFrame).then(() => document.activeElement.blur())")


def test_the_question_mark_shows_the_keys(open_page: OpenPage, ada: User, room: Conversation) -> None:
    page = Chat(open_page(ada)).open(room).page
    leave_field(page)
    page.keyboard.press("?")
    expect(dialog_of(page)).to_contain_text("Conversation below")
    assert faults_of(page) == []
    page.keyboard.press("g")
    page.keyboard.press("u")
    page.keyboard.press("Escape")
    expect(dialog_of(page)).to_be_hidden()
    expect(page).to_have_url(address_of(room))


def test_the_list_has_exactly_the_keys_of_the_page(
    open_page: OpenPage, ada: User, ben: User, room: Conversation
) -> None:
    """Of the keys for messages and lines, and for where one writes; the others do something on every page."""
    page = open_page(ada)
    shown = {}
    direct = Conversation.objects.direct(ada, ben)
    root = post(room, ben, "Who comes?")
    pages = {
        "empty": address_of(direct),
        "room": address_of(room),
        "thread": reverse("thread", args=[root.pk]),
        "search": f"{reverse('search')}?q=comes",
        "people": reverse("person_list"),
    }
    for name, path in pages.items():
        page.goto(path)
        leave_field(page)
        page.keyboard.press("?")
        expect(dialog_of(page).locator(".keys-content:not([aria-busy]) [data-command]")).not_to_have_count(0)
        commands = dialog_of(page).locator("[data-command]")
        shown[name] = {one.get_attribute("data-command") for one in commands.all()}
        assert dialog_of(page).locator("section:not(:has([data-command]))").count() == 0
    everywhere = shown["people"]
    moving = {"next", "previous", "controls", "copy"}
    formats = {
        "bold",
        "italic",
        "strike",
        "link",
        "code",
        "numbers",
        "bullets",
        "quote",
        "tasks",
        "indent",
        "preview",
    }
    writing = {
        "write",
        "send",
        "new-line",
        "mention",
        "emoji",
        "command",
        "edit-last",
        "paste-plain",
        *formats,
    }
    on_message = {"open", "reply", "react", "pin", "save", "unread", *moving}
    assert shown == {
        "empty": everywhere | writing | {"search-here"},
        "room": everywhere | writing | on_message | {"search-here"},
        "thread": everywhere | writing | on_message,
        "search": everywhere | moving | {"follow"},
        "people": everywhere,
    }
    root.edit("Who comes today?", by=ben)
    post(room, ada, "I do")
    page.goto(address_of(room))
    leave_field(page)
    page.keyboard.press("?")
    for command in ("history", "edit"):
        expect(dialog_of(page).locator(f"[data-command={command}]")).to_be_visible()


def test_f_searches_the_open_conversation(open_page: OpenPage, ada: User, room: Conversation) -> None:
    page = Chat(open_page(ada)).open(room).page
    leave_field(page)
    page.keyboard.press("f")
    page.wait_for_url(f"{reverse('search')}?in={room.pk}")
    expect(page.locator("#search-words")).to_be_focused()


@pytest.mark.parametrize(("letter", "name"), [("i", "inbox"), ("r", "room_list"), ("s", "account")])
def test_g_and_a_letter_lead_to_a_page(
    open_page: OpenPage, ada: User, room: Conversation, letter: str, name: str
) -> None:
    page = open_page(ada)
    page.clock.install()
    Chat(page).open(room)
    leave_field(page)
    stop_clock(page)  # the two keys count together within a second and a half
    page.keyboard.type(f"g{letter}")
    page.wait_for_url(reverse(name))


def test_the_slash_leads_to_the_field_of_the_search(
    open_page: OpenPage, ada: User, room: Conversation
) -> None:
    page = Chat(open_page(ada)).open(room).page
    leave_field(page)
    page.keyboard.press("/")
    page.wait_for_url(reverse("search"))
    expect(page.locator("#search-words")).to_be_focused()
    expect(page.locator("#search-words")).to_have_value("")


def test_other_keys_after_g_lead_nowhere(open_page: OpenPage, ada: User, room: Conversation) -> None:
    page = Chat(open_page(ada)).open(room).page
    for keys in (("g", "x", "u"), ("Shift+G", "u", "t")):
        leave_field(page)
        for key in keys:
            page.keyboard.press(key)
    leave_field(page)
    page.keyboard.press("g")
    page.keyboard.press("Control+u")
    page.keyboard.press("?")
    expect(dialog_of(page)).to_be_visible()
    expect(page).to_have_url(address_of(room))


def test_what_is_typed_goes_where_one_types(open_page: OpenPage, ada: User, room: Conversation) -> None:
    chat = Chat(open_page(ada)).open(room)
    chat.composer.focus()
    chat.page.keyboard.type("gu / ? why")
    expect(chat.composer).to_have_value("gu / ? why")
    chat.page.goto(reverse("room_list"))
    search = chat.page.get_by_label("Search rooms")
    search.focus()
    chat.page.keyboard.type("gp?")
    expect(search).to_have_value("gp?")
    expect(dialog_of(chat.page)).to_be_hidden()


def test_single_keys_can_be_switched_off(open_page: OpenPage, ada: User, rooms: list[Conversation]) -> None:
    page = notices_stay(open_page(ada))
    page.goto(reverse("account_keyboard"))
    page.get_by_label("Use single keys").uncheck()
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".notices")).to_contain_text("Keyboard settings saved.")
    chat = Chat(page).open(rooms[0])
    leave_field(page)
    for key in "?gu":
        page.keyboard.press(key)
    page.keyboard.press("Alt+ArrowDown")
    page.wait_for_url(address_of(rooms[1]))  # and not the page of G and U
    expect(dialog_of(chat.page)).to_be_hidden()


def test_alt_and_the_arrows_walk_through_the_conversations(
    open_page: OpenPage, ada: User, rooms: list[Conversation]
) -> None:
    chat = Chat(open_page(ada)).open(rooms[0])
    chat.composer.focus()  # empty: ArrowUp alone would edit the last message
    for key, place in (("ArrowDown", 1), ("ArrowDown", 2), ("ArrowDown", 0), ("ArrowUp", 2), ("ArrowUp", 1)):
        chat.page.keyboard.press(f"Alt+{key}")
        chat.page.wait_for_url(address_of(rooms[place]))
        chat.composer.focus()
    chat.page.goto(reverse("inbox"))
    chat.page.keyboard.press("Alt+ArrowUp")
    chat.page.wait_for_url(address_of(rooms[2]))


@pytest.mark.parametrize("modifier", ["Control", "Meta", "Control+Alt"])
def test_only_the_arrow_alone_edits_the_last_message(
    open_page: OpenPage, ada: User, room: Conversation, modifier: str
) -> None:
    chat = Chat(open_page(ada)).open(room)
    chat.send("High water at nine")
    expect(chat.row_with("High water at nine")).to_be_visible()
    chat.composer.focus()
    chat.page.keyboard.press(f"{modifier}+ArrowUp")
    expect(chat.composer).to_be_focused()  # opening the form takes the focus at once
    chat.page.keyboard.press("ArrowUp")
    expect(chat.page.locator(".edit-form textarea")).to_be_focused()


def test_the_form_takes_the_focus_though_its_message_changed_meanwhile(
    open_page: OpenPage, ada: User, ben: User, room: Conversation
) -> None:
    message = post(room, ada, "High water at nine")
    chat = Chat(open_page(ada)).listen(address_of(room))
    chat.composer.focus()
    with delayed(chat.page, "/edit/") as waiting:
        chat.page.keyboard.press("ArrowUp")
        until(chat.page, lambda: waiting)
        react(message, ben, "👍")
        expect(chat.row_with("High water at nine").get_by_text("👍")).to_be_visible()
    expect(chat.page.locator(".edit-form textarea")).to_be_focused()


def test_with_shift_they_stop_only_where_something_is_unread(
    open_page: OpenPage, ada: User, ben: User, rooms: list[Conversation]
) -> None:
    chat = Chat(open_page(ada)).without_reports().open(rooms[1])
    chat.page.keyboard.press("Alt+Shift+ArrowDown")  # nowhere
    direct = Conversation.objects.direct(ada, ben)
    post(direct, ben, "Are you there?")
    expect(chat.badge("Ben Okri")).to_have_text("1 unread")
    expect(chat.page).to_have_url(address_of(rooms[1]))
    chat.page.keyboard.press("Alt+Shift+ArrowDown")
    chat.page.wait_for_url(address_of(direct))


def test_without_script_the_keys_are_a_page(open_page: OpenPage, ada: User) -> None:
    page = open_page(ada, script=False)
    page.goto(reverse("account"))
    page.get_by_role("link", name="Keyboard", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Keyboard")
    expect(page.get_by_text("Conversation below", exact=True)).to_be_visible()
