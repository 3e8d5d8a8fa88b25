"""What is unread falls as it is seen, and only then; in every place that shows it."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from e2e.chat import Chat
from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post

UNFOCUSED = "document.hasFocus = () => false"


def unread(user: User) -> int:
    return Message.unread_messages.count_for_user(user)


def waves(room: Conversation, author: User, count: int) -> list[Message]:
    return [post(room, author, f"Wave {number}") for number in range(count)]


def new_line(chat: Chat) -> str:
    """What stands right below the line."""
    return chat.page.locator(".new-line + .day + .row .prose, .new-line + .row .prose").inner_text()


def test_what_is_seen_is_read_and_the_line_stays(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation
) -> None:
    post(room, ada, "My own")
    post(room, ben, "The ferry is late")
    chat = Chat(open_page(ada)).open(room)
    expect(chat.page).to_have_title("(1) harbour · Parley")
    expect(chat.page).to_have_title("harbour · Parley")
    expect(chat.badge("harbour")).to_be_hidden()
    expect(chat.page.locator("#badge-unread")).to_be_hidden()
    expect(chat.page.get_by_role("button", name="Mark as read")).to_have_count(0)
    assert new_line(chat) == "The ferry is late"
    assert unread(ada) == 0
    chat.page.reload()
    expect(chat.said("The ferry is late")).to_be_visible()
    expect(chat.page.locator(".new-line")).to_have_count(0)


@pytest.mark.parametrize("why", ["plain", "unfocused"])
def test_what_nobody_looks_at_stays_unread(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, why: str
) -> None:
    post(room, ben, "The ferry is late")
    page = open_page(ada, script=why != "plain")
    page.add_init_script(UNFOCUSED)
    chat = Chat(page).open(room)
    expect(chat.said("The ferry is late")).to_be_visible()
    page.wait_for_timeout(2000)
    assert unread(ada) == 1
    expect(chat.badge("harbour")).to_have_text("1 unread")
    page.get_by_role("button", name="Mark as read").click()
    expect(chat.badge("harbour")).to_be_hidden()
    assert unread(ada) == 0


def test_the_page_opens_at_the_line_and_what_is_further_down_waits_until_it_is_seen(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation
) -> None:
    waves(room, ben, 5)
    Message.unread_messages.mark_as_read_for_user(ada)
    new = waves(room, ben, 30)
    chat = Chat(open_page(ada)).open(room)
    expect(chat.row(new[0])).to_be_in_viewport()
    expect(chat.row(new[-1])).not_to_be_in_viewport()
    expect(chat.badge("harbour")).not_to_have_text("30 unread")
    assert 0 < unread(ada) < 30
    chat.row(new[-1]).scroll_into_view_if_needed()
    for message in new:
        chat.row(message).scroll_into_view_if_needed()
        chat.page.wait_for_timeout(60)
    chat.page.wait_for_timeout(1600)
    chat.page.goto("/")  # what was not told yet is told on leaving
    expect(chat.page.get_by_role("heading", name="Choose")).to_be_visible()
    assert not Message.unread_messages.for_user(ada).filter(pk=new[-1].pk)


def test_a_report_that_fails_is_sent_again_without_a_word(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation
) -> None:
    post(room, ben, "The ferry is late")
    page = open_page(ada)
    page.clock.install()
    failed: list[str] = []

    def refuse(route: Route) -> None:
        failed.append("once")
        route.abort()

    page.route("**/seen/", refuse)
    chat = Chat(page).open(room)
    expect(chat.said("The ferry is late")).to_be_visible()
    page.clock.run_for(2000)
    page.wait_for_timeout(300)
    page.clock.run_for(2000)
    assert failed == ["once"]
    page.unroute("**/seen/")
    page.clock.run_for(20_000)
    expect(chat.badge("harbour")).to_be_hidden()
    expect(page.locator(".notice")).to_have_count(0)


def test_badges_and_title_of_a_second_person_rise_and_fall_and_ones_own_words_never_count(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, script: bool
) -> None:
    hers = Chat(open_page(ada, script=script)).open(room)
    his = Chat(open_page(ben, script=script))
    his.page.goto("/")
    hers.send("Is the light on?")
    expect(hers.said("Is the light on?")).to_be_visible()
    his.page.reload()
    expect(his.badge("harbour")).to_have_text("1 unread")
    expect(his.page).to_have_title("(1) Parley")
    his.place("harbour").click()
    expect(his.said("Is the light on?")).to_be_visible()
    if not script:
        his.page.get_by_role("button", name="Mark as read").click()
    expect(his.page).to_have_title("harbour · Parley")
    expect(his.badge("harbour")).to_be_hidden()
    hers.page.reload()
    expect(hers.page).to_have_title("harbour · Parley")
    expect(hers.badge("harbour")).to_be_hidden()


def test_the_first_unread_is_a_click_away_and_so_is_the_newest(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, script: bool
) -> None:
    waves(room, ben, 5)
    Message.unread_messages.mark_as_read_for_user(ada)
    new = waves(room, ben, 60)
    chat = Chat(open_page(ada, script=script)).without_telling().open(room)
    expect(chat.page.get_by_role("link", name="Newest")).to_have_count(0)
    chat.page.get_by_role("link", name="60 new messages").click()
    expect(chat.page).to_have_url(re.compile(rf"around={new[0].seq}#m-{new[0].pk}$"))
    expect(chat.row(new[0])).to_be_in_viewport()
    if script:
        assert new_line(chat) == "Wave 0"
    chat.page.get_by_role("link", name="Newest").click()
    expect(chat.row(new[-1])).to_be_in_viewport()


def test_without_script_a_link_leads_to_the_first_unread_of_the_page(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, script: bool
) -> None:
    message = post(room, ben, "The ferry is late")
    chat = Chat(open_page(ada, script=script)).without_telling().open(room)
    expect(chat.row(message)).to_be_visible()
    link = chat.page.get_by_role("link", name="jump to the first")
    expect(link).to_have_count(0 if script else 1)


def test_unread_from_here_on_until_one_has_been_away(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation
) -> None:
    _, second, _ = (post(room, ben, text) for text in ("one", "two", "three"))
    Message.unread_messages.mark_as_read_for_user(ada)
    chat = Chat(open_page(ada)).open(room)
    chat.menu(chat.row(second)).get_by_role("button", name="Mark as unread from here").click()
    expect(chat.badge("harbour")).to_have_text("2 unread")
    expect(chat.page).to_have_title("(2) harbour · Parley")
    assert new_line(chat) == "two"
    expect(chat.row(second).get_by_title("More")).to_be_focused()
    chat.page.wait_for_timeout(4500)
    assert unread(ada) == 2
    chat.page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(chat.badge("harbour")).to_be_hidden()
    assert unread(ada) == 0


def test_unread_from_here_without_script_leads_to_what_is_unread(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation
) -> None:
    post(room, ben, "one")
    second = post(room, ben, "two")
    Message.unread_messages.mark_as_read_for_user(ada)
    chat = Chat(open_page(ada, script=False)).open(room)
    chat.menu(chat.row(second)).get_by_role("button", name="Mark as unread from here").click()
    expect(chat.title).to_have_text("Unread")
    expect(chat.page.locator(".line-excerpt")).to_have_text(["two"])


def test_a_draft_survives_that_the_message_is_marked_unread(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation
) -> None:
    message = post(room, ben, "one")
    chat = Chat(open_page(ada)).open(room)
    form = chat.form(chat.row(message), "Reply")
    form.text.fill("half a thought")
    chat.menu(chat.row(message)).get_by_role("button", name="Mark as unread from here").click()
    expect(chat.badge("harbour")).to_have_text("1 unread")
    expect(form.text).to_have_value("half a thought")


def test_new_replies_are_marked_in_the_timeline_and_in_the_thread(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation
) -> None:
    root = post(room, ada, "root")
    post(room, ben, "read", parent=root)
    Message.unread_messages.mark_as_read_for_user(ada)
    new = [post(room, ben, text, parent=root) for text in ("new", "newer")]
    chat = Chat(open_page(ada)).open(room)
    expect(chat.row(root).locator(".summary")).to_contain_text("2 new")
    expect(chat.page.locator(".new-line")).to_have_count(0)
    chat.row(root).locator(".summary").click()
    expect(chat.panel.get_by_role("link", name="2 new")).to_be_visible()
    for message in new:
        expect(chat.answer(message).locator(".new")).to_have_text("New")
    expect(chat.panel.locator(".row .new")).to_have_count(2)
    expect(chat.page.locator("#badge-threads")).to_be_hidden()
    expect(chat.row(root).locator(".summary .new")).to_have_count(0)
    expect(chat.answer(new[0]).locator(".new")).to_have_text("New")
    assert unread(ada) == 0


def test_a_threads_page_says_how_much_is_new_and_leads_there(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, script: bool
) -> None:
    root = post(room, ada, "root")
    new = [post(room, ben, f"answer {number}", parent=root) for number in range(40)]
    chat = Chat(open_page(ada, script=script)).without_telling()
    chat.page.goto("/threads/")
    chat.page.locator(".line", has_text="root").click()
    chat.page.get_by_role("link", name="40 new").click()
    expect(chat.answer(new[0])).to_be_in_viewport()


def test_marking_a_reply_unread_concerns_its_thread_alone(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation
) -> None:
    root = post(room, ada, "root")
    first = post(room, ben, "first", parent=root)
    post(room, ben, "second", parent=root)
    post(room, ben, "elsewhere")
    Message.unread_messages.mark_as_read_for_user(ada)
    chat = Chat(open_page(ada)).open(room)
    chat.row(root).locator(".summary").click()
    chat.menu(chat.answer(first)).get_by_role("button", name="Mark as unread from here").click()
    expect(chat.page.locator("#badge-threads")).to_have_text("2 unread")
    expect(chat.panel.get_by_role("link", name="2 new")).to_be_visible()
    expect(chat.row(root).locator(".summary")).to_contain_text("2 new")
    chat.page.wait_for_timeout(4500)
    assert unread(ada) == 2


def test_notifications_lead_to_their_place_and_can_be_read_and_unread(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, script: bool
) -> None:
    root = post(room, ada, "root")
    post(room, ben, "to all")
    answer = post(room, ben, "an answer", parent=root)
    chat = Chat(open_page(ada, script=script)).without_telling()
    chat.page.goto("/notifications/")
    noted = chat.page.locator(".noted")
    expect(noted).to_have_count(1)
    expect(noted).to_contain_text("Ben Okri replied in # harbour")
    noted.get_by_role("button", name="Mark as read").click()
    expect(chat.page.locator("#badge-notifications")).to_be_hidden()
    noted.hover()
    noted.get_by_role("button", name="Mark as unread").click()
    expect(chat.page.locator("#badge-notifications")).to_have_text("1 unread")
    assert unread(ada) == 2
    noted.get_by_role("link").click()
    expect(chat.answer(answer)).to_be_in_viewport()


def test_reading_everything_is_asked_first_when_it_is_much(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, script: bool
) -> None:
    waves(room, ben, 51)
    chat = Chat(open_page(ada, script=script))
    chat.page.goto("/unread/")
    chat.page.get_by_role("link", name="Mark all as read").click()
    expect(chat.page.get_by_text("Mark 51 messages as read?")).to_be_visible()
    chat.page.get_by_role("link", name="Cancel").click()
    assert unread(ada) == 51
    chat.page.get_by_role("link", name="Mark all as read").click()
    chat.page.get_by_role("button", name="Mark as read").click()
    expect(chat.page.get_by_text("You are all caught up")).to_be_visible()
    expect(chat.page).to_have_title("Unread · Parley")
    assert unread(ada) == 0
