"""Places that are left, or shown, before the server has answered."""

from collections.abc import Callable

from playwright.sync_api import Dialog, Page, Route, expect

from e2e.browser_state import answered, until
from e2e.chat import Chat, address_of, delayed
from e2e.late.holding import hold
from e2e.places.places import arrived, connected, go
from messaging.models import Conversation, User
from messaging.models.messages.saving import post


def test_back_twice_while_the_first_is_slow_mixes_no_places(
    open_page: Callable[..., Page], ada: User, room: Conversation, pier: Conversation
) -> None:
    chat = Chat(open_page(ada)).open(room)
    page, held = chat.page, list[Route]()
    connected(page)
    page.get_by_role("link", name="People", exact=True).click()
    expect(chat.title).to_have_text("People")
    go(chat, pier)

    def go_back_slowly() -> None:
        held.clear()
        page.route("**/people/", lambda route: held.append(route), times=1)
        page.evaluate("history.back()")
        until(page, lambda: held)

    go_back_slowly()
    page.evaluate("history.back()")
    arrived(chat, room)
    page.go_forward()
    expect(chat.title).to_have_text("People")
    page.go_forward()
    arrived(chat, pier)
    # Nor does a place that cannot be loaded.
    go_back_slowly()
    page.route(f"**{address_of(room)}", lambda route: route.abort())
    chat.place(room.name).click()
    expect(chat.title).to_have_text("People")


def test_what_is_done_after_its_place_was_left_is_no_draft_and_leads_nowhere(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, pier: Conversation
) -> None:
    post(room, ben, "Who has the key?")
    chat = Chat(open_page(ada)).open(room)
    page, asked = chat.page, list[str]()
    connected(page)
    page.on("request", lambda request: asked.append(request.url))

    def press_send() -> None:
        chat.send_button.click()

    def schedule() -> None:
        page.locator(".writing").get_by_role("button", name="Schedule").click()
        page.get_by_role("button", name="Tomorrow at 9:00").click()

    for text, act, path in (
        ("/msg @ben The key is here", press_send, "/send/"),
        ("+:tada:", press_send, "/react/"),
        ("The tide turns", schedule, "/schedule/"),
    ):
        chat.composer.fill(text)
        with hold(page, path, "POST") as held:
            act()
            held.wait()
            go(chat, pier)
            held.settle()
        until(page, lambda: page.evaluate("!parley.drafts.actions('draft').length"), f"{text} is a draft.")
        go(chat, room)
        expect(chat.composer).to_have_value("")
    [private] = Conversation.objects.exclude(pk__in=[room.pk, pier.pk])
    assert not [address for address in asked if address.endswith(address_of(private))]
    assert ada.scheduled.get().text == "The tide turns"


def test_what_was_typed_after_a_command_in_a_reply_is_a_draft_of_its_own_place(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, pier: Conversation
) -> None:
    question = post(room, ben, "Who has the key?")
    chat = Chat(open_page(ada)).open(room)
    page = chat.page
    connected(page)
    form = chat.form(chat.row(question), "Reply")
    with hold(page, "/reply/", "POST") as held:
        form.submit("/msg @ben The key is here", "Reply")
        held.wait()
        form.text.press("End")
        page.keyboard.type(". Or not.")
        go(chat, pier)
    reply = f"/messages/{question.pk}/reply/"
    stored = f"['draft', 'draft-in'].map(kind => sessionStorage.getItem(`${{kind}} {ada.pk} {reply}`))"
    until(page, lambda: page.evaluate(stored) == [". Or not.", str(room.pk)])
    expect(chat.place(room.name).locator(".row-mark.draft")).to_be_visible()


