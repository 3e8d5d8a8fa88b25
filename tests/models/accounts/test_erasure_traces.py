"""The deletion of a person: nothing of theirs is left in the database, the caches or the sessions."""

import random
from collections.abc import Callable

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import UpdateError
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from messaging.auth.session_store import HALF_WAY_KEY, SessionStore
from messaging.models import Conversation, Message, Session, User
from messaging.models.db.refusals import Gone
from messaging.models.messages.saving import post
from tests.factories import UserFactory
from tests.models.traces import cached, traces

# Only what is committed reaches the file, and only then are the caches emptied.
pytestmark = pytest.mark.django_db(transaction=True)


def test_no_word_of_theirs_is_left_in_the_raw_database(zoe: User, ben: User, room: Conversation) -> None:
    post(room, zoe, "xylophone-alone")
    answered = post(room, zoe, "xylophone-answered")
    post(room, ben, "bens-answer", parent=answered)
    answered.edit("xylophone-edited")
    post(room, zoe, "xylophone-removed").remove()
    Message(sender=zoe, receiver=ben, content="xylophone-sent").save()
    Message(sender=ben, receiver=zoe, content="xylophone-received").save()
    post(Conversation.objects.create_group(zoe, [ben]), zoe, "xylophone-group " * 600)
    Conversation.objects.create_room("room-of-zoe", by=zoe, topic="a-topic-stays")
    client = Client()
    client.force_login(zoe)
    theirs = ["xylophone", "zoe-planted", "Planted", "zoe@planted.test"]
    others = ["bens-answer", "a-topic-stays"]
    assert all(traces(word) for word in theirs + others)
    zoe.delete()
    assert {word: traces(word) for word in theirs} == dict.fromkeys(theirs, 0)
    assert all(traces(word) for word in others)


@pytest.mark.parametrize("seed", [3, 5, 7])
def test_no_word_is_left_in_pages_that_sqlite_has_moved(
    zoe: User, ben: User, room: Conversation, seed: int
) -> None:
    """With these seeds SQLite's file keeps copies even with `secure_delete`, unless it is vacuumed."""
    chance = random.Random(seed)
    words = {zoe: "xylophone ", ben: "other "}
    Message.rows.bulk_create(
        Message(
            conversation=room,
            sender=(sender := (zoe, ben)[number % 2]),
            content=words[sender] * chance.choice([1, 3, 10, 30, 100]),
            content_html="",
            seq=number,
            version=number,
        )
        for number in range(100, 500)
    )
    messages = list(Message.rows.select_related("sender"))
    for message in chance.choices(messages, k=400):
        assert message.sender is not None
        longer = words[message.sender] * chance.choice([1, 3, 10, 30, 100, 300])
        Message.rows.filter(pk=message.pk).update(content=longer)
    assert traces("xylophone")
    zoe.delete()
    assert traces("xylophone") == 0
    assert traces("other")


def test_sqlite_file_is_rewritten_once_for_several_people(zoe: User, ada: User) -> None:
    with CaptureQueriesContext(connection) as queries:
        User.objects.filter(pk__in=[zoe.pk, ada.pk]).delete()
    rewrites = [query["sql"] for query in queries].count("VACUUM")
    assert rewrites == (1 if connection.vendor == "sqlite" else 0)


def on_the_page(admin: Client, user: User) -> None:
    assert (
        admin.post(reverse("admin:messaging_user_delete", args=[user.pk]), {"post": "yes"}).status_code == 302
    )


def by_the_action(admin: Client, user: User) -> None:
    chosen = {"action": "delete_selected", "_selected_action": [user.pk], "post": "yes"}
    assert admin.post(reverse("admin:messaging_user_changelist"), chosen).status_code == 302


@pytest.mark.parametrize("delete", [on_the_page, by_the_action])
def test_the_administrators_log_forgets_the_name(
    zoe: User, room: Conversation, delete: Callable[[Client, User], None]
) -> None:
    admin, pk = Client(), zoe.pk
    admin.force_login(UserFactory.create(username="keeper", is_staff=True, is_superuser=True))
    post(room, zoe, "xylophone")
    delete(admin, zoe)
    assert LogEntry.objects.get().object_repr == f"person {pk}"
    assert (traces("xylophone"), traces("zoe-planted")) == (0, 0)


@pytest.mark.parametrize("of_whom", [SESSION_KEY, HALF_WAY_KEY])
def test_saving_their_old_instances_or_sessions_does_not_restore_them(zoe: User, of_whom: str) -> None:
    open_elsewhere, session = User.objects.get(pk=zoe.pk), SessionStore()
    session[of_whom] = str(zoe.pk)
    session.create()
    zoe.delete()
    with pytest.raises(Gone):
        open_elsewhere.save()
    with pytest.raises(Gone):
        open_elsewhere.save(update_fields=["last_login"])
    for verb in (session.save, session.cycle_key):
        with pytest.raises(UpdateError):
            verb()
    assert (traces("zoe-planted"), Session.objects.count()) == (0, 0)


def test_deleting_a_person_ends_their_sessions(zoe: User, ben: User) -> None:
    clients = [Client(), Client()]
    for client, user in zip(clients, (zoe, ben), strict=True):
        client.force_login(user)
    zoe.delete()
    theirs, bens = (client.get(reverse("conversation_list")).status_code for client in clients)
    assert (theirs, bens) == (302, 200)
    assert Session.objects.get().user == ben


def test_only_the_caches_of_pages_and_fragments_are_emptied(zoe: User) -> None:
    for alias in ("pages", "fragments", "default"):
        caches[alias].set("key", "xylophone")
    foreign = getattr(caches["pages"], "client", None)
    if foreign:
        foreign.get_client().set("another program's", "value")
    zoe.delete()
    assert cached("key") == [None, None]
    assert caches["default"].get("key") == "xylophone"
    if foreign:
        assert foreign.get_client().get("another program's") == b"value"
