"""Who may open a stream, and how a request that is none of one is answered."""

from collections.abc import Callable

import pytest
from django.conf import settings

from messaging.models import Conversation, Membership, User
from messaging.models.messages.saving import post
from messaging.models.rooms.members import leave
from tests.live.conftest import Listen, cookie_of
from tests.live.ears import Ear
from tests.security.test_content_policy import POLICY

pytestmark = pytest.mark.django_db(transaction=True)


def policy_of(ear: Ear) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in ear.headers["content-security-policy"].split(";"))
    return {name: value for name, _, value in parts}


def assert_headers(ear: Ear) -> None:
    assert policy_of(ear) == POLICY
    assert ear.headers["x-content-type-options"] == "nosniff"
    assert ear.headers["x-frame-options"] == "DENY"
    assert ear.headers["referrer-policy"] == "same-origin"
    assert ear.headers["cross-origin-opener-policy"] == "same-origin"
    assert ear.headers["cache-control"] == "no-store"


def test_member_can_open_a_stream(room: Conversation, ada: User, listen: Listen) -> None:
    ear = listen(ada, room)
    assert ear.status == 200
    assert ear.headers["content-type"] == "text/event-stream"
    assert ear.headers["x-accel-buffering"] == "no"
    assert_headers(ear)


def test_without_a_conversation_there_are_ones_own_events(ada: User, listen: Listen) -> None:
    ear = listen(ada)
    names = [event.name for event in ear.events if event.name != "presence"]
    assert (ear.status, names) == (200, ["online", "sidebar", "badges"])


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
    ear = listen(None, room, cursor="e.0.0", cookie=cookie)
    assert ear.status == status
    assert b"canary" not in ear.refusal()
    assert_headers(ear)
    assert listen(None, 4711, cookie=cookie).status == status


def test_a_direct_conversation_is_for_its_two(ada: User, ben: User, stranger: User, listen: Listen) -> None:
    direct = Conversation.objects.direct(ada, ben)
    assert [listen(user, direct).status for user in (ada, ben, stranger)] == [200, 200, 404]


@pytest.mark.parametrize("method", ["POST", "HEAD", "PUT", "DELETE", "OPTIONS"])
def test_it_can_only_be_read(method: str, ada: User, server: str) -> None:
    ear = Ear(server, "/live/", method, Cookie=cookie_of(ada))
    assert (ear.status, ear.headers["allow"]) == (405, "GET")
    assert_headers(ear)
    ear.close()


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
def test_a_strange_request_has_an_answer(path: str, status: int, ada: User, server: str) -> None:
    ear = Ear(server, path, Cookie=cookie_of(ada))
    assert ear.status == status
    assert_headers(ear)
    ear.close()


def test_another_host_is_refused(ada: User, server: str) -> None:
    ear = Ear(server.replace("127.0.0.1", "localhost"), Cookie=cookie_of(ada), X="1\r\nHost: evil.example")
    assert ear.status == 400
    ear.close()


def test_other_paths_lead_to_the_pages(ada: User, server: str) -> None:
    ear = Ear(server, "/", Cookie=cookie_of(ada))
    assert (ear.status, ear.headers["content-type"]) == (200, "text/html; charset=utf-8")
    ear.close()


def test_the_sixth_stream_of_a_person_ends_their_first(
    room: Conversation, ada: User, ben: User, listen: Listen
) -> None:
    ears = [listen(ada, room) for _ in range(5)]
    other = listen(ben, room)
    sixth = listen(ada, room)
    assert ears[0].to_the_end()[-1].name == "replaced"
    post(room, ben, "to all that are left")
    for ear in [*ears[1:], other, sixth]:
        assert "to all that are left" in ear.heard("").data


def test_former_members_can_neither_write_nor_read(room: Conversation, ben: User, listen: Listen) -> None:
    Membership.objects.filter(user=ben).delete()
    assert listen(ben, room).status == 404
