from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from e2e.chat import Chat, address_of
from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post


@pytest.fixture
def chat(open_page: Callable[..., Page], ada: User, room: Conversation) -> Chat:
    """Ada's tab, in the room."""
    return Chat(open_page(ada)).open(room)


@pytest.fixture
def question(room: Conversation, ben: User) -> Message:
    """A message of Ben's, for Ada to answer."""
    return post(room, ben, "Who has the key?")


@pytest.fixture
def laptop(open_page: Callable[..., Page], ben: User, room: Conversation) -> Chat:
    """Ben's tab, in the room, with its stream."""
    return Chat(open_page(ben)).listen(address_of(room))


@pytest.fixture
def phone(open_page: Callable[..., Page], ben: User, laptop: Chat) -> Chat:
    """Another device of Ben's, after the laptop."""
    return Chat(open_page(ben, phone=True))
