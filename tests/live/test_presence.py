"""Who is online and who is typing: streamed at once, soon expired, never stored."""

from collections.abc import Callable

import pytest
from django.test import Client

from messaging.live import presence
from messaging.live import typing as typists
from messaging.models import Conversation, Installation, User
from messaging.models.messages.saving import post
from messaging.models.rooms.members import add
from tests.contract.counting import statements
from tests.factories import UserFactory
from tests.live.clock import Clock
from tests.live.conftest import Listen
from tests.live.stream_client import StreamClient
from tests.waiting import until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Timers of presence and typing run only when the test advances the clock."""
    clock = Clock()
    for module in (presence, typists):
        monkeypatch.setattr(module, "asyncio", clock)
    return clock


def online(stream: StreamClient) -> set[int]:
    """The people who are online according to all events so far."""
    people: set[int] = set()
    for event in stream.events:
        if event.name == "online":
            people = set(event.json)
        elif event.name == "presence":
            people = (people | set(event.json["came"])) - set(event.json["left"])
    return people


def wait_for(stream: StreamClient, people: set[int], among: set[int]) -> None:
    stream.until(lambda: online(stream) & among == people)


def wait_until_gone(stream: StreamClient, people: set[int], among: set[int], clock: Clock) -> None:
    """Wait until the server has noticed closed pages, and the people are no longer online."""
    stream.until(lambda: online(stream) & among == people, lambda: clock.advance(presence.LINGER_SECONDS))


def test_presence_changes_are_streamed(ada: User, ben: User, listen: Listen, clock: Clock) -> None:
    both = {ada.pk, ben.pk}
    hers = listen(ada)
    assert online(hers) & both == {ada.pk}
    his = listen(ben)
    assert online(his) & both == both
    wait_for(hers, both, both)
    his.close()
    wait_until_gone(hers, {ada.pk}, both, clock)


def test_guest_gets_presence_only_of_people_they_may_see(
    ada: User, ben: User, stranger: User, room: Conversation, listen: Listen, clock: Clock
) -> None:
    guest = UserFactory.create(username="guest", role=User.Role.GUEST)
    add(room, guest)
    everybody = {ada.pk, ben.pk, stranger.pk, guest.pk}
    listen(stranger)
    theirs, hers = listen(guest), listen(ada)
    strangers_other = listen(UserFactory.create(username="another"))
    wait_for(theirs, {ada.pk, guest.pk}, everybody)
    wait_for(hers, {ada.pk, guest.pk, stranger.pk}, everybody)
    his = listen(ben)
    wait_for(theirs, {ada.pk, ben.pk, guest.pk}, everybody)
    his.close()
    strangers_other.close()
    wait_until_gone(theirs, {ada.pk, guest.pk}, everybody, clock)
    wait_until_gone(hers, {ada.pk, guest.pk, stranger.pk}, everybody, clock)
    events = [event for event in theirs.events if event.name in ("online", "presence")]
    named = {
        pk
        for event in events
        for ids in (event.json.values() if event.name == "presence" else [event.json])
        for pk in ids
    }
    assert named == {ada.pk, ben.pk, guest.pk}


def test_a_second_tab_or_a_page_change_sends_no_presence_events(
    ada: User, ben: User, stranger: User, listen: Listen, clock: Clock
) -> None:
    hers = listen(ada)
    his = listen(ben)
    wait_for(hers, {ada.pk, ben.pk}, {ada.pk, ben.pk})
    before, closed = len(hers.events), clock.waiting
    his.close()
    until(lambda: clock.waiting == closed + 1)  # the server has noticed
    second = listen(ben)
    clock.advance(presence.LINGER_SECONDS - 0.1)
    third = listen(ben)
    second.close()
    until(lambda: clock.waiting == closed + 2)
    clock.advance(2 * presence.LINGER_SECONDS)
    until(lambda: not clock.waiting)
    listen(stranger)
    wait_for(hers, {stranger.pk}, {stranger.pk})
    assert not third.is_over
    events = [event.json for event in hers.events[before:] if event.name == "presence"]
    assert not any(ben.pk in [*one["came"], *one["left"]] for one in events)


Type = Callable[..., int]


@pytest.fixture
def types(room: Conversation, client: Client) -> Type:
    """Sends the typing signal of a page: `types(ada, thread=7)` returns the status code."""

    def types(user: User, **data: object) -> int:
        client.force_login(user)
        return client.post(f"/conversations/{room.pk}/typing/", data).status_code

    return types


def typing(stream: StreamClient) -> tuple[int | None, list[int]]:
    event = stream.next_event("typing").json
    return event["thread"], event["people"]


def test_typing_is_shown_and_soon_expires(
    room: Conversation, ada: User, ben: User, types: Type, listen: Listen, clock: Clock
) -> None:
    stream = listen(ben, room)
    assert types(ada) == 204
    assert stream.next_event("typing").json == {"conversation": room.pk, "thread": None, "people": [ada.pk]}
    clock.advance(typists.SHOWN_SECONDS + 1)
    assert typing(stream) == (None, [])


def test_typing_is_shown_separately_for_each_thread(
    room: Conversation, ada: User, ben: User, types: Type, listen: Listen
) -> None:
    root = post(room, ada, "root")
    stream = listen(ben, room)
    types(ada, thread=root.pk)
    assert typing(stream) == (root.pk, [ada.pk])
    types(ben)
    assert typing(stream) == (None, [ben.pk])


def test_continued_typing_is_streamed_once(
    room: Conversation, ada: User, ben: User, types: Type, listen: Listen, clock: Clock
) -> None:
    stream = listen(ben, room)
    types(ada)
    assert typing(stream) == (None, [ada.pk])
    for _ in range(8):
        clock.advance(typists.SHOWN_SECONDS / 2)
        types(ada)
    clock.advance(typists.SHOWN_SECONDS + 1)
    assert typing(stream) == (None, [])
    types(ben)
    assert typing(stream) == (None, [ben.pk])
    events = [event.json["people"] for event in stream.events if event.name == "typing"]
    assert events == [[ada.pk], [], [ben.pk]]


def test_typing_ends_when_the_message_arrives(
    room: Conversation, ada: User, ben: User, types: Type, listen: Listen
) -> None:
    stream = listen(ben, room)
    types(ada)
    assert typing(stream) == (None, [ada.pk])
    post(room, ada, "done")
    assert typing(stream) == (None, [])


def test_typing_ends_when_the_field_is_emptied_and_begins_again(
    room: Conversation, ada: User, ben: User, types: Type, listen: Listen, clock: Clock
) -> None:
    root = post(room, ada, "root")
    stream = listen(ben, room)
    for thread in ({}, {"thread": root.pk}):
        place = thread.get("thread")
        types(ada, **thread)
        assert typing(stream) == (place, [ada.pk])
        assert types(ada, **thread, stopped="1") == 204
        assert typing(stream) == (place, [])
        types(ada, **thread)
        assert typing(stream) == (place, [ada.pk])
        types(ben, **thread, stopped="1")  # he was not typing
        clock.advance(typists.SHOWN_SECONDS + 1)
        assert typing(stream) == (place, [])


def test_a_page_opened_later_shows_who_is_typing(
    room: Conversation, ada: User, ben: User, types: Type, listen: Listen
) -> None:
    first = listen(ben, room)
    types(ada)
    typing(first)
    assert '"people":[' in str([event.data for event in listen(ben, room).events if event.name == "typing"])


def test_typing_writes_nothing_to_the_database(
    room: Conversation, ada: User, types: Type, client: Client
) -> None:
    client.force_login(ada)
    Installation.objects.current()  # the first page creates its row
    with statements() as asked:
        assert client.post(f"/conversations/{room.pk}/typing/").status_code == 204
    assert [sql for sql in asked if not sql.startswith("SELECT")] == []


@pytest.mark.parametrize(
    ("thread", "status"), [("", 204), ("7", 204), ("x", 400), ("-1", 400), ("9" * 30, 400), ("\0", 400)]
)
def test_invalid_thread_ids_get_a_400(
    thread: str, status: int, room: Conversation, ada: User, types: Type
) -> None:
    assert types(ada, thread=thread) == status


def test_only_members_can_send_typing_signals(
    room: Conversation, ben: User, stranger: User, types: Type, listen: Listen
) -> None:
    stream = listen(ben, room)
    assert types(stranger) == 404
    assert types(ben) == 204
    assert typing(stream) == (None, [ben.pk])
