"""A person who lost access gets nothing that is sent afterwards, whether a wake-up arrives or not."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client

from messaging.live import hub
from messaging.models import Conversation, Session, User
from messaging.models.messages.saving import post
from messaging.models.rooms.members import add, leave
from tests.live.conftest import Listen
from tests.live.stream_client import StreamClient

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.backends]

Ending = Callable[[User, Conversation], object]


def sign_out(ben: User, room: Conversation) -> None:
    for session in Session.objects.filter(user=ben):  # one by one, as each ends its streams
        session.delete()


def change_password(ben: User, room: Conversation) -> None:
    ben.set_password("another one of ben's")
    ben.save(update_fields=["password"])


def deactivate(ben: User, room: Conversation) -> None:
    ben.is_active = False
    ben.save()


ENDINGS: dict[str, tuple[Ending, set[str]]] = {
    "removed": (lambda ben, room: leave(room, ben), {"removed"}),
    "signed out": (sign_out, {"signed-out"}),
    "with another password": (change_password, {"signed-out"}),
    "deactivated": (deactivate, {"signed-out"}),
    # Their session and their membership end at once: what is looked at first is told.
    "deleted": (lambda ben, room: ben.delete(), {"signed-out", "removed"}),
}


@pytest.mark.parametrize(("end", "last"), ENDINGS.values(), ids=ENDINGS.keys())
def test_a_person_who_lost_access_gets_nothing_more(
    end: Ending, last: set[str], delivery: str, room: Conversation, ada: User, ben: User, listen: Listen
) -> None:
    theirs, hers = listen(ben, room), listen(ada, room)
    post(room, ada, "before")
    theirs.next_event("")
    end(ben, room)
    post(room, ada, "canary")
    assert theirs.to_the_end()[-1].name in last
    assert b"canary" not in theirs.raw
    # If he was deleted, her page gets a reset instead of the message.
    hers.until(lambda: b"canary" in hers.raw or "reset" in [event.name for event in hers.events])


def test_a_former_member_does_not_get_typing_events(
    delivery: str, room: Conversation, ada: User, ben: User, listen: Listen, client: Client
) -> None:
    theirs = listen(ben, room)
    leave(room, ben)
    client.force_login(ada)
    client.post(f"/conversations/{room.pk}/typing/")
    assert theirs.to_the_end()[-1].name == "removed"
    assert "typing" not in [event.name for event in theirs.events]


def test_other_sessions_keep_their_streams(room: Conversation, ada: User, ben: User, listen: Listen) -> None:
    first, second = listen(ben, room), listen(ben, room)
    Session.objects.filter(user=ben).latest("expire_date").delete()
    assert second.to_the_end()[-1].name == "signed-out"
    post(room, ada, "still here")
    assert "still here" in first.next_event("").data


def test_the_browser_that_changed_the_password_reconnects_with_its_new_session(
    delivery: str, ada: User, ben: User, room: Conversation, client: Client, listen: Listen
) -> None:
    ben.set_password("three grey seals")
    ben.save()
    client.force_login(ben)
    streams = [listen(None, room, cookie=session_of(client)), listen(ben, room)]
    new = "seven white swans"
    answer = client.post(
        "/account/password/change/",
        {"oldpassword": "three grey seals", "password1": new, "password2": new},
    )
    assert answer.status_code == 302
    for stream in streams:  # the password change gives the session a new key
        assert stream.to_the_end()[-1].name == "signed-out"
    again = listen(None, room, cookie=session_of(client))
    post(room, ada, "go on")
    assert "go on" in again.next_event("").data


def session_of(client: Client) -> str:
    name = settings.SESSION_COOKIE_NAME
    return f"{name}={client.cookies[name].value}"


def test_signing_out_in_the_browser_ends_its_streams(
    delivery: str, room: Conversation, ben: User, client: Client, listen: Listen
) -> None:
    client.force_login(ben)
    stream = listen(None, room, cookie=session_of(client))
    client.post("/account/logout/")
    assert stream.to_the_end()[-1].name == "signed-out"


def test_change_without_wakeup_is_found_by_the_regular_check(
    room: Conversation, ben: User, listen: Listen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "BEAT_SECONDS", 0.3)
    stream = listen(ben, room)
    stream.next_event("beat")
    User.objects.filter(pk=ben.pk).update(is_active=False)
    assert stream.to_the_end()[-1].name == "signed-out"


def test_readded_member_can_open_the_stream_again(
    room: Conversation, ada: User, ben: User, listen: Listen
) -> None:
    stream = listen(ben, room)
    leave(room, ben)
    stream.to_the_end()
    add(room, ben)
    again = listen(ben, room)
    post(room, ada, "welcome back")
    assert "welcome back" in again.next_event("").data


def test_a_non_member_gets_nothing_of_a_conversation(
    room: Conversation, ada: User, ben: User, stranger: User, listen: Listen
) -> None:
    theirs: StreamClient = listen(stranger)
    hers = listen(ada, room)
    message = post(room, ben, "canary")
    message.edit("canary, edited")
    post(room, ada, "canary too", parent=message)
    leave(room, ben)
    hers.next_event("conversation")
    direct = Conversation.objects.direct(ada, stranger)
    assert theirs.next_event("sidebar").json["conversations"] == [direct.pk]
    assert b"canary" not in theirs.raw
    assert {event.name for event in theirs.events} <= {"online", "sidebar", "badges", "presence"}
    assert theirs.events[-1].name != "badges" or theirs.events[-1].json["unread"] == 0
