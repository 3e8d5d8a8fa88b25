"""The room of the tests: what the page shows, and what answers and events act on."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

from playwright.sync_api import Page, expect

from e2e.chat import Chat, address_of
from e2e.late.law import watch
from messaging.models import Conversation, Membership, Message, User
from messaging.models.messages.saving import post
from messaging.models.rooms.members import add, change_role

numbers = count(1)


@dataclass
class Scene:
    """Ada's page, with a thread of Ben's in the panel. Ben is a moderator.

    Attributes:
        theirs: Ben's message, which he edits.
        spare: a message that can be deleted.
        target: finds the message that the answer is about, and that a moderator removes.
    """

    chat: Chat
    ada: User
    ben: User
    room: Conversation
    other: Conversation
    topic: Message
    theirs: Message
    spare: Message
    target: Callable[[], Message]

    @property
    def page(self) -> Page:
        return self.chat.page

    def text(self, words: str) -> str:
        """A text that stands nowhere yet."""
        return f"{words} {next(numbers)}"

    def own(self, parent: Message | None = None) -> Message:
        """A new message of Ada's, on the page: the one that the answer will be about."""
        message = post(self.room, self.ada, self.text("Mine"), parent and Message.objects.get(pk=parent.pk))
        expect(self.chat.answer(message) if parent else self.chat.row(message)).to_be_visible()
        self.target = lambda: Message.rows.get(pk=message.pk)
        return message

    def set_stage(self) -> None:
        """What every event needs: its messages on the page, the thread open, something unread elsewhere."""
        self.theirs = post(self.room, self.ben, self.text("Theirs"))
        self.spare = post(self.room, self.ben, self.text("Spare"))
        post(self.other, self.ben, self.text("Elsewhere"))
        self.own()
        expect(self.chat.row(self.spare)).to_be_visible()
        expect(self.chat.place(self.other.name).locator(".badge")).to_be_visible()
        thread = self.chat.panel.locator(f".thread[data-thread='{self.topic.pk}']")
        if not thread.count():
            self.chat.row(self.topic).locator(".summary").click()
        expect(thread.locator(".row").first).to_be_visible()


def build(page: Page, ada: User, ben: User, room: Conversation) -> Scene:
    """Set the scene, and open Ada's page."""
    change_role(room, ben, Membership.Role.MODERATOR, by=ada)
    other = Conversation.objects.create_room("lighthouse", by=ada)
    add(other, ben)
    Conversation.objects.direct(ada, ben)
    topic = post(room, ben, "Who has the key?")
    post(room, ada, "Not me", topic)
    chat = Chat(page)
    watch(page)
    chat.listen(address_of(room))
    scene = Scene(chat, ada, ben, room, other, topic, topic, topic, lambda: topic)
    scene.set_stage()
    return scene