def test_while_back_is_slow_a_command_leads_nowhere_and_a_change_that_is_kept_keeps_its_place(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, pier: Conversation
) -> None:
    message = post(pier, ada, "The tide turns")
    chat = Chat(open_page(ada)).listen("/people/")
    page, questions = chat.page, list[str]()
    go(chat, pier)

    def stay(dialog: Dialog) -> None:
        questions.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", stay)
    form = chat.form(chat.row(message), "Edit")
    form.text.fill("The tide has turned")
    with delayed(page, "/people/") as waiting:
        page.evaluate("history.back()")
        until(page, lambda: waiting)
        chat.place(room.name).click()
        until(page, lambda: questions)
        arrived(chat, pier)
    expect(form.text).to_have_value("The tide has turned")
    expect(page.locator("#main")).not_to_have_attribute("aria-busy", "true")
    form.text.fill("The tide turns")
    chat.composer.fill("/msg @ben The key is here")
    with delayed(page, "/people/") as waiting:
        with hold(page, "/send/", "POST") as held:
            chat.send_button.click()
            held.wait()
            page.evaluate("history.back()")
            until(page, lambda: waiting)
        until(page, lambda: not page.evaluate("parley.drafts.actions('draft').length"))
    expect(chat.title).to_have_text("People")
    expect(page.locator("#main")).not_to_have_attribute("aria-busy", "true")


def test_what_is_shown_while_back_is_slow_does_not_end_the_way_back(
    open_page: Callable[..., Page], ada: User, ben: User, pier: Conversation
) -> None:
    chat = Chat(open_page(ada)).listen("/people/")
    page = chat.page
    go(chat, pier)
    with delayed(page, "/people/") as waiting:
        page.evaluate("history.back()")
        until(page, lambda: waiting)
        post(pier, ben, "The tide turns")
        expect(chat.row_with("The tide turns")).to_be_visible()
    expect(chat.title).to_have_text("People")
    page.get_by_role("link", name="Search", exact=True).click()
    found = page.locator("#results .line")
    with delayed(page, "/people/") as waiting:
        with hold(page, "/search/[?]q=tide") as held:
            page.get_by_label("Search messages").fill("tide")
            held.wait()
            page.evaluate("history.back()")
            until(page, lambda: waiting)
        expect(found).to_have_count(1)
        assert page.url.endswith("/people/")
    expect(chat.title).to_have_text("People")
    page.go_forward()
    expect(chat.title).to_have_text("Search")
    expect(page.get_by_label("Search messages")).to_have_value("tide")
    expect(found).to_have_count(1)
    until(page, lambda: page.url.endswith("/search/?q=tide"))


def test_what_is_typed_while_back_is_slow_stays_with_its_place(
    open_page: Callable[..., Page], ada: User, room: Conversation, pier: Conversation
) -> None:
    message = post(pier, ada, "The tide turns")
    chat = Chat(open_page(ada)).listen("/people/")
    page, questions = chat.page, list[str]()
    go(chat, pier)

    def stay(dialog: Dialog) -> None:
        questions.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", stay)
    form = chat.form(chat.row(message), "Edit")
    with delayed(page, "/people/") as waiting:
        page.evaluate("history.back()")
        until(page, lambda: waiting)
        form.text.fill("The tide has turned")
        chat.place(room.name).click()
        until(page, lambda: questions)
        arrived(chat, pier)
        expect(page.locator("#main")).not_to_have_attribute("aria-busy", "true")
        expect(form.text).to_have_value("The tide has turned")
    with delayed(page, "/people/") as waiting:
        page.evaluate("history.back()")
        until(page, lambda: waiting)
        form.text.fill("The tide has turned again")
    expect(chat.title).to_have_text("People")
    page.go_forward()
    arrived(chat, pier)
    expect(form.text).to_have_value("The tide has turned again")


def test_back_twice_between_parts_of_one_place_is_not_ended(
    open_page: Callable[..., Page], ada: User, pier: Conversation
) -> None:
    chat = Chat(open_page(ada)).listen("/people/")
    page = chat.page
    page.locator(".skip-link").focus()
    page.keyboard.press("Enter")
    until(page, lambda: page.url.endswith("/people/#main"))
    go(chat, pier)
    with delayed(page, "/people/") as waiting:
        page.evaluate("history.back()")
        until(page, lambda: waiting)
        page.evaluate("history.back()")
        until(page, lambda: page.url.endswith("/people/"))
    expect(chat.title).to_have_text("People")


def test_a_search_that_is_refused_leaves_the_address_of_what_is_shown(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation
) -> None:
    post(room, ben, "high water")
    page = open_page(ada)
    page.goto("/search/?q=high")
    page.route("**/search/?q=low", lambda route: route.fulfill(status=429, body="Too many"))
    with page.expect_response("**/search/?q=low"):
        page.get_by_label("Search messages").fill("low")
    answered(page)
    expect(page.locator("#results .line")).to_have_count(1)
    assert page.url.endswith("/search/?q=high")
