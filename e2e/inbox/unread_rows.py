"""What is unread, in the database and on the page."""

from e2e.chat import Chat
from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post


def unread(user: User) -> int:
    return Message.unread_messages.count_for_user(user)


def waves(room: Conversation, author: User, count: int) -> list[Message]:
    return [post(room, author, f"Wave {number}") for number in range(count)]


def new_line(chat: Chat) -> str:
    """The text of the message directly below the "new" line."""
    return chat.page.locator(".new-line + .day + .row .prose, .new-line + .row .prose").inner_text()
