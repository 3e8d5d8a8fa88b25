"""The parts of the inbox follow what happens elsewhere: they show what a fresh load shows."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, Route, expect

from e2e.browser_state import answered, hide, show, until
from e2e.chat import Chat
from messaging.models import Conversation, Message, Notification, User
from messaging.models.inbox.blocking import block
from messaging.models.messages.saving import post
from messaging.models.rooms.members import leave
from messaging.models.rooms.settings import rename

PARTS = ["", "?show=for-me", "?show=threads", "?show=your-threads"]
SHOWN = """() => ["#list", "#all-read"].map((selector) => {
  const copy = document.querySelector(selector)?.cloneNode(true);
  for (const token of copy?.querySelectorAll("[name=csrfmiddlewaretoken]") ?? []) token.remove();
  return copy?.outerHTML.replace(/ (data-htmx-powered="true"|tabindex="-?[01]")/g, "").replace(/\\s+/g, " ");
})"""
read = Message.unread_messages.mark_as_read_for_user
unread = Message.unread_messages.mark_as_unread_for_user


def expect_fresh(page: Page) -> None:
    """The list becomes what the same person sees in a new tab."""
    other = page.context.new_page()
    other.route("**/live/*", lambda route: route.abort())
    other.goto(page.url)
    fresh = other.evaluate(SHOWN)
    other.close()
    until(page, lambda: page.evaluate(SHOWN) == fresh, "The list is not as a new tab shows it.")


@pytest.fixture
def root(room: Conversation, ada: User, ben: User) -> Message:
    """A thread of Ada's with an unread reply; in the room and elsewhere there are unread messages too."""
    root = post(room, ada, "Who comes?")
    post(room, ben, "I do", parent=root)
    post(room, ben, "The ferry is late")
    Message.objects.create(sender=ben, receiver=ada, content="Tea?")
    return root


@pytest.mark.parametrize("part", PARTS)
def test_a_list_follows_what_is_read_and_written_elsewhere(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, root: Message, part: str
) -> None:
    page = Chat(open_page(ada)).listen(f"/inbox/{part}").page
    answer = Message.objects.get(content="I do")
    expect_fresh(page)
    expect(page.locator("#list :is(.prose, .line-excerpt)", has_text="I do")).to_be_visible()
    elsewhere = Chat(page.context.new_page()).open(room)
    elsewhere.row(root).locator(".summary").click()
    until(page, lambda: not Notification.objects.filter(message=answer, read_at=None, user=ada).exists())
    expect_fresh(page)
    elsewhere.page.close()
    steps: list[Callable[[], object]] = [
        lambda: read(ada),
        lambda: unread(ada, [answer.pk]),
        lambda: post(room, ben, "For @ada", parent=root),
        lambda: answer.edit("I do, with Sol", by=ben),
        lambda: (read(ada, [answer.pk]), post(room, ben, "As many as before", parent=root)),
        lambda: answer.remove(by=ben),
        lambda: rename_person(ben, "Benedict"),
        lambda: rename(room, "harbour wall", room.topic, by=ada),
        lambda: block(ada, ben),
        lambda: leave(room, ada),
    ]
    for step in steps:
        step()
        expect_fresh(page)


def rename_person(person: User, name: str) -> None:
    person.display_name = name
    person.save()


def test_a_list_follows_when_more_is_unread_than_its_number_tells(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation
) -> None:
    messages = [post(room, ben, f"Wave {number}, @ada") for number in range(110)]
    page = Chat(open_page(ada)).listen("/inbox/").page
    expect(page.locator("#badge-inbox")).to_have_text("99+ unread")
    read(ada, [message.pk for message in messages[:5]])
    expect(page.locator("#list .prose").first).to_contain_text("Wave 5,")
    read(ada, [message.pk for message in messages[-2:]])
    expect_fresh(page)
    expect(page.locator("#badge-inbox")).to_have_text("99+ unread")


def test_marking_everything_as_read_in_one_tab_empties_the_others(
    open_page: Callable[..., Page], ada: User, root: Message
) -> None:
    context = open_page(ada).context
    tabs = [Chat(context.new_page()).listen(f"/inbox/{part}").page for part in PARTS[:3]]
    tabs[0].get_by_role("button", name="Mark all as read").click()
    expect(tabs[0].get_by_text("You are all caught up")).to_be_visible()
    for page in tabs:
        expect(page.locator("#list .waiting")).to_have_count(0)
        expect(page.get_by_role("button", name="Mark all as read")).to_have_count(0)
        expect_fresh(page)
    tabs[0].get_by_role("button", name="Undo").click()
    for page in tabs:
        expect(page.locator("#list :is(.prose, .line-excerpt)", has_text="I do")).to_be_visible()
        expect_fresh(page)


