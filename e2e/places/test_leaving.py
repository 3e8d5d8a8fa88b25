"""What becomes of a place that is left: it is not lost, and nothing of it disturbs the next one."""

from collections.abc import Callable

from playwright.sync_api import Page, Route, expect

from e2e.browser_state import answered, until
from e2e.chat import Chat, address_of, delayed
from e2e.freshness import expect_as_fresh
from e2e.places.places import Loads, arrived, connected, go, timeline_scroll
from messaging.models import Conversation, User
from messaging.models.messages.saving import post


def test_what_was_not_sent_goes_along_and_comes_back(
    open_page: Callable[..., Page], ada: User, room: Conversation, pier: Conversation
) -> None:
    chat = Chat(open_page(ada)).open(room)
    connected(chat.page)
    refused: list[Route] = []

    def refuse(route: Route) -> None:
        refused.append(route)
        route.abort()

    chat.page.route("**/send/", refuse)
    chat.send("Nobody hears me")
    expect(chat.outbox.locator(".failed")).to_be_visible()
    go(chat, pier)
    expect(chat.page.locator("#unsent .badge")).to_have_text("1")
    expect(chat.outbox).to_be_empty()
    go(chat, room)
    expect(chat.outbox.locator(".failed")).to_contain_text("Nobody hears me")
    expect(chat.page.locator("#unsent")).to_be_hidden()
    go(chat, pier)
    until(chat.page, lambda: len(refused) == 2)  # the page has tried once more by itself, and does not again
    chat.page.unroute("**/send/")
    go(chat, room)
    chat.outbox.get_by_role("button", name="Try again").click()
    expect(chat.row_with("Nobody hears me")).to_be_visible()
    expect(chat.outbox).to_be_empty()


def test_a_message_that_is_on_its_way_arrives_once(
    open_page: Callable[..., Page], ada: User, room: Conversation, pier: Conversation
) -> None:
    chat = Chat(open_page(ada)).open(room)
    connected(chat.page)
    with delayed(chat.page, "/send/") as waiting:
        chat.send("First")
        chat.send("Second")
        until(chat.page, lambda: waiting)
        go(chat, pier)
        expect(chat.page.locator("#unsent")).to_be_hidden()
    go(chat, room)
    for text in ("First", "Second"):
        expect(chat.row_with(text)).to_have_count(1)
    expect(chat.outbox).to_be_empty()
    expect(chat.page.locator("#unsent")).to_be_hidden()
    expect_as_fresh(chat)


def test_an_edit_that_was_begun_is_not_lost_without_a_question(
    open_page: Callable[..., Page], ada: User, room: Conversation, pier: Conversation
) -> None:
    message = post(room, ada, "Land ho")
    chat = Chat(open_page(ada)).open(room)
    form = chat.form(chat.row(message), "Edit")
    form.text.fill("Land ahoy")
    chat.page.once("dialog", lambda dialog: dialog.dismiss())
    chat.place("pier").click()
    expect(form.text).to_have_value("Land ahoy")
    assert address_of(room) in chat.page.url
    chat.page.once("dialog", lambda dialog: dialog.accept())
    go(chat, pier)


def test_nothing_of_a_place_is_kept_when_it_is_left(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, pier: Conversation
) -> None:
    for number in range(20):
        post(room, ben, f"Wave {number}")
        post(pier, ben, f"Tide {number}")
    chat = Chat(open_page(ada)).without_reports().open(room)
    session = chat.page.context.new_cdp_session(chat.page)

    def walk(switches: int) -> dict[str, int]:
        for _ in range(switches // 2):
            go(chat, pier)
            go(chat, room)
        answered(chat.page)
        session.send("HeapProfiler.collectGarbage")
        counts: dict[str, int] = session.send("Memory.getDOMCounters")
        return counts

    before, after = walk(12), walk(12)  # more than the positions that are kept
    assert after["jsEventListeners"] <= before["jsEventListeners"] + 5
    assert after["nodes"] <= before["nodes"] * 1.1


def test_back_leads_to_the_place_as_it_was_left_and_what_came_meanwhile(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, pier: Conversation
) -> None:
    waves = [post(room, ben, f"Wave {number}\n\nand its foam") for number in range(40)]
    post(room, ada, "A reply", parent=waves[30])
    chat = Chat(open_page(ada)).without_reports().open(room)
    page, loads = chat.page, Loads(chat.page)
    connected(page)
    chat.row(waves[30]).locator(".summary").click()
    expect(chat.panel.get_by_text("A reply")).to_be_visible()
    chat.composer.fill("Half a sentence")
    page.keyboard.press("ArrowLeft")
    page.locator(".newest-first").evaluate("(view) => { view.scrollTop = -500; }")
    before = chat.row(waves[30]).bounding_box()
    go(chat, pier)
    expect(chat.panel).to_be_empty()
    expect(chat.composer).to_have_value("")
    post(room, ben, "Meanwhile")
    waves[2].edit("An edited wave")
    page.go_back()
    arrived(chat, room)
    expect(chat.composer).to_have_value("Half a sentence")
    expect(chat.composer).to_be_focused()
    assert chat.composer.evaluate("(field) => field.selectionStart") == len("Half a sentence") - 1
    expect(chat.panel.get_by_text("A reply")).to_be_visible()
    expect(chat.row(waves[2]).locator(".message .prose")).to_have_text("An edited wave")
    expect(chat.row_with("Meanwhile")).to_be_attached()
    after = chat.row(waves[30]).bounding_box()
    assert before
    assert after
    assert abs(after["y"] + after["height"] - before["y"] - before["height"]) <= 1
    assert timeline_scroll(page) < -400
    expect_as_fresh(chat)
    page.go_forward()
    arrived(chat, pier)
    assert loads.addresses == []


def test_a_late_answer_of_a_place_that_was_left_is_not_shown(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, pier: Conversation
) -> None:
    root = post(room, ben, "Who comes?")
    post(room, ada, "I do", parent=root)
    chat = Chat(open_page(ada)).open(room)
    connected(chat.page)
    with delayed(chat.page, "/thread/") as waiting:
        chat.row(root).locator(".summary").click()
        until(chat.page, lambda: waiting)
        go(chat, pier)
    answered(chat.page)
    expect(chat.panel).to_be_empty()
    expect_as_fresh(chat)


def test_back_brings_no_text_again_that_was_sent_since(
    open_page: Callable[..., Page], ada: User, room: Conversation, pier: Conversation
) -> None:
    message = post(room, ada, "Who has the key?")
    chat = Chat(open_page(ada)).open(room)
    page, reply = chat.page, chat.page.locator(".reply-form textarea")
    connected(page)
    chat.composer.fill("I have it")
    chat.menu(chat.row(message)).get_by_role("link", name="Quote in reply").click()
    expect(reply).to_have_value("> Who has the key?\n\n")
    reply.fill("Without the quotation")
    go(chat, pier)
    page.go_back()
    arrived(chat, room)
    expect(reply).to_have_value("Without the quotation")
    go(chat, pier)
    go(chat, room)
    expect(chat.composer).to_have_value("I have it")
    chat.send_button.click()
    expect(chat.row_with("I have it")).to_be_visible()
    base = f"parley.drafts.base('{address_of(room)}send/')"
    until(page, lambda: page.evaluate(f"{base} === null"), "The tab does not know that the draft is gone.")
    for conversation in (pier, room):
        page.go_back()
        arrived(chat, conversation)
    expect(reply).to_have_value("Without the quotation")
    expect(chat.composer).to_have_value("")
