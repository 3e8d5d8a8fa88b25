"""The inbox as a person uses it: read, answered, done with, and undone; with and without script."""

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from e2e.browser_state import stop_clock
from e2e.chat import Chat
from e2e.inbox.undoing import expect_done, groups, undoable
from e2e.inbox.unread_rows import unread
from messaging.models import Conversation, Later, Message, User
from messaging.models.inbox.later import come_back
from messaging.models.messages.saving import post


@pytest.fixture
def root(room: Conversation, ada: User, ben: User) -> Message:
    """A thread of Ada's with an unread reply; in the room and elsewhere there are unread messages too."""
    root = post(room, ada, "Who comes?")
    post(room, ben, "I do", parent=root)
    post(room, ben, "The ferry is late")
    Message.objects.create(sender=ben, receiver=ada, content="Tea?")
    return root


def test_groups_are_done_one_by_one_and_each_step_can_be_undone(
    open_page: Callable[..., Page], ada: User, root: Message, script: bool
) -> None:
    page = Chat(open_page(ada, script=script)).without_reports().page
    page.goto("/")
    page.locator("#sidebar").get_by_role("link", name="Inbox").click()
    expect(page.locator("#badge-inbox")).to_have_text("2 unread")
    expect(page.locator("#list .prose")).to_have_text(["Tea?", "I do", "The ferry is late"])
    for left in (2, 1, 0):
        before = undoable(page)
        groups(page).first.get_by_role("button", name="Done").click()
        expect_done(page, left, before)
        assert unread(ada) == left
    expect(page.get_by_text("You are all caught up")).to_be_visible()
    expect(page.locator("#badge-inbox")).to_be_hidden()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#list .prose")).to_have_text(["The ferry is late"])
    assert unread(ada) == 1


def test_the_inbox_is_emptied_by_keys(open_page: Callable[..., Page], ada: User, root: Message) -> None:
    page = Chat(open_page(ada)).listen("/inbox/").page
    page.keyboard.press("m")  # the first key chooses the first group
    expect(groups(page).first).to_be_focused()
    assert unread(ada) == 3
    for left in (2, 1):
        before = undoable(page)
        page.keyboard.press("m")
        expect_done(page, left, before)
        expect(groups(page).first).to_be_focused()
    page.keyboard.press("z")
    expect(groups(page)).to_have_count(2)
    assert unread(ada) == 2


def test_a_group_and_a_message_are_answered_in_place(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, root: Message
) -> None:
    chat = Chat(open_page(ada)).listen("/inbox/")
    page = chat.page
    for text in ("Yes, at four", "With cake"):  # the conversation with Ben
        groups(page).first.focus()
        page.keyboard.press("r")
        expect(page.locator(".slot-form textarea")).to_be_focused()
        page.keyboard.type(text)
        page.keyboard.press("Enter")
        expect(groups(page).first.locator(".answers .prose").last).to_have_text(text)
    expect(page.locator(".slot-form")).to_have_count(0)
    page.keyboard.press("m")  # the focus is still in the group
    expect(groups(page)).to_have_count(2)
    thread = page.locator(f"#waiting-{room.pk}-{root.pk}")
    thread.get_by_role("link", name="Answer").click()
    expect(thread.locator(".slot-form textarea")).to_be_focused()
    page.keyboard.type("Good")
    page.keyboard.press("Enter")
    expect(thread.locator(".answers .prose")).to_have_text(["Good"])
    chat.reply_in_inbox(chat.row_with("I do"), "You too, @ben")
    expect(thread.locator(".answers .prose")).to_have_text(["Good", "You too, @ben"])
    chat.reply_in_inbox(chat.row_with("The ferry is late"), "Again")
    expect(page.locator(f"#waiting-{room.pk} .answers .prose")).to_have_text(["Again"])
    answers = dict(Message.objects.filter(sender=ada).values_list("content", "parent_message__content"))
    assert answers == {
        "Who comes?": None,
        "Yes, at four": None,
        "With cake": None,
        "Good": "Who comes?",
        "You too, @ben": "I do",
        "Again": "The ferry is late",
    }
    form = chat.form(chat.row_with("You too, @ben"), "Edit")
    form.submit("You as well, @ben", "Save")
    expect(chat.row_with("You as well, @ben")).to_be_visible()
    post(room, ben, "So do I", parent=root)  # the list is loaded again
    expect(thread.get_by_text("So do I")).to_be_visible()
    expect(thread.locator(".answers .prose")).to_have_text(["Good", "You as well, @ben"])


def test_an_answer_that_fails_stays_in_its_form_and_is_kept_for_its_place(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, root: Message, faults: list[str]
) -> None:
    chat = Chat(open_page(ada)).listen("/inbox/")
    page = chat.page
    page.route(
        "**/send/", lambda route: route.abort() if route.request.method == "POST" else route.continue_()
    )
    group = page.locator(f"#waiting-{room.pk}")
    group.get_by_role("link", name="Answer").click()
    expect(group.locator(".slot-form textarea")).to_be_focused()
    page.keyboard.type("Again?")
    page.keyboard.press("Enter")
    expect(page.locator(".notice")).to_contain_text("cannot be reached")
    expect(group.get_by_label("Message", exact=True)).to_have_value("Again?")
    faults.clear()
    page.unroute("**/send/")
    chat.open(room)  # where it is sent by itself
    expect(chat.row_with("Again?")).to_be_visible()
    assert Message.objects.filter(content="Again?", conversation=room).count() == 1