def test_mark_all_as_read_marks_what_the_list_shows_now(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation
) -> None:
    post(room, ben, "one")
    page = Chat(open_page(ada)).listen("/inbox/").page
    post(room, ben, "two")
    expect(page.locator("#list").get_by_text("two")).to_be_visible()
    # An answer from before may show it, and not know yet that it is to be marked.
    newest = str(Notification.objects.latest("pk").pk)
    expect(page.locator("#all-read [name=until]")).to_have_value(newest)
    page.get_by_role("button", name="Mark all as read").click()
    expect(page.get_by_text("You are all caught up")).to_be_visible()
    assert not Message.unread_messages.for_user(ada).exists()


def test_a_group_that_was_opened_follows_too(open_page: Callable[..., Page], ada: User, ben: User) -> None:
    messages = [Message.objects.create(sender=ben, receiver=ada, content=f"Wave {n}") for n in range(6)]
    page = Chat(open_page(ada)).listen("/inbox/").page
    rows = page.locator("#list .row")
    expect(rows).to_have_count(3)
    page.get_by_role("link", name="Show all 6").click()
    expect(rows).to_have_count(6)
    read(ada, [messages[0].pk])
    expect(rows).to_have_count(5)
    messages[1].remove(by=ben)
    expect(rows).to_have_count(4)
    expect_fresh(page)


def test_the_focus_stays_in_its_group_while_the_list_changes(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, root: Message
) -> None:
    page = Chat(open_page(ada)).listen("/inbox/").page
    group = page.locator(f"#waiting-{room.pk}-{root.pk}")
    button = group.get_by_role("button", name="Done")
    button.focus()
    post(room, ben, "And Sol", parent=root)
    expect(group.get_by_text("And Sol")).to_be_visible()
    # A list that was being read when the reply came may show it, and yet mark only what was there before.
    newest = Notification.objects.filter(user=ada).latest("pk")
    expect(group.locator("[name=until]").first).to_have_value(str(newest.pk))
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    expect(group).to_have_count(0)
    expect(page.locator(f"#waiting-{room.pk}")).to_be_focused()  # the next one


def test_a_list_catches_up_after_an_interruption_and_a_failed_request(
    open_page: Callable[..., Page], ada: User, ben: User, root: Message, faults: list[str]
) -> None:
    page = Chat(open_page(ada)).listen("/inbox/").page
    hide(page)
    read(ada)
    show(page)
    expect(page.get_by_text("You are all caught up")).to_be_visible()
    failed: list[Route] = []

    def fail_once(route: Route) -> None:
        failed.append(route)
        route.abort()

    page.route("**/inbox/", fail_once, times=1)
    post(root.conversation, ben, "Once more")
    expect(page.locator("#list").get_by_text("Once more")).to_be_visible()
    assert failed
    expect(page.locator(".notice")).to_have_count(0)


def test_the_buttons_of_a_list_are_not_dimmed_while_it_is_asked_for(
    open_page: Callable[..., Page], ada: User, ben: User, root: Message
) -> None:
    read(ada)
    page = Chat(open_page(ada)).listen("/inbox/?show=threads").page
    answered(page)
    waiting: list[Route] = []
    page.route("**/inbox/*", lambda route: waiting.append(route))
    post(root.conversation, ben, "Once more", parent=root)
    until(page, lambda: waiting)
    expect(page.locator("#list.htmx-request")).to_be_visible()
    # Any link: a list that was asked for before may have come meanwhile.
    expect(page.locator("#list").get_by_role("link").first).to_have_css("opacity", "1")
    waiting[0].continue_()
    expect(page.get_by_text("Once more")).to_be_visible()


def test_the_list_and_its_page_are_not_confused_by_the_back_button(
    open_page: Callable[..., Page], ada: User, ben: User, root: Message
) -> None:
    page = Chat(open_page(ada)).listen("/inbox/").page
    post(root.conversation, ben, "Once more")
    expect(page.locator("#list").get_by_text("Once more")).to_be_visible()
    page.goto(reverse("account"))
    page.go_back()
    expect(page.get_by_role("heading", name="Inbox", exact=True)).to_be_visible()
    expect(page.locator("#list").get_by_text("Once more")).to_be_visible()
