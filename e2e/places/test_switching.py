"""Links to other places exchange the main part; all else of the page stays."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, Route, expect

from e2e.browser_state import answered, stop_clock, until
from e2e.chat import Chat, address_of, delayed
from e2e.freshness import expect_as_fresh
from e2e.places.places import Loads, arrived, connected, go
from messaging.models import Conversation, User
from messaging.models.messages.saving import post


def test_the_page_stays_and_all_that_shows_the_place_follows(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, pier: Conversation
) -> None:
    post(room, ben, "In the harbour")
    post(pier, ben, "On the pier")
    chat = Chat(open_page(ada)).without_reports().open(room)
    page, loads = chat.page, Loads(chat.page)
    connected(page)
    page.evaluate("document.querySelector('#sidebar').isTheSame = true")
    for place in (pier, room, pier):
        go(chat, place)
        expect(page).to_have_title(f"(2) {place.name} · Parley")
        expect(chat.place(place.name)).to_have_attribute("aria-current", "page")
        expect(page.locator("#sidebar [aria-current]")).to_have_count(1)
        expect(chat.composer).to_be_focused()
    expect(chat.row_with("On the pier")).to_be_visible()
    expect(chat.row_with("In the harbour")).to_have_count(0)
    post(pier, ben, "Just now")
    expect(chat.row_with("Just now")).to_be_visible()
    post(room, ben, "Elsewhere")
    expect(chat.badge("harbour")).to_have_text("2 unread")
    expect(chat.row_with("Elsewhere")).to_have_count(0)
    expect_as_fresh(chat)
    chat.page.get_by_role("link", name="Search", exact=True).click()
    expect(page).to_have_title("(4) Search · Parley")
    expect(page.locator("#sidebar [aria-current]")).to_have_text("Search")
    expect(page.locator("#conversation-title")).to_have_count(0)
    go(chat, pier)
    chat.send("I am back")
    expect(chat.row_with("I am back")).to_be_visible()
    expect(chat.outbox).to_be_empty()
    expect_as_fresh(chat)
    assert loads.addresses == []
    assert page.evaluate("document.querySelector('#sidebar').isTheSame")


def test_a_message_is_read_where_it_was_seen(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, pier: Conversation
) -> None:
    for place in (room, pier):
        post(place, ben, f"In {place.name}")
    chat = Chat(open_page(ada)).open(room)
    expect(chat.badge("harbour")).to_be_hidden()
    go(chat, pier)
    expect(chat.badge("pier")).to_be_hidden()


def test_a_second_click_counts_and_not_the_first(
    open_page: Callable[..., Page], ada: User, room: Conversation, pier: Conversation
) -> None:
    chat = Chat(open_page(ada)).open(room)
    with delayed(chat.page, "/people/") as waiting:
        chat.page.get_by_role("link", name="People", exact=True).click()
        until(chat.page, lambda: waiting)
        go(chat, pier)
    answered(chat.page)
    assert address_of(pier) in chat.page.url
    expect(chat.title).to_have_text("# pier")


def test_the_sidebar_marks_the_place_that_is_on_its_way_also_when_it_is_loaded_again(
    open_page: Callable[..., Page], ada: User, room: Conversation, pier: Conversation
) -> None:
    chat = Chat(open_page(ada)).open(room)
    connected(chat.page)
    with delayed(chat.page, address_of(pier)):
        chat.place("pier").click()
        expect(chat.place("pier")).to_have_attribute("aria-current", "page")
        Conversation.objects.create_room("quay", by=ada)
        expect(chat.place("quay")).to_be_visible()
        expect(chat.page.locator("#sidebar [aria-current]")).to_contain_text("pier")
        chat.page.keyboard.press("Alt+ArrowDown")
    arrived(chat, Conversation.objects.get(name="quay"))


def test_a_link_to_a_message_leads_to_it_and_its_branch(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, pier: Conversation
) -> None:
    target = post(room, ben, "The target")
    for number in range(60):
        post(room, ben, f"Wave {number}")
    post(pier, ben, f"See /messages/{target.pk}/ http://127.0.0.1/")
    chat = Chat(open_page(ada)).open(pier)
    connected(chat.page)  # the row that is changed here is not loaded again
    loads = Loads(chat.page)
    chat.page.evaluate(
        "(path) => { document.querySelector('.prose a').href = path; }", f"/messages/{target.pk}/"
    )
    chat.page.locator(".prose a").click()
    arrived(chat, room)
    expect(chat.page).to_have_url(re.compile(f"around=.*#m-{target.pk}$"))
    expect(chat.row(target)).to_be_in_viewport()
    assert chat.row(target).evaluate("(row) => row.matches(':target')")
    assert loads.addresses == []


def test_if_the_server_cannot_be_reached_the_place_stays(
    open_page: Callable[..., Page], ada: User, room: Conversation, pier: Conversation, faults: list[str]
) -> None:
    chat = Chat(open_page(ada)).open(room)
    connected(chat.page)
    chat.composer.fill("Half a sentence")
    chat.page.route(f"**{address_of(pier)}", lambda route: route.abort())
    chat.place("pier").click()
    expect(chat.page.locator(".notice")).to_contain_text("cannot be reached")
    expect(chat.composer).to_have_value("Half a sentence")
    expect(chat.place("harbour")).to_have_attribute("aria-current", "page")
    chat.page.unroute(f"**{address_of(pier)}")
    go(chat, pier)


def test_what_is_no_place_of_this_page_is_loaded_as_a_page(
    open_page: Callable[..., Page], ada: User, room: Conversation, pier: Conversation
) -> None:
    chat = Chat(open_page(ada)).open(room)
    connected(chat.page)
    chat.page.evaluate("document.body.isTheSame = true")
    ada.display_name = "Countess"
    ada.save()
    chat.place("pier").click()
    expect(chat.title).to_have_text("# pier")
    assert not chat.page.evaluate("document.body.isTheSame")
    expect(chat.page.locator(".me-name")).to_contain_text("Countess")
    chat.page.evaluate("document.body.isTheSame = true")
    chat.page.context.clear_cookies()
    chat.place("harbour").click()
    expect(chat.page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    assert "next=" in chat.page.url


def test_a_place_is_fetched_ahead_when_the_pointer_rests_on_its_link(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, pier: Conversation
) -> None:
    post(pier, ben, "On the pier")
    page = open_page(ada)
    page.clock.install()
    chat = Chat(page).open(room)
    connected(page)
    asked: list[Route] = []

    def note(route: Route) -> None:
        asked.append(route)
        route.continue_()

    chat.page.route(f"**{address_of(pier)}", note)
    stop_clock(page)  # what is fetched ahead can be shown for five seconds
    chat.place("pier").hover()
    with page.expect_response(f"**{address_of(pier)}"):
        page.clock.run_for(100)  # a pointer must rest on a link
    assert asked[0].request.headers["hx-preloaded"] == "true"
    answered(chat.page)
    expect(chat.badge("pier")).to_have_text("1 unread")
    post(pier, ben, "Later than that")
    chat.place("pier").click()
    page.clock.resume()
    arrived(chat, pier)
    assert len(asked) == 1
    expect(chat.row_with("Later than that")).to_be_visible()


def test_a_link_that_is_pressed_at_once_is_fetched_once(
    open_page: Callable[..., Page], ada: User, room: Conversation, pier: Conversation
) -> None:
    chat = Chat(open_page(ada)).open(room)
    connected(chat.page)
    asked: list[str] = []
    chat.page.on("request", lambda request: asked.append(request.url))
    go(chat, pier)
    chat.page.wait_for_timeout(150)  # more than a pointer must rest on a link
    assert len([url for url in asked if url.endswith(address_of(pier))]) == 1


def test_on_a_phone_the_columns_are_views_of_one_page(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation
) -> None:
    root = post(room, ben, "Who comes?")
    post(room, ada, "I do", parent=root)
    page = open_page(ada, phone=True)
    chat = Chat(page)
    page.goto("/")
    loads = Loads(page)
    chat.place("harbour").tap()
    arrived(chat, room)
    expect(page.locator("#sidebar")).to_be_hidden()
    expect(chat.composer).not_to_be_focused()
    chat.row(root).locator(".summary").tap()
    expect(page.get_by_role("heading", name="Thread")).to_be_visible()
    page.go_back()
    arrived(chat, room)
    page.get_by_role("link", name="All conversations").tap()
    expect(page.locator("#sidebar")).to_be_visible()
    assert loads.addresses == []
