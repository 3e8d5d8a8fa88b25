"""Helpers: what a reader does, and what is unread for them."""

from django.test import Client
from django.urls import reverse

from messaging.models import Conversation, Message, User
from tests.views.page import FRAGMENT, Page


def url(of: Conversation | Message, name: str) -> str:
    return reverse(name, args=[of.pk])


def see(client: Client, room: Conversation, *messages: Message) -> int:
    ids = " ".join(str(message.pk) for message in messages)
    status: int = client.post(url(room, "conversation_seen"), {"ids": ids}, headers=FRAGMENT).status_code
    return status


def waiting(user: User) -> list[str]:
    return [message.content for message in Message.unread_messages.for_user(user)]


def badge(page: Page, name: str | int) -> str:
    """The number on a badge; nothing when it is hidden."""
    found = next(one for one in page.all("badge") if one.attributes.get("id") == f"badge-{name}")
    return "" if "hidden" in found.attributes else found.text.split()[0]
