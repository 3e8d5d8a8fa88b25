"""The quick switcher: choosing in its dialog by the keyboard."""

from collections.abc import Callable

from django.urls import reverse
from playwright.sync_api import Page, expect

from e2e.accessibility import faults_of
from e2e.browser_state import answered
from e2e.chat import Chat, address_of, delayed
from e2e.inbox.switching import chosen, dialog_of, open_switcher, options
from messaging.models import Conversation, User
from messaging.models.messages.saving import post

OpenPage = Callable[..., Page]


def test_a_name_and_enter_lead_to_a_room(
    open_page: OpenPage, ada: User, room: Conversation, quay: Conversation
) -> None:
    page = Chat(open_page(ada)).open(room).page
    field = open_switcher(page)
    expect(field).to_be_focused()
    page.keyboard.type("quay")
    expect(options(page)).to_have_count(1)
    expect(dialog_of(page).get_by_role("status")).to_have_text("1 result")
    page.keyboard.press("Enter")
    page.wait_for_url(address_of(quay))


def test_enter_without_words_leads_to_what_is_for_the_person(
    open_page: OpenPage, ada: User, ben: User, room: Conversation, quay: Conversation
) -> None:
    post(room, ben, "Please look, @ada")
    page = Chat(open_page(ada)).open(quay).page
    open_switcher(page)
    expect(chosen(page)).to_contain_text("harbour")
    page.keyboard.press("Enter")
    page.wait_for_url(address_of(room))


def test_the_arrow_keys_choose_and_go_round(
    open_page: OpenPage, ada: User, room: Conversation, quay: Conversation
) -> None:
    page = Chat(open_page(ada)).open(room).page
    field = open_switcher(page)
    number = options(page).count()
    assert number > 3
    expect(chosen(page)).to_have_id("going-1")
    page.keyboard.press("ArrowDown")
    expect(chosen(page)).to_have_id("going-2")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(chosen(page)).to_have_id(f"going-{number}")
    expect(chosen(page)).to_be_in_viewport()
    page.keyboard.press("ArrowDown")
    expect(chosen(page)).to_have_id("going-1")
    expect(field).to_be_focused()


def test_escape_gives_back_the_focus_the_draft_and_the_caret(
    open_page: OpenPage, ada: User, room: Conversation
) -> None:
    chat = Chat(open_page(ada)).open(room)
    chat.composer.fill("Half a sentence")
    chat.composer.evaluate("field => field.setSelectionRange(5, 5)")
    open_switcher(chat.page)
    chat.page.keyboard.type("qu")
    chat.page.keyboard.press("Escape")
    expect(dialog_of(chat.page)).to_be_hidden()
    expect(chat.composer).to_be_focused()
    expect(chat.composer).to_have_value("Half a sentence")
    assert chat.composer.evaluate("field => [field.selectionStart, field.selectionEnd]") == [5, 5]
    chat.page.keyboard.press("Control+k")
    expect(dialog_of(chat.page).get_by_role("combobox")).to_have_value("")
    chat.page.keyboard.press("Control+k")
    expect(chat.composer).to_be_focused()


def test_a_draft_is_there_after_going_and_coming_back(
    open_page: OpenPage, ada: User, room: Conversation, quay: Conversation
) -> None:
    chat = Chat(open_page(ada)).open(room)
    chat.composer.fill("Half a sentence")
    for words, place in (("quay", quay), ("harb", room)):
        open_switcher(chat.page)
        chat.page.keyboard.type(words)
        expect(options(chat.page)).to_have_count(1)
        chat.page.keyboard.press("Enter")
        chat.page.wait_for_url(address_of(place))
    expect(chat.composer).to_have_value("Half a sentence")


def test_enter_waits_for_the_answer_to_what_was_typed_last(
    open_page: OpenPage, ada: User, room: Conversation, quay: Conversation
) -> None:
    page = Chat(open_page(ada)).open(room).page
    open_switcher(page)
    with delayed(page, "/go/?*"):
        page.keyboard.type("quay")
        page.keyboard.press("Enter")
        expect(page).to_have_url(address_of(room))
    page.wait_for_url(address_of(quay))


def test_a_choice_that_was_given_up_leads_nowhere_when_the_switcher_is_open_again(
    open_page: OpenPage, ada: User, room: Conversation, quay: Conversation
) -> None:
    page = Chat(open_page(ada)).open(room).page
    field = open_switcher(page)
    with delayed(page, "/go/?*q=quay*"):
        field.fill("quay")
        page.keyboard.press("Enter")
        page.keyboard.press("Escape")
        page.keyboard.press("Control+k")
    expect(options(page).first).to_be_visible()
    answered(page)
    expect(dialog_of(page)).to_be_visible()
    expect(page).to_have_url(address_of(room))


def test_control_and_enter_open_a_new_tab(
    open_page: OpenPage, ada: User, room: Conversation, quay: Conversation
) -> None:
    chat = Chat(open_page(ada)).open(room)
    chat.composer.focus()
    open_switcher(chat.page)
    chat.page.keyboard.type("quay")
    expect(options(chat.page)).to_have_count(1)
    with chat.page.context.expect_page() as opened:
        chat.page.keyboard.press("Control+Enter")
    opened.value.wait_for_url(address_of(quay))
    expect(chat.page).to_have_url(address_of(room))
    expect(chat.composer).to_be_focused()


def test_a_menu_that_is_open_gives_the_focus_back_to_its_button(
    open_page: OpenPage, ada: User, room: Conversation
) -> None:
    page = Chat(open_page(ada)).open(room).page
    page.get_by_role("button", name="Room menu").click()
    page.keyboard.press("Tab")
    open_switcher(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Room menu")).to_be_focused()


def test_commands_of_the_room_are_found_and_opened(
    open_page: OpenPage, ada: User, room: Conversation
) -> None:
    page = Chat(open_page(ada)).open(room).page
    open_switcher(page)
    page.keyboard.type("members")
    expect(options(page).first).to_contain_text("Members of this room")
    page.keyboard.press("Enter")
    page.wait_for_url(reverse("conversation_members", args=[room.pk]))


def test_nothing_found_is_said(open_page: OpenPage, ada: User, room: Conversation) -> None:
    page = Chat(open_page(ada)).open(room).page
    field = open_switcher(page)
    page.keyboard.type("zzz")
    expect(options(page)).to_have_count(0)
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(dialog_of(page).get_by_role("status")).to_have_text("Nothing found. Try part of a name.")
    assert faults_of(page) == []
    page.keyboard.press("Enter")
    expect(dialog_of(page)).to_be_visible()
    for _ in "zzz":
        page.keyboard.press("Backspace")
    expect(options(page).first).to_be_visible()


def test_a_server_that_cannot_be_reached_is_said(open_page: OpenPage, ada: User, room: Conversation) -> None:
    page = Chat(open_page(ada)).open(room).page
    open_switcher(page)
    page.route("**/go/?*", lambda route: route.abort())
    page.keyboard.type("h")
    expect(dialog_of(page)).to_contain_text("cannot be reached")
    page.unroute("**/go/?*")
    page.keyboard.type("a")
    expect(chosen(page)).to_contain_text("harbour")
