"""In each language: what members share has the same bytes for all who read it, and nobody is answered in
another language, no matter who asked before."""

import re
from collections.abc import Iterator
from typing import Final

import pytest
from django.test import Client

from messaging.models import User
from messaging.models.messages.pinning import pin
from messaging.models.messages.reacting import react
from tests.security.matrix import RULES
from tests.security.readers import (
    LANGUAGES,
    Readers,
    are_balanced,
    forget_everything,
    orders,
    plain,
    readers_of,
)
from tests.security.test_authorisation import IN_A_CONVERSATION, addresses
from tests.security.world import World
from tests.views.cached import cached_lists
from tests.views.page import FRAGMENT
from tests.visible_texts import SHOWN_ATTRIBUTES

pytestmark = pytest.mark.django_db
# PICTURES, WITHOUT_WORDS and SHARED are equal for two members of the same room, except for the CSRF tokens.
# Everything else shows the reader: their name, what they have read, how they want things.
PICTURES: Final = {"file", "file_thumbnail", "preview_picture"}
WITHOUT_WORDS: Final = {  # or none for these readers, who have no drafts and the like
    *("conversation_unread_threads", "conversation_scheduled", "conversation_draft", "message_draft"),
}
SHARED: Final = {
    *("message_list", "thread_list", "conversation_title", "conversation_commands", "message_commands"),
    *("message_history", "message_menu", "message_reply", "message_reactions"),
    *("message_forward", "poll_new", "poll_reply", "message_poll"),
}
# What is put together from parts that are kept.
KEPT: Final = {*cached_lists(), "conversation_title", "message_menu", "message_reply", "message_history"}
MIXED: Final = {"conversation", "thread", "conversation_list", "inbox"}  # with parts of the reader's own
# All that people read or hear. Scripts and stylesheets show what the last two hold.
TEXT: Final = re.compile(rf' ({"|".join((*SHOWN_ATTRIBUTES, "data-mine", "data-more"))})="[^"]*"|(?<=>)[^<]+')


@pytest.fixture
def readers(world: World) -> Readers:
    """Two members for each language; the message has all that a message can have."""
    place, member = world.places[0], world.people["member"]
    react(place.message, member, "🎉")
    pin(place.message, member)
    return readers_of(place.conversation, world.open_browser)


def fragments() -> Iterator[str]:
    """What each member of a room can load."""
    for name, rule in RULES.items():
        if rule.takes in IN_A_CONVERSATION and rule.htmx.get("GET", rule.get)["member"] == 200:
            yield name


def shown(world: World, name: str, reader: Client, language: str) -> str:
    headers = {**FRAGMENT, "Accept-Language": language}
    answer = reader.get(next(addresses(name, world))[1], headers=headers)
    assert (name, answer.status_code, answer["Content-Language"]) == (name, 200, language)
    return plain(answer)


def test_members_who_read_one_language_get_the_same_bytes(world: World, readers: Readers) -> None:
    alike = {
        name
        for name in fragments()
        if len({shown(world, name, reader, "en") for reader in readers["en"]}) == 1
    }
    assert alike == SHARED | WITHOUT_WORDS | PICTURES
    for language in set(LANGUAGES) - {"en"}:
        for name in sorted(SHARED):
            assert len({shown(world, name, reader, language) for reader in readers[language]}) == 1, name


def test_members_who_read_different_languages_get_the_same_bytes_but_for_the_words(
    world: World, readers: Readers
) -> None:
    """And the words that people wrote are all there, each as often."""
    words = sorted(world.places[0].secrets)
    for name in sorted(SHARED | WITHOUT_WORDS):
        answers = {language: shown(world, name, readers[language][0], language) for language in LANGUAGES}
        differ = 1 if name in WITHOUT_WORDS else len(LANGUAGES)
        assert (name, len(set(answers.values()))) == (name, differ)
        bare = {TEXT.sub("", html).replace(f'.{code}"', '"') for code, html in answers.items()}  # of cursors
        assert (name, len(bare)) == (name, 1)
        counts = {tuple(html.count(word) for word in words) for html in answers.values()}
        assert (name, len(counts)) == (name, 1)


@pytest.mark.backends
def test_nobody_is_answered_in_the_language_of_those_who_asked_before(world: World, readers: Readers) -> None:
    """With empty caches, and after each other language was asked for first, or right before."""
    names = sorted(KEPT | MIXED)
    # What is mixed is asked for by one person, whose browser changes its language.
    User.objects.filter(username="en1").update(language="")
    changing = readers["en"][0]
    rounds = list(orders(LANGUAGES))
    assert are_balanced(rounds)
    alone: dict[tuple[str, str], str] = {}
    for language in LANGUAGES:
        forget_everything()
        for name in names:
            reader = readers[language][0] if name in KEPT else changing
            alone[name, language] = shown(world, name, reader, language)
    for order in rounds:
        forget_everything()
        for name in names:
            for language in order:
                reader = readers[language][1] if name in KEPT else changing
                assert shown(world, name, reader, language) == alone[name, language], (name, order)
