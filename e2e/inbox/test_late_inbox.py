"""The inbox: an answer that arrives late takes nothing back."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from e2e.browser_state import answered, stop_clock, until
from e2e.chat import Chat, delayed
from e2e.late.holding import hold
from e2e.late.law import expect_nothing_went_back, streamed, watch
from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post

PARTS = ["/inbox/", "/inbox/?show=threads", "/inbox/?show=your-threads"]
mark_as_read = Message.unread_messages.mark_as_read_for_user
mark_as_unread = Message.unread_messages.mark_as_unread_for_user


@pytest.fixture
def topic(room: Conversation, ada: User, ben: User) -> Message:
    """Ada's message, to which Ben has replied."""
    topic = post(room, ada, "Who has the key?")
    post(room, ben, "I do", topic)
    return topic


@pytest.fixture
def listing(open_page: Callable[..., Page], ada: User, topic: Message) -> Callable[[str], Chat]:
    def listing(path: str) -> Chat:
        page = open_page(ada)
        watch(page)
        chat = Chat(page).listen(path)
        until(page, lambda: streamed(page, "badges"))
        return chat

    return listing


def replied(topic: Message, by: User, text: str) -> Message:
    return post(topic.conversation, by, text, Message.objects.get(pk=topic.pk))


def lines_of(page: Page) -> list[str]:
    lines: list[str] = page.locator("#list :is(.line, .waiting)").all_inner_texts()
    return [" ".join(line.split()) for line in lines]


@pytest.mark.parametrize("path", PARTS)
def test_a_late_list_is_followed_by_the_next(
    listing: Callable[[str], Chat], topic: Message, ben: User, path: str
) -> None:
    chat = listing(path)
    with hold(chat.page, path) as held:
        replied(topic, ben, "Now it is with Cleo")
        held.wait()
        before = streamed(chat.page, "badges")
        replied(topic, ben, "And now it is lost").edit("And now it is found")
        ben.display_name = "Benedict"
        ben.save()
        until(chat.page, lambda: streamed(chat.page, "badges") > before)
    tab = chat.page.context.new_page()
    tab.goto(path)
    assert "Benedict" in " ".join(lines_of(tab))
    until(chat.page, lambda: lines_of(chat.page) == lines_of(tab))
    expect_nothing_went_back(chat.page)


def test_keys_that_are_pressed_before_the_answer_change_no_other_group(
    listing: Callable[[str], Chat], room: Conversation, topic: Message, ben: User
) -> None:
    post(room, ben, "The ferry is late")
    chat = listing("/inbox/")
    page, groups = chat.page, chat.page.locator("#list .waiting")
    expect(groups).to_have_count(2)
    first = page.locator(f"#{groups.first.get_attribute('id')}")
    answered(page)  # with a list that comes the focus would come back
    groups.last.focus()
    with delayed(page, f"/inbox/{room.pk}/done/*") as waiting:
        page.keyboard.press("m")
        until(page, lambda: waiting)
        expect(page.locator("button:focus")).to_have_count(0)  # it is disabled
        page.keyboard.press("m")
        page.keyboard.press("m")
    answered(page)
    expect(groups).to_have_count(1)
    expect(first).to_be_focused()


def test_what_is_unread_again_stays_so_when_the_answer_to_done_comes(
    listing: Callable[[str], Chat], topic: Message, ada: User
) -> None:
    chat = listing("/inbox/")
    group = chat.page.locator(f"#waiting-{topic.conversation_id}-{topic.pk}")
    with hold(chat.page, f"/inbox/{topic.conversation_id}/done/", "POST") as held:
        group.get_by_role("button", name="Done").click()
        held.wait()
        expect(group).to_have_count(0)  # the stream says so
        mark_as_unread(ada, ada.notifications.values_list("message", flat=True))
        expect(group).to_be_visible()
    expect_nothing_went_back(chat.page)
    expect(group).to_be_visible()


def test_what_was_done_stays_so_when_a_list_of_before_comes(
    listing: Callable[[str], Chat], room: Conversation, topic: Message, ben: User
) -> None:
    post(room, ben, "The ferry is late")
    chat = listing("/inbox/")
    group = chat.page.locator(f"#waiting-{topic.conversation_id}-{topic.pk}")
    with hold(chat.page, "/inbox/") as held:
        post(room, ben, "It is here now")
        held.wait()
        group.get_by_role("button", name="Done").click()
        expect(group).to_have_count(0)
    expect_nothing_went_back(chat.page)
    expect(chat.page.locator("#list").get_by_text("It is here now")).to_be_visible()
    expect(group).to_have_count(0)


def test_a_list_that_could_not_be_loaded_several_times_is_asked_for_once(
    open_page: Callable[..., Page], ada: User, topic: Message
) -> None:
    page, failed, asked = open_page(ada), list[Route](), list[str]()
    page.clock.install()
    Chat(page).listen("/inbox/")
    stop_clock(page)
    answered(page)

    def fail(route: Route) -> None:
        route.abort()
        failed.append(route)

    page.route("**/inbox/", fail, times=3)
    for _ in range(3):
        failed.clear()
        page.evaluate("htmx.trigger(document.body, 'list-changed')")
        until(page, lambda: failed)
        answered(page)
        page.clock.run_for(1000)
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate("tries = 0; document.body.addEventListener('list-failed', () => tries++)")
    for _ in range(10):
        page.clock.run_for(1000)
        answered(page)
    assert page.evaluate("tries") == 1  # a change may be another reason to ask
    assert [address for address in asked if address.endswith("/inbox/")]


def test_a_group_that_was_opened_stays_open_when_a_list_from_before_comes(
    open_page: Callable[..., Page], ada: User, ben: User
) -> None:
    for number in range(6):
        Message.objects.create(sender=ben, receiver=ada, content=f"Wave {number}")
    page = Chat(open_page(ada)).listen("/inbox/").page
    rows = page.locator("#list .row")
    expect(rows).to_have_count(3)
    answered(page)
    with hold(page, "/inbox/") as held:
        page.evaluate("htmx.trigger(document.body, 'list-changed')")
        held.wait()
        page.get_by_role("link", name="Show all 6").click()
        expect(rows).to_have_count(6)
    answered(page)
    expect(rows).to_have_count(6)
    assert "open=" in page.url
