"""People with open streams, against the real server."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from django.conf import settings
from django.test import Client

from messaging.live import hub, people, wakeups
from messaging.live.cursor import Cursor
from messaging.models import Conversation, Installation, User
from tests.factories import RoomFactory, UserFactory
from tests.live import stored_files
from tests.live.serving import rest, served
from tests.live.stream_client import StreamClient

Listen = Callable[..., StreamClient]


# PostgreSQL locks the tables one after the other to truncate them. That can be a deadlock with a thread that
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
    """Opens streams: `listen(ada, room)`. For a refused request see `stream.status`."""
    streams: list[StreamClient] = []

    def listen(
        user: User | None,
        conversation: Conversation | int | None = None,
        cursor: str | None = None,
        at: str | None = None,
        cookie: str | None = None,
        **headers: str,
    ) -> StreamClient:
        query = [f"conversation={getattr(conversation, 'pk', conversation)}"] if conversation else []
        query += [f"cursor={cursor}"] if cursor else []
        if user or cookie:
            headers["Cookie"] = cookie or cookie_of(user)  # type: ignore[arg-type]
        stream = StreamClient(at or server, f"/live/?{'&'.join(query)}", **headers)
        streams.append(stream)
        if stream.status == 200:
            stream.next_event("badges")
        return stream

    yield listen
    for stream in streams:
        stream.close()


def cursor_at(conversation: Conversation) -> str:
    """The cursor that a page of this conversation would contain now."""
    installation = Installation.objects.current()
    version = Conversation.objects.values_list("version", flat=True).get(pk=conversation.pk)
    return str(Cursor(installation.epoch.hex, installation.people_version, version, settings.LANGUAGE_CODE))


@pytest.fixture
def no_stored_files() -> None:
    """Earlier tests of the run have left no files."""
    stored_files.delete_all()


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shortens the pause in which the server collects changes before it counts badges."""
    monkeypatch.setattr(people, "PAUSE_SECONDS", 0.02)


@pytest.fixture(params=["wake-up", "polling"])
def delivery(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Runs the test twice: the process learns of a change by a wake-up, or, if no wake-up arrives, by its
    regular check of the database."""
    if request.param == "polling":
        monkeypatch.setattr(wakeups, "send", lambda wakeup: None)
        monkeypatch.setattr(hub, "TICK_SECONDS", 0.5)
    return str(request.param)
