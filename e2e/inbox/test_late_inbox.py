"""Pages that list what is unread: an answer that arrives late takes nothing back."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from e2e.browser_state import until
from e2e.chat import Chat
from e2e.late.holding import hold
from e2e.late.law import expect_nothing_went_back, streamed, watch
from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post

LISTS = ["/unread/", "/threads/", "/notifications/"]
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
    lines: list[str] = page.locator("#list .line").all_inner_texts()
    return [" ".join(line.split()) for line in lines]


@pytest.mark.parametrize("path", LISTS)
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


def test_what_is_unread_again_stays_so_when_the_answer_to_marking_comes(
    listing: Callable[[str], Chat], topic: Message, ada: User
) -> None:
    chat = listing("/notifications/")
    [notification] = ada.notifications.all()
    with hold(chat.page, f"/notifications/{notification.pk}/", "POST") as held:
        chat.page.locator(f"#mark-{notification.pk}").click()
        held.wait()
        expect(chat.page.locator("#list .new")).to_have_count(0)  # the stream says so
        mark_as_unread(ada, [notification.message_id])
        expect(chat.page.locator("#list .new")).to_be_visible()
    expect_nothing_went_back(chat.page)
    expect(chat.page.locator("#list .new")).to_be_visible()


def test_what_was_marked_stays_read_when_a_list_of_before_comes(
    listing: Callable[[str], Chat], topic: Message, ada: User, ben: User
) -> None:
    chat = listing("/notifications/")
    [notification] = ada.notifications.all()
    row = chat.page.locator(f"#notification-{notification.pk}")
    with hold(chat.page, "/notifications/") as held:
        replied(topic, ben, "Now it is with Cleo")
        held.wait()
        chat.page.locator(f"#mark-{notification.pk}").click()
        expect(row.locator(".new")).to_have_count(0)
    expect_nothing_went_back(chat.page)
    expect(chat.page.locator("#list .noted")).to_have_count(2)
    expect(row.locator(".new")).to_have_count(0)
