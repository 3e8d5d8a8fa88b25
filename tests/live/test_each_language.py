"""What a stream sends for a change is what a page shows that is loaded after it, in each language."""

import re
from collections.abc import Callable
from dataclasses import fields, replace
from typing import Final

import pytest
from django.conf import settings
from django.core.cache import caches
from django.db import transaction
from django.test import Client

from messaging.live.payload import changes_since
from messaging.live.versions import read_versions
from messaging.models import Conversation, User
from messaging.models.messages.pinning import pin
from messaging.models.messages.reacting import react
from messaging.models.messages.saving import post
from messaging.models.rooms.members import add
from tests.changes import CHANGES, Scene, make_scene
from tests.factories import RoomFactory, UserFactory
from tests.live.conftest import Listen

pytestmark = pytest.mark.backends
LANGUAGES: Final = [code for code, _name in settings.LANGUAGES]
ARTICLE: Final = re.compile(r'<article class="message message-(\d+)[ "].*?</article>', re.DOTALL)
Articles = dict[int, str]  # the last HTML of each message, by its id


def articles_in(html: str) -> Articles:
    return {int(article[1]): article[0] for article in ARTICLE.finditer(html)}


def loaded(room: Conversation, reader: Client, language: str) -> Articles:
    """What a new page shows."""
    answer = reader.get(f"/conversations/{room.pk}/messages/", headers={"Accept-Language": language})
    assert answer["Content-Language"] == language
    return articles_in(answer.content.decode())


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def scene(db: None) -> Scene:
    ada, ben, cleo = (UserFactory.create(username=name) for name in ("ada", "ben", "cleo"))
    User.objects.update(language="")  # each page is asked for in another one
    return make_scene(RoomFactory.create(name="harbour", by=ada, members=[ben]), ada, ben, cleo)


def read_again(scene: Scene) -> Scene:
    """With all objects as they are stored."""
    stored = {field.name: getattr(scene, field.name) for field in fields(scene)}
    return replace(scene, **{name: type(one)._base_manager.get(pk=one.pk) for name, one in stored.items()})


def sent(scene: Scene, change: Callable[[Scene], object]) -> dict[str, Articles]:
    """What a change sends in each language."""
    before = read_versions([scene.room.pk], [])
    since = before.conversations[scene.room.pk]
    change(scene)
    found = {}
    for language in LANGUAGES:
        changes = changes_since(scene.room.pk, since.version, since, before.site, language)
        assert changes.payload is not None
        found[language] = articles_in(re.sub("(?m)^data: ", "", changes.payload.decode()))
    return found


def test_every_change_is_sent_as_a_new_page_shows_it(scene: Scene) -> None:
    reader = signed_in(scene.ben)
    shows = set()
    for name, change in CHANGES.items():
        for alias in ("pages", "fragments"):
            caches[alias].clear()  # each change is taken back, and the next has the same version
        with transaction.atomic():
            articles = sent(read_again(scene), change)
            for language in LANGUAGES if articles["en"] else ():
                page = loaded(scene.room, reader, language)
                assert (name, articles[language].items() - page.items()) == (name, set())
            transaction.set_rollback(True)
        if articles["en"]:
            shows.add(name)
            assert (name, len({str(one) for one in articles.values()})) == (name, len(LANGUAGES))
    assert len(shows) > len(CHANGES) / 2  # of the others the timeline shows nothing, or they reset the page


@pytest.mark.django_db(transaction=True)
def test_members_of_one_room_are_each_sent_their_language(
    room: Conversation, ada: User, listen: Listen
) -> None:
    """Two streams for each language get the same bytes. At the end they show what a new page shows."""
    message = post(room, ada, "Land ho")
    people = {code: [UserFactory.create(language=code) for _ in range(2)] for code in LANGUAGES}
    for pair in people.values():
        for person in pair:
            add(room, person)
    readers = {code: [listen(person, room) for person in pair] for code, pair in people.items()}
    message.edit("Land *ho*, @room")
    react(message, ada, "🎉")
    pin(message, ada)
    post(room, ada, "The answer", parent=message)
    post(room, ada, "- [ ] The last")
    everything = set()
    for language, (first, second) in readers.items():
        for stream in (first, second):
            stream.wait_for_text("The last")
        assert first.swaps() == second.swaps()
        assert str(first.cursor).endswith(f".{language}")
        articles: Articles = {}
        for swap in first.swaps():
            articles |= articles_in(swap.data)
        assert len(articles) == 2
        assert articles == loaded(room, signed_in(people[language][0]), language)
        everything.add(str(articles))
    assert len(everything) == len(LANGUAGES)
