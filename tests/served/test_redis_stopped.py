"""Redis stopped, frozen or unreachable: every page works, a little slower; nobody is signed out."""

import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from redis import Redis

from messaging.caching.redis_pool import REST_SECONDS
from messaging.models import Message, User
from tests import servers
from tests.security.matrix import RULES
from tests.served.browser import Answer, SignIn
from tests.served.noted_pool import NOTES
from tests.served.processes import serve_parley
from tests.views.page import Page

TABLE = "parley_cache"
PASSWORD = "three grey seals"
TRIES = 5  # wrong passwords for one person
# If Redis hangs, one page waits this long for a response, or this long for a connection.
WAIT_SECONDS = 0.5
Begin = tuple[str, Callable[[], object]]  # the address of a Redis, and a function that breaks it
Trouble = AbstractContextManager[Begin]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.backends]


@contextmanager
def stopped() -> Iterator[Begin]:
    """A Redis, and a function that kills it: connections are then refused."""
    with servers.redis() as address:
        yield address, lambda: _signal(address, signal.SIGKILL)


@contextmanager
def frozen() -> Iterator[Begin]:
    """A Redis, and a function that freezes it: connections, old and new, then hang."""
    with servers.redis() as address, ExitStack() as thawing:

        def freeze() -> None:
            process = _signal(address, signal.SIGSTOP)
            thawing.callback(os.kill, process, signal.SIGCONT)

        yield address, freeze


@contextmanager
def silent() -> Iterator[Begin]:
    """A port that accepts connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"redis://127.0.0.1:{listening.getsockname()[1]}/0", lambda: None


def _signal(address: str, kind: signal.Signals) -> int:
    with Redis.from_url(address) as client:
        process = int(client.info("server")["process_id"])
    os.kill(process, kind)
    return process


@pytest.fixture(params=[stopped, frozen, silent])
def trouble(request: pytest.FixtureRequest, cache_table: None) -> Trouble:
    return request.param()


@pytest.fixture
def cache_table(transactional_db: None) -> Iterator[None]:
    """With Redis the sign-in limits are kept in a table, which tests without Redis do not have."""
    there = TABLE in connection.introspection.table_names()
    if not there:
        call_command("createcachetable", TABLE)
    yield
    if not there:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE {TABLE}")


@pytest.fixture
def server(
    trouble: Trouble, environment: dict[str, str], sign_in: SignIn, message: Message, ada: User
) -> Iterator[str]:
    """A server that has already used its Redis when the trouble begins."""
    with trouble as (address, begin), serve_parley(**environment | {"REDIS_URL": address}) as server:
        lists = reverse("message_list", args=[message.conversation_id])
        assert sign_in(server, ada).get(lists).status_code == 200
        begin()
        yield server


def pages(message: Message) -> dict[str, tuple[str, int | str]]:
    """The URLs of this conversation and message, and those without an id, with the status for the author."""
    ids = {"conversation": message.conversation_id, "message": message.pk, "person": message.sender_id}
    found = {}
    for name, rule in RULES.items():
        if rule.takes is None:
            found[name] = (reverse(name), rule.get["author"])
        elif rule.takes in ids:
            found[name] = (reverse(name, args=[ids[rule.takes]]), rule.get["author"])
    return found


def test_every_page_works_and_nobody_is_signed_out(
    server: str, sign_in: SignIn, message: Message, ada: User, environment: dict[str, str]
) -> None:
    message.edit("Land ho, @ben\n\n- [ ] row there")
    browser = sign_in(server, ada)
    notes = Path(environment["PARLEY_VAR"]) / NOTES
    notes.unlink(missing_ok=True)
    begun = time.monotonic()
    for name, (path, expected) in pages(message).items():
        assert (name, browser.get(path).status_code) == (name, expected)
    rests = (time.monotonic() - begun) / REST_SECONDS
    waits = [float(line) for line in notes.read_text().split()] if notes.exists() else []
    assert len(waits) <= 1 + rests
    assert set(waits) <= {WAIT_SECONDS}


def test_new_and_edited_messages_show_at_once(
    server: str, sign_in: SignIn, message: Message, ada: User
) -> None:
    browser = sign_in(server, ada)
    place = reverse("message_list", args=[message.conversation_id])
    assert Page(browser.get_cached(place)).words() == ["Land ho"]
    browser.post(reverse("message_send", args=[message.conversation_id]), content="Ahoy")
    assert Page(browser.get_cached(place)).words() == ["Land ho", "Ahoy"]
    browser.post(reverse("message_edit", args=[message.pk]), content="No land", revision=0)
    assert Page(browser.get_cached(place)).words() == ["No land", "Ahoy"]


def test_an_account_can_be_deleted(
    server: str, sign_in: SignIn, message: Message, ada: User, ben: User
) -> None:
    ada.set_password(PASSWORD)
    ada.save()
    browser, place = sign_in(server, ben), reverse("message_list", args=[message.conversation_id])
    assert Page(browser.get_cached(place)).words() == ["Land ho"]
    hers = sign_in(server)
    hers.post(reverse("account_login"), login="ada", password=PASSWORD)
    assert hers.post(reverse("account_delete"), password=PASSWORD).status_code == 302
    assert not User.objects.filter(username="ada").exists()
    assert Page(browser.get_cached(place)).words() == []


def test_signing_in_works_and_its_limit_is_exact(server: str, sign_in: SignIn, ada: User, ben: User) -> None:
    for person in (ada, ben):
        person.set_password(PASSWORD)
        person.save()
    login_url = reverse("account_login")

    def tries(person: User, password: str) -> Answer:
        return sign_in(server).post(login_url, login=person.username, password=password)

    assert tries(ada, PASSWORD).status_code == 302
    for _ in range(TRIES):
        assert b"are not correct" in tries(ben, "guessed").content
    for password in ("guessed", PASSWORD):
        assert b"Too many failed" in tries(ben, password).content
    assert tries(ada, PASSWORD).status_code == 302