def test_without_script_answering_leads_to_the_place(
    open_page: Callable[..., Page], ada: User, room: Conversation, root: Message
) -> None:
    chat = Chat(open_page(ada, script=False))
    for key, label in ((f"waiting-{room.pk}-{root.pk}", "Reply"), (f"waiting-{room.pk}", "Send")):
        chat.page.goto("/inbox/")
        chat.page.locator(f"#{key}").get_by_role("link", name="Answer").click()
        chat.page.get_by_label("Message", exact=True).fill("Aye")
        chat.page.get_by_role("button", name=label).click()
        expect(chat.row_with("Aye")).to_be_visible()


@pytest.mark.parametrize("why", ["typing", "switched off"])
def test_single_keys_do_nothing_where_they_must_not(
    open_page: Callable[..., Page], ada: User, root: Message, why: str
) -> None:
    User.objects.filter(pk=ada.pk).update(single_keys=why == "typing")
    page = Chat(open_page(ada)).listen("/inbox/").page
    group = groups(page).first
    if why == "typing":
        form = Chat(page).form(group.locator(".row").first, "Reply")
        form.text.press_sequentially("mzm")
        expect(form.text).to_have_value("mzm")
    else:
        group.focus()
        page.keyboard.press("m")
        page.keyboard.press("z")
    expect(groups(page)).to_have_count(3)
    assert unread(ada) == 3


def test_what_is_put_off_comes_back_at_its_time_in_every_tab(
    open_page: Callable[..., Page], ada: User, root: Message, script: bool
) -> None:
    page = Chat(open_page(ada, script=script)).without_reports().page
    page.goto("/inbox/")
    groups(page).first.get_by_role("link", name="Later").click()
    page.get_by_role("button", name="In an hour").click()
    expect(page.get_by_text("1 message put off.")).to_be_visible()
    expect(groups(page)).to_have_count(2)
    expect(page.locator("#badge-inbox")).to_have_text("1 unread")
    page.get_by_role("navigation", name="Parts of the inbox").get_by_role("link", name="Later").click()
    expect(page.locator("#list .prose")).to_have_text(["Tea?"])
    groups(page).first.get_by_role("link", name="Another time").click()
    page.get_by_role("button", name="Tomorrow").click()
    expect(page.locator("#list .prose")).to_have_text(["Tea?"])
    page.goto("/inbox/")
    later = Later.objects.get()
    Later.objects.update(until=timezone.now())
    come_back.call(later.pk)
    if not script:
        page.reload()
    expect(groups(page)).to_have_count(3)
    expect(page.locator("#badge-inbox")).to_have_text("2 unread")


def test_a_time_of_ones_own_is_refused_where_it_was_entered(
    open_page: Callable[..., Page], ada: User, root: Message, script: bool
) -> None:
    page = Chat(open_page(ada, script=script)).without_reports().page
    page.goto("/inbox/")
    groups(page).first.get_by_role("link", name="Later").click()
    page.get_by_label("At another time").fill("2020-01-01T10:00")
    page.get_by_role("button", name="Put off").click()
    expect(page.get_by_text("This time is in the past")).to_be_visible()
    page.get_by_role("button", name="In an hour").click()
    expect(groups(page)).to_have_count(2)


def test_a_thread_is_followed_and_unfollowed_in_the_inbox_and_in_the_thread(
    open_page: Callable[..., Page], ada: User, ben: User, root: Message, script: bool
) -> None:
    chat = Chat(open_page(ada, script=script)).without_reports()
    page = chat.page
    page.goto("/inbox/")
    button = page.get_by_role("button", name="Follow this thread")
    expect(button).to_have_attribute("aria-pressed", "true")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")
    post(root.conversation, ben, "And Sol", parent=Message.objects.get(pk=root.pk))
    assert unread(ada) == 3
    chat.open_thread(root)
    expect(button).to_have_attribute("aria-pressed", "false")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    post(root.conversation, ben, "And Mina", parent=Message.objects.get(pk=root.pk))
    assert unread(ada) == 4


def test_twelve_unread_threads_are_answered_with_few_keys(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation
) -> None:
    roots = [post(room, ada, f"Question {number}") for number in range(12)]
    for number in range(40):
        post(room, ben, f"Answer {number}", parent=Message.objects.get(pk=roots[number % 12].pk))
    page = open_page(ada)
    page.clock.install()
    Chat(page).listen("/rooms/")
    keys = 0

    def press(*pressed: str) -> None:
        nonlocal keys
        keys += len(pressed)
        for key in pressed:
            page.keyboard.press(key)

    stop_clock(page)  # the two keys count together within a second and a half
    press(*"gi")
    page.clock.resume()
    expect(groups(page)).to_have_count(12)
    press("r")
    for left in reversed(range(12)):
        expect(groups(page).first).to_be_focused()
        press("r")
        expect(page.locator(".slot-form textarea")).to_be_focused()
        page.keyboard.type("Thank you")
        press("Enter")
        expect(page.locator(".answers .prose")).to_have_text(["Thank you"])
        expect(page.locator(".slot-form")).to_have_count(0)
        press("m")
        expect(groups(page)).to_have_count(left)
    assert unread(ada) == 0
    assert Message.objects.filter(sender=ada, parent_message__in=roots).count() == 12
    assert keys <= 40, keys
