"""People with open streams, against the real server."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from django.conf import settings
from django.test import Client

from messaging.live import hub, people, wakeups
from messaging.models import Conversation, Installation, User
from tests.factories import RoomFactory, UserFactory
from tests.live.ears import Ear
from tests.live.serving import rest, served

Listen = Callable[..., Ear]


# PostgreSQL locks the tables one after the other to empty them. That can be a deadlock with a thread that
# reads several of them for a stream, and the server goes on between two tests. So its threads rest meanwhile.
_between_tests = ExitStack()


@pytest.fixture(scope="session")
def session_server(django_db_setup: None) -> Iterator[str]:
    with served() as address:
        yield address
        _between_tests.close()


@pytest.fixture(autouse=True)
def end_rest() -> None:
    _between_tests.close()


@pytest.fixture
def server(transactional_db: None, session_server: str) -> Iterator[str]:
    yield session_server
    _between_tests.enter_context(rest())


@pytest.fixture
def ada(transactional_db: None) -> User:
    return UserFactory.create(username="ada", display_name="Ada Lovelace")


@pytest.fixture
def ben(transactional_db: None) -> User:
    return UserFactory.create(username="ben", display_name="Ben Okri")


@pytest.fixture
def stranger(transactional_db: None) -> User:
    return UserFactory.create(username="stranger")


@pytest.fixture
def room(ada: User, ben: User) -> Conversation:
    """A private room of Ada and Ben."""
    return RoomFactory.create(name="Harbour", by=ada, members=[ben], is_private=True)


def cookie_of(user: User) -> str:
    client = Client()
    client.force_login(user)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


@pytest.fixture
def listen(server: str) -> Iterator[Listen]:
    """Opens streams: `listen(ada, room)`; one that is refused has a status to look at."""
    ears: list[Ear] = []

    def listen(
        user: User | None,
        conversation: Conversation | int | None = None,
        cursor: str | None = None,
        at: str | None = None,
        cookie: str | None = None,
        **headers: str,
    ) -> Ear:
        asked = [f"conversation={getattr(conversation, 'pk', conversation)}"] if conversation else []
        asked += [f"cursor={cursor}"] if cursor else []
        if user or cookie:
            headers["Cookie"] = cookie or cookie_of(user)  # type: ignore[arg-type]
        ear = Ear(at or server, f"/live/?{'&'.join(asked)}", **headers)
        ears.append(ear)
        if ear.status == 200:
            ear.heard("badges")
        return ear

    yield listen
    for ear in ears:
        ear.close()


def cursor_at(conversation: Conversation) -> str:
    """What a page of it is stamped with now."""
    installation = Installation.objects.current()
    version = Conversation.objects.values_list("version", flat=True).get(pk=conversation.pk)
    return f"{installation.epoch.hex}.{installation.people_version}.{version}"


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Badges are counted at once: a test need not wait until there are some together."""
    monkeypatch.setattr(people, "PAUSE_SECONDS", 0.02)


@pytest.fixture(params=["woken_by", "by the tick"])
def told(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """How a process learns that something moved; by the tick, as where no poke gets through."""
    if request.param == "by the tick":
        monkeypatch.setattr(wakeups, "send", lambda poke: None)
        monkeypatch.setattr(hub, "TICK_SECONDS", 0.5)
    return str(request.param)
