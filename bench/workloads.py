"""What `bench.pages` measures: an installation, and the requests of a person in it."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.request import Request, urlopen

from bench.http_requests import PARTIAL, TOKEN, NextRequest, get, send

ROOMS = 27  # in the person's sidebar
REPLIES = 54  # in the longest thread


@dataclass
class Place:
    """Where the requests go.

    Attributes:
        room: the id of the room.
        root: the id of the message with the longest thread.
        middle: the number in the room of a message before which there are 40 others.
        cookies: of a person who is signed in.
    """

    room: int
    root: int
    middle: int
    cookies: dict[str, str]


@dataclass
class Workload:
    """Requests of one kind.

    Attributes:
        name: shown in the table.
        next_request: returns the requests.
        contains: bytes that each response contains.
        status: of each response.
    """

    name: str
    next_request: NextRequest
    contains: bytes = b""
    status: int = 200


def prepare(messages: int, members: int, earlier: int = 0) -> Place:
    """Create an installation in the configured database, which is empty.

    Args:
        messages: roots in the room; every third of them has one reply, every third two.
        members: of the room.
        earlier: messages that were written before, in this room and in others (`bench.large`).
    """
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connections
    from django.test import Client

    from bench.large import fill
    from messaging.models import Conversation, User
    from messaging.models.messages.saving import post
    from messaging.models.rooms.members import add

    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    people = [User.objects.create(username=f"person{number}") for number in range(max(members, 2))]
    for number in range(1, ROOMS):
        post(Conversation.objects.create_room(f"room {number}", by=people[0]), people[0], "Welcome")
    room = Conversation.objects.create_room("harbour", by=people[0])
    for person in people[1:]:
        add(room, person)
    if earlier:
        fill(room, people, earlier)
    longest = post(room, people[1], "The longest thread")
    for number in range(REPLIES):
        post(room, people[number % 2], f"Reply **{number}** of `many`", parent=longest)
    for number in range(messages):
        text = f"The **{number}th** thing to be said of `tides`, and https://example.org/{number}"
        root = post(room, people[number % 2], text)
        for person in people[: number % 3]:
            post(room, person, "I see.", parent=root)
    roots = room.messages.filter(parent_message=None, seq__gt=longest.seq).order_by("seq")
    client = Client()
    client.force_login(people[0])
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    cookies = {settings.SESSION_COOKIE_NAME: session, settings.CSRF_COOKIE_NAME: TOKEN}
    place = Place(room.pk, longest.pk, roots[min(40, len(roots) - 1)].seq, cookies)
    connections.close_all()
    return place


def messages_in(room: int) -> int:
    """How many messages the database holds in the room."""
    from django.db import connections

    from messaging.models import Message

    connections.close_all()
    return Message.rows.filter(conversation=room).count()


def uncached(place: Place) -> Iterator[Workload]:
    """What is measured without caches."""
    page = f"/conversations/{place.room}/"
    yield Workload("room page, nothing cached", get(page, place.cookies), b'id="timeline"')
    yield Workload("messages, nothing cached", get(f"{page}messages/", place.cookies, **PARTIAL), b"m-")


def warm(address: str, place: Place) -> Iterator[Workload]:
    """What is measured when all caches are filled, but for sending."""
    page, cookies = f"/conversations/{place.room}/", place.cookies
    part = f"{page}messages/"
    yield Workload("floor: middleware and “ok”", get("/bench/ok/", {}), b"ok")
    yield Workload("room page", get(page, cookies), b'id="timeline"')
    yield Workload("messages", get(part, cookies, **PARTIAL), b"m-")
    yield Workload("older messages", get(f"{part}?before={place.middle}", cookies, **PARTIAL), b"m-")
    etag = _etag(address, part, cookies)
    known = get(part, cookies, **PARTIAL, **{"If-None-Match": etag})
    yield Workload("messages, 304", known, status=304)
    yield Workload("sidebar", get(f"/?current={place.room}", cookies, **PARTIAL), b'id="sidebar"')
    thread = f"/messages/{place.root}/thread/"
    yield Workload(f"thread page, {REPLIES} replies", get(thread, cookies), b"t-")
    yield Workload("sign-in page", get("/account/login/", {}), b'type="password"')


def growing(place: Place) -> Iterator[Workload]:
    """Pages that could cost more in a larger installation, beside those that `warm` yields."""
    cookies = place.cookies
    yield Workload("inbox", get("/inbox/", cookies), b'id="list"')
    yield Workload("threads of the person", get("/inbox/?show=your-threads", cookies), b'id="list"')
    yield Workload("directory of rooms", get("/rooms/", cookies), b'class="room"')
    yield Workload("directory of people", get("/people/", cookies), b'class="page"')


def growing_uncached(place: Place) -> Iterator[Workload]:
    """Lists from deep in the history, without caches."""
    yield from uncached(place)
    part = f"/conversations/{place.room}/messages/"
    for name, before in ("older messages", place.middle), ("a page deep in the history", place.middle // 2):
        older = get(f"{part}?before={before}", place.cookies, **PARTIAL)
        yield Workload(f"{name}, nothing cached", older, b"m-")
    thread = get(f"/messages/{place.root}/thread/", place.cookies)
    yield Workload("thread page, nothing cached", thread, b"t-")


def sending(place: Place) -> Workload:
    """Sending messages, each of which notifies the other members."""
    return Workload("send", send(f"/conversations/{place.room}/send/", place.cookies), b"m-")


def _etag(address: str, path: str, cookies: dict[str, str]) -> str:
    cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
    with urlopen(Request(f"http://{address}{path}", headers={"Cookie": cookie, **PARTIAL})) as answer:
        return str(answer.headers["ETag"])
