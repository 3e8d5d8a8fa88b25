"""Who may not listen any more gets not one byte of what comes after, woken_by or not."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client

from messaging.live import hub
from messaging.models import Conversation, Session, User
from messaging.models.messages.saving import post
from messaging.models.rooms.members import add, leave
from tests.live.conftest import Listen
from tests.live.ears import Ear

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
    "deleted": (lambda ben, room: ben.delete(), {"signed-out"}),
}


@pytest.mark.parametrize(("end", "last"), ENDINGS.values(), ids=ENDINGS.keys())
def test_not_one_byte_of_what_comes_after(
    end: Ending, last: set[str], told: str, room: Conversation, ada: User, ben: User, listen: Listen
) -> None:
    theirs, hers = listen(ben, room), listen(ada, room)
    post(room, ada, "before")
    theirs.heard("")
    end(ben, room)
    post(room, ada, "canary")
    assert theirs.to_the_end()[-1].name in last
    assert b"canary" not in theirs.raw
    # Where he was deleted her page is told to start anew.
    hers.until(lambda: b"canary" in hers.raw or "reset" in [event.name for event in hers.events])


def test_former_member_is_not_streamed_who_types(
    told: str, room: Conversation, ada: User, ben: User, listen: Listen, client: Client
) -> None:
    theirs = listen(ben, room)
    leave(room, ben)
    client.force_login(ada)
    client.post(f"/conversations/{room.pk}/typing/")
    assert theirs.to_the_end()[-1].name == "removed"
    assert "typing" not in [event.name for event in theirs.events]


def test_other_sessions_go_on(room: Conversation, ada: User, ben: User, listen: Listen) -> None:
    first, second = listen(ben, room), listen(ben, room)
    Session.objects.filter(user=ben).latest("expire_date").delete()
    assert second.to_the_end()[-1].name == "signed-out"
    post(room, ada, "still here")
    assert "still here" in first.heard("").data


def test_the_browser_that_changed_the_password_comes_back_with_its_new_session(
    told: str, ada: User, ben: User, room: Conversation, client: Client, listen: Listen
) -> None:
    ben.set_password("three grey seals")
    ben.save()
    client.force_login(ben)
    ears = [listen(None, room, cookie=session_of(client)), listen(ben, room)]
    new = "seven white swans"
    answer = client.post(
        "/account/password/change/",
        {"oldpassword": "three grey seals", "password1": new, "password2": new},
    )
    assert answer.status_code == 302
    for ear in ears:  # a session's key is another one then
        assert ear.to_the_end()[-1].name == "signed-out"
    again = listen(None, room, cookie=session_of(client))
    post(room, ada, "go on")
    assert "go on" in again.heard("").data


def session_of(client: Client) -> str:
    name = settings.SESSION_COOKIE_NAME
    return f"{name}={client.cookies[name].value}"


def test_signing_out_in_the_browser_ends_its_streams(
    told: str, room: Conversation, ben: User, client: Client, listen: Listen
) -> None:
    client.force_login(ben)
    ear = listen(None, room, cookie=session_of(client))
    client.post("/account/logout/")
    assert ear.to_the_end()[-1].name == "signed-out"


def test_change_without_wakeup_is_found_by_the_regular_check(
    room: Conversation, ben: User, listen: Listen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "BEAT_SECONDS", 0.3)
    ear = listen(ben, room)
    ear.heard("beat")
    User.objects.filter(pk=ben.pk).update(is_active=False)
    assert ear.to_the_end()[-1].name == "signed-out"


def test_readded_member_can_open_the_stream_again(
    room: Conversation, ada: User, ben: User, listen: Listen
) -> None:
    ear = listen(ben, room)
    leave(room, ben)
    ear.to_the_end()
    add(room, ben)
    again = listen(ben, room)
    post(room, ada, "welcome back")
    assert "welcome back" in again.heard("").data


def test_stranger_is_streamed_no_planted_word(
    room: Conversation, ada: User, ben: User, stranger: User, listen: Listen
) -> None:
    theirs: Ear = listen(stranger)
    hers = listen(ada, room)
    message = post(room, ben, "canary")
    message.edit("canary, edited")
    post(room, ada, "canary too", parent=message)
    leave(room, ben)
    hers.heard("conversation")
    direct = Conversation.objects.direct(ada, stranger)
    assert theirs.heard("sidebar").json["conversations"] == [direct.pk]
    assert b"canary" not in theirs.raw
    assert {event.name for event in theirs.events} <= {"online", "sidebar", "badges", "presence"}
    assert theirs.events[-1].name != "badges" or theirs.events[-1].json["unread"] == 0
