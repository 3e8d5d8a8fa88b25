"""Three server processes behind nginx, as in `deploy/`: streams, sending, and processes that end."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing
from email.message import Message
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import reverse

from messaging.models import Attachment, Conversation, User
from messaging.models.rooms.members import add, leave
from tests import nginx, servers
from tests.factories import UserFactory
from tests.live import other_process
from tests.live.conftest import Listen, cookie_of
from tests.live.stream_client import StreamClient
from tests.live.test_opening import policy_of
from tests.security.test_content_policy import POLICY
from tests.waiting import until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.backends, pytest.mark.postgresql]

PROCESSES = 3
TOKEN = "n" * 32


class Deployment:
    """The address of nginx, and for each server process an ExitStack that ends it."""

    def __init__(self, address: str, processes: list[ExitStack]) -> None:
        self.address = address
        self.processes = processes


@pytest.fixture
def deployment(transactional_db: None, tmp_path: Path) -> Iterator[Deployment]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with ExitStack() as stack:
        variables = stack.enter_context(other_process.environment(stack.enter_context(servers.redis())))
        variables["DJANGO_SETTINGS_MODULE"] = "tests.served.settings"
        variables["PARLEY_X_ACCEL"] = "/stored/"
        (Path(variables["PARLEY_VAR"]) / "static").mkdir()
        (tmp_path / "media").symlink_to(Path(variables["PARLEY_VAR"]) / "media")
        processes = [stack.enter_context(ExitStack()) for _ in range(PROCESSES)]
        addresses = [process.enter_context(other_process.server_process(variables)) for process in processes]
        ports = [int(address.rpartition(":")[2]) for address in addresses]
        stack.enter_context(nginx.in_front_of(ports, port, tmp_path))
        yield Deployment(f"http://127.0.0.1:{port}", processes)


def send(deployment: Deployment, user: User, room: Conversation, text: str) -> None:
    """Send a message as the composer's form does."""
    body = f"content={text.replace(' ', '+')}&csrfmiddlewaretoken={TOKEN}"
    form = {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(body))}
    cookie = f"{cookie_of(user)}; parley_csrf={TOKEN}"
    stream = StreamClient(
        deployment.address, f"/conversations/{room.pk}/send/", "POST", body, Cookie=cookie, **form
    )
    assert stream.status == 302
    stream.close()


def test_members_get_messages_in_every_process(
    deployment: Deployment, room: Conversation, ada: User, ben: User, listen: Listen
) -> None:
    people = [ada, ben, *UserFactory.create_batch(4)]
    for person in people[2:]:
        add(room, person)
    streams = [listen(person, room, at=deployment.address) for person in people]
    assert [policy_of(stream) for stream in streams] == [POLICY] * len(streams)
    send(deployment, ada, room, "to every process")
    for stream in streams:
        stream.wait_for_text("to every process")
    leave(room, ben)
    send(deployment, ada, room, "canary")
    for stream in (streams[0], *streams[2:]):
        stream.wait_for_text("canary")
    assert streams[1].to_the_end()[-1].name == "removed"
    assert b"canary" not in streams[1].raw


def test_nginx_sends_files_to_those_who_can_read_them(
    deployment: Deployment, room: Conversation, ada: User, ben: User
) -> None:
    data = b"<script>" + b"x" * 3_000_000
    fields = {"csrfmiddlewaretoken": TOKEN, "content": "", "files": SimpleUploadedFile("page.html", data)}
    body = encode_multipart(BOUNDARY, fields)
    cookie = f"{cookie_of(ada)}; parley_csrf={TOKEN}"
    headers = {"Cookie": cookie, "Content-Type": MULTIPART_CONTENT}
    address = urlsplit(deployment.address)
    with closing(HTTPConnection(address.hostname or "", address.port)) as connection:

        def ask(
            method: str, path: str, body: bytes | None, headers: dict[str, str]
        ) -> tuple[int, Message, bytes]:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()

        assert ask("POST", f"/conversations/{room.pk}/send/", body, headers)[0] == 302
        file = Attachment.objects.get()
        path, as_ben = reverse("file", args=[file.pk]), {"Cookie": cookie_of(ben)}
        status, found, received = ask("GET", path, None, as_ben)
        assert (status, received) == (200, data)
        assert found["Content-Type"] == "text/plain"
        assert found["Content-Disposition"] == 'attachment; filename="page.html"'
        assert (found["X-Content-Type-Options"], found["Cache-Control"]) == ("nosniff", "private, no-cache")
        assert found["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
        assert found["Cross-Origin-Resource-Policy"] == "same-origin"
        status, _, received = ask("GET", path, None, as_ben | {"Range": "bytes=1-6"})
        assert (status, received) == (206, b"script")
        assert ask("GET", path, None, as_ben | {"If-None-Match": found["ETag"]})[0] == 304
        for guessed in (path, f"/stored/{file.stored_as}"):
            assert ask("GET", guessed, None, {})[0] in (302, 404)
        leave(room, ben)
        assert ask("GET", path, None, as_ben | {"If-None-Match": found["ETag"]})[0] == 404


def test_when_processes_end_readers_reconnect_and_miss_nothing(
    deployment: Deployment, room: Conversation, ada: User, ben: User, listen: Listen
) -> None:
    streams = [listen(ben, room, at=deployment.address) for _ in range(PROCESSES)]
    send(deployment, ada, room, "before")
    for stream in streams:
        stream.wait_for_text("before")
    for process in deployment.processes[:2]:
        process.close()

    def ended() -> list[StreamClient]:
        for stream in streams:
            stream.read_available()
        return [stream for stream in streams if stream.is_over]

    until(lambda: len(ended()) >= 2)
    send(deployment, ada, room, "meanwhile")
    assert len(ended()) == 2
    for stream in ended():
        again = listen(ben, room, at=deployment.address, Last_Event_ID=stream.cursor)
        assert ["meanwhile" in swap.data for swap in again.swaps()] == [True]


def test_only_parley_compresses_pages_and_nobody_the_secret_ones_and_streams(
    deployment: Deployment, room: Conversation, ada: User, listen: Listen
) -> None:
    """By default the nginx of the tests compresses what is not compressed, as Debian's does."""
    secret = [reverse(name) for name in ("account_login", "account", "mfa_index", "session_list")]
    pages = ["/", reverse("conversation", args=[room.pk]), reverse("person_list")]
    for browsers, encoding in (("gzip, br", "br"), ("gzip", "gzip")):
        for place in secret + pages:
            answer = StreamClient(deployment.address, place, Cookie=cookie_of(ada), Accept_Encoding=browsers)
            expected = encoding if place in pages else None
            assert (place, answer.headers.get("content-encoding")) == (place, expected)
            answer.close()
        stream = listen(ada, room, at=deployment.address, Accept_Encoding=browsers)
        assert "content-encoding" not in stream.headers
