"""Who may open a stream, and how invalid requests are answered."""

from collections.abc import Callable

import pytest
from django.conf import settings

from messaging.models import Conversation, Membership, User
from messaging.models.messages.saving import post
from messaging.models.rooms.members import leave
from tests.live.conftest import Listen, cookie_of
from tests.live.stream_client import StreamClient
from tests.security.test_content_policy import POLICY

pytestmark = pytest.mark.django_db(transaction=True)


def policy_of(stream: StreamClient) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in stream.headers["content-security-policy"].split(";"))
    return {name: value for name, _, value in parts}


def assert_headers(stream: StreamClient) -> None:
    assert policy_of(stream) == POLICY
    assert stream.headers["x-content-type-options"] == "nosniff"
    assert stream.headers["x-frame-options"] == "DENY"
    assert stream.headers["referrer-policy"] == "same-origin"
    assert stream.headers["cross-origin-opener-policy"] == "same-origin"
    assert stream.headers["cache-control"] == "no-store"


def test_member_can_open_a_stream(room: Conversation, ada: User, listen: Listen) -> None:
    stream = listen(ada, room, Accept_Encoding="gzip, deflate, br")
    assert stream.status == 200
    assert stream.headers["content-type"] == "text/event-stream"
    assert "content-encoding" not in stream.headers
    assert stream.headers["x-accel-buffering"] == "no"
    assert_headers(stream)


def test_a_stream_without_a_conversation_has_only_the_persons_own_events(ada: User, listen: Listen) -> None:
    stream = listen(ada)
    names = [event.name for event in stream.events if event.name != "presence"]
    assert (stream.status, names) == (200, ["online", "sidebar", "badges"])


def leave_room(ben: User, room: Conversation) -> str:
    leave(room, ben)
    return cookie_of(ben)


def deactivate(ben: User) -> str:
    cookie = cookie_of(ben)
    User.objects.filter(pk=ben.pk).update(is_active=False)
    return cookie


NAME = settings.SESSION_COOKIE_NAME
PERSONAS: dict[str, Callable[[User, User, Conversation], str | None]] = {
    "nobody": lambda ben, stranger, room: None,
    "somebody with a made-up session": lambda ben, stranger, room: f"{NAME}=abcdefgh12345678abcdefgh",
    "somebody with a strange session": lambda ben, stranger, room: f'{NAME}="\\000\\377"',
    "somebody with an empty session": lambda ben, stranger, room: f"{NAME}=",
    "a stranger": lambda ben, stranger, room: cookie_of(stranger),
    "a former member": lambda ben, stranger, room: leave_room(ben, room),
    "somebody deactivated": lambda ben, stranger, room: deactivate(ben),
}


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("nobody", 401),
        ("somebody with a made-up session", 401),
        ("somebody with a strange session", 401),
        ("somebody with an empty session", 401),
        ("somebody deactivated", 401),
        ("a stranger", 404),
        ("a former member", 404),
    ],
)
def test_others_are_refused_and_learn_nothing(
    who: str, status: int, room: Conversation, ben: User, stranger: User, listen: Listen
) -> None:
    post(room, room.created_by, "canary")  # type: ignore[arg-type]
    cookie = PERSONAS[who](ben, stranger, room)
    stream = listen(None, room, cursor="e.0.0", cookie=cookie)
    assert stream.status == status
    assert b"canary" not in stream.refusal()
    assert_headers(stream)
    assert listen(None, 4711, cookie=cookie).status == status


def test_a_direct_conversation_is_only_for_its_two_people(
    ada: User, ben: User, stranger: User, listen: Listen
) -> None:
    direct = Conversation.objects.direct(ada, ben)
    assert [listen(user, direct).status for user in (ada, ben, stranger)] == [200, 200, 404]


@pytest.mark.parametrize("method", ["POST", "HEAD", "PUT", "DELETE", "OPTIONS"])
def test_only_get_is_allowed(method: str, ada: User, server: str) -> None:
    stream = StreamClient(server, "/live/", method, Cookie=cookie_of(ada))
    assert (stream.status, stream.headers["allow"]) == (405, "GET")
    assert_headers(stream)
    stream.close()


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/live/more/", 404),
        ("/live/%00", 404),
        ("/live/?conversation=x", 404),
        ("/live/?conversation=", 404),
        ("/live/?conversation=-1", 404),
        ("/live/?conversation=0", 404),
        ("/live/?conversation=%C2%B2", 404),
        ("/live/?conversation=" + "9" * 19, 404),
        ("/live/?conversation=" + "9" * 5000, 404),
        ("/live/?conversation=1%00", 404),
        ("/live/?" + "&".join(f"f{number}=1" for number in range(2000)), 400),
        ("/live/?cursor=%ff%00", 200),
        ("/live/?cursor=" + "1." * 500, 200),
    ],
)
def test_invalid_requests_get_an_error_or_are_ignored(path: str, status: int, ada: User, server: str) -> None:
    stream = StreamClient(server, path, Cookie=cookie_of(ada))
    assert stream.status == status
    assert_headers(stream)
    stream.close()


def test_another_host_is_refused(ada: User, server: str) -> None:
    stream = StreamClient(
        server.replace("127.0.0.1", "localhost"), Cookie=cookie_of(ada), X="1\r\nHost: evil.example"
    )
    assert stream.status == 400
    stream.close()


def test_other_paths_are_served_by_django(ada: User, server: str) -> None:
    stream = StreamClient(server, "/", Cookie=cookie_of(ada))
    assert (stream.status, stream.headers["content-type"]) == (200, "text/html; charset=utf-8")
    stream.close()


def test_the_sixth_stream_of_a_person_ends_their_first(
    room: Conversation, ada: User, ben: User, listen: Listen
) -> None:
    streams = [listen(ada, room) for _ in range(5)]
    other = listen(ben, room)
    sixth = listen(ada, room)
    assert streams[0].to_the_end()[-1].name == "replaced"
    post(room, ben, "to all that are left")
    for stream in [*streams[1:], other, sixth]:
        assert "to all that are left" in stream.next_event("").data


def test_a_deleted_membership_refuses_the_stream(room: Conversation, ben: User, listen: Listen) -> None:
    Membership.objects.filter(user=ben).delete()
    assert listen(ben, room).status == 404
