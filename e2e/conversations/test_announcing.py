"""What screen readers are told: who wrote each message, and each new message of others once."""

import re
from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from e2e.chat import Chat, address_of
from messaging.models import Conversation, Message, User
from messaging.models.inbox.blocking import block
from messaging.models.messages.saving import post
from messaging.models.rooms.members import add
from tests.views.growing import write_replies


@pytest.fixture
def root(room: Conversation, ada: User, ben: User) -> Message:
    root = post(room, ada, "Who comes?")
    post(room, ben, "I do", parent=root)
    return root


def open_thread(chat: Chat, root: Message, place: str) -> Locator:
    """Open a thread and its stream: in the panel, or on a page of its own. Returns the announcements."""
    if place == "page":
        chat.listen(reverse("thread", args=[root.pk]))
    else:
        chat.listen(address_of(root.conversation))
        chat.row(root).locator(".summary").click()
    expect(chat.answer(root)).to_be_visible()
    return chat.page.locator("#arrivals p")


@pytest.mark.parametrize("place", ["panel", "page"])
def test_each_new_reply_of_others_in_an_open_thread_is_announced_once(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, root: Message, place: str
) -> None:
    chat = Chat(open_page(ada))
    announced = open_thread(chat, root, place)
    first = post(room, ben, "And Sol", parent=root)
    expect(announced).to_have_text(["Ben Okri: And Sol"])
    post(room, ada, "From my phone", parent=first)
    expect(chat.row_with("From my phone")).to_be_visible()
    chat.reply(chat.answer(first), "And me")
    first.edit("And Sol, perhaps")
    expect(chat.answer(first).locator(".prose")).to_have_text("And Sol, perhaps")
    post(room, ben, "Elsewhere", parent=post(room, ada, "Another thread"))
    ben.display_name = "Benedict"
    ben.save()
    expect(chat.answer(first).locator(".name")).to_have_text("Benedict")
    post(room, ben, "Deep down", parent=first)
    post(room, ben, "That is all", parent=root)
    expect(announced).to_have_text(["Ben Okri: And Sol", "Benedict: Deep down", "Benedict: That is all"])


def test_opening_a_thread_and_loading_its_blocks_announces_nothing(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation
) -> None:
    root = post(room, ada, "root")
    replies = write_replies(root, ben, 210)
    chat = Chat(open_page(ada))
    announced = open_thread(chat, root, "panel")
    chat.panel.get_by_role("link", name="Later replies").click()
    expect(chat.answer(replies[-1])).to_be_attached()
    post(room, ben, "In the first block", parent=replies[0])
    expect(announced).to_have_text(["Ben Okri: In the first block"])
    chat.panel.get_by_role("link", name="Close the thread").click()
    chat.row(root).locator(".summary").click()
    expect(chat.answer(replies[0])).to_be_visible()
    post(room, ben, "Once more", parent=replies[1])
    expect(announced).to_have_text(["Ben Okri: In the first block", "Ben Okri: Once more"])


def test_messages_of_a_blocked_person_are_not_announced(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, root: Message
) -> None:
    cleo = User.objects.create_user("cleo", display_name="Cleo Sand")
    add(room, cleo)
    block(ada, cleo)
    chat = Chat(open_page(ada))
    announced = open_thread(chat, root, "panel")
    for parent in (root, None):
        post(room, cleo, "Hidden", parent=parent)
        post(room, ben, "Shown", parent=parent)
        expect(chat.page.locator(".prose", has_text="Shown").last).to_be_visible()
    expect(announced).to_have_text(["Ben Okri: Shown"] * 2)


def test_messages_are_articles_with_the_name_of_their_author(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, root: Message
) -> None:
    gone = post(room, ben, "Gone")
    post(room, ada, "What was it?", parent=gone)
    gone.remove(by=ben)
    chat = Chat(open_page(ada))
    open_thread(chat, root, "panel")

    def articles(name: str) -> Locator:
        return chat.page.get_by_role("article", name=re.compile(f"^{name}"))

    expect(articles("Ada Lovelace").filter(has_text="Who comes?")).to_have_count(2)
    expect(articles("Ben Okri").filter(has_text="I do")).to_have_count(1)
    expect(articles("Removed")).to_have_count(1)
    post(room, ben, "The ferry is late")
    expect(articles("Ben Okri").filter(has_text="The ferry is late")).to_be_visible()
    ben.display_name = "Benedict"
    ben.save()
    expect(articles("Benedict")).to_have_count(2)
