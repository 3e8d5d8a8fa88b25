"""Who is here and who is typing: told at once, gone soon, written nowhere."""

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
from tests.live.ears import Ear
from tests.waiting import until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """What lasts for some seconds lasts until the test says that they have passed."""
    clock = Clock()
    for module in (presence, typists):
        monkeypatch.setattr(module, "asyncio", clock)
    return clock


def online(ear: Ear) -> set[int]:
    """Who is online by all that the stream said so far."""
    people: set[int] = set()
    for event in ear.events:
        if event.name == "online":
            people = set(event.json)
        elif event.name == "presence":
            people = (people | set(event.json["came"])) - set(event.json["left"])
    return people


def wait_for(ear: Ear, people: set[int], among: set[int]) -> None:
    ear.until(lambda: online(ear) & among == people)


def wait_for_the_end(ear: Ear, people: set[int], among: set[int], clock: Clock) -> None:
    """Until those who closed their pages are gone, which the server first has to notice."""
    ear.until(lambda: online(ear) & among == people, lambda: clock.advance(presence.LINGER_SECONDS))


def test_presence_changes_are_streamed(ada: User, ben: User, listen: Listen, clock: Clock) -> None:
    both = {ada.pk, ben.pk}
    hers = listen(ada)
    assert online(hers) & both == {ada.pk}
    his = listen(ben)
    assert online(his) & both == both
    wait_for(hers, both, both)
    his.close()
    wait_for_the_end(hers, {ada.pk}, both, clock)


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
    wait_for_the_end(theirs, {ada.pk, guest.pk}, everybody, clock)
    wait_for_the_end(hers, {ada.pk, guest.pk, stranger.pk}, everybody, clock)
    told = [event for event in theirs.events if event.name in ("online", "presence")]
    named = {
        pk
        for event in told
        for ids in (event.json.values() if event.name == "presence" else [event.json])
        for pk in ids
    }
    assert named == {ada.pk, ben.pk, guest.pk}


def test_a_second_tab_or_a_change_of_page_is_no_coming_and_going(
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
    told = [event.json for event in hers.events[before:] if event.name == "presence"]
    assert not any(ben.pk in [*one["came"], *one["left"]] for one in told)


Type = Callable[..., int]


@pytest.fixture
def types(room: Conversation, client: Client) -> Type:
    """A page says that somebody types: `types(ada, thread=7)` is the status of the answer."""

    def types(user: User, **data: object) -> int:
        client.force_login(user)
        return client.post(f"/conversations/{room.pk}/typing/", data).status_code

    return types


def typing(ear: Ear) -> tuple[int | None, list[int]]:
    told = ear.heard("typing").json
    return told["thread"], told["people"]


def test_typing_is_shown_and_soon_expires(
    room: Conversation, ada: User, ben: User, types: Type, listen: Listen, clock: Clock
) -> None:
    ear = listen(ben, room)
    assert types(ada) == 204
    assert ear.heard("typing").json == {"conversation": room.pk, "thread": None, "people": [ada.pk]}
    clock.advance(typists.SHOWN_SECONDS + 1)
    assert typing(ear) == (None, [])


def test_threads_have_typists_of_their_own(
    room: Conversation, ada: User, ben: User, types: Type, listen: Listen
) -> None:
    root = post(room, ada, "root")
    ear = listen(ben, room)
    types(ada, thread=root.pk)
    assert typing(ear) == (root.pk, [ada.pk])
    types(ben)
    assert typing(ear) == (None, [ben.pk])


def test_continued_typing_is_streamed_once(
    room: Conversation, ada: User, ben: User, types: Type, listen: Listen, clock: Clock
) -> None:
    ear = listen(ben, room)
    types(ada)
    assert typing(ear) == (None, [ada.pk])
    for _ in range(8):
        clock.advance(typists.SHOWN_SECONDS / 2)
        types(ada)
    clock.advance(typists.SHOWN_SECONDS + 1)
    assert typing(ear) == (None, [])
    types(ben)
    assert typing(ear) == (None, [ben.pk])
    told = [event.json["people"] for event in ear.events if event.name == "typing"]
    assert told == [[ada.pk], [], [ben.pk]]


def test_what_was_typed_arrives_and_the_typing_ends(
    room: Conversation, ada: User, ben: User, types: Type, listen: Listen
) -> None:
    ear = listen(ben, room)
    types(ada)
    assert typing(ear) == (None, [ada.pk])
    post(room, ada, "done")
    assert typing(ear) == (None, [])


def test_page_opened_meanwhile_shows_it_too(
    room: Conversation, ada: User, ben: User, types: Type, listen: Listen
) -> None:
    first = listen(ben, room)
    types(ada)
    typing(first)
    assert '"people":[' in str([event.data for event in listen(ben, room).events if event.name == "typing"])


def test_nothing_of_it_is_written(room: Conversation, ada: User, types: Type, client: Client) -> None:
    client.force_login(ada)
    Installation.objects.current()  # made by the first page that an installation ever shows
    with statements() as asked:
        assert client.post(f"/conversations/{room.pk}/typing/").status_code == 204
    assert [sql for sql in asked if not sql.startswith("SELECT")] == []


@pytest.mark.parametrize(
    ("thread", "status"), [("", 204), ("7", 204), ("x", 400), ("-1", 400), ("9" * 30, 400), ("\0", 400)]
)
def test_a_strange_thread_has_an_answer(
    thread: str, status: int, room: Conversation, ada: User, types: Type
) -> None:
    assert types(ada, thread=thread) == status


def test_only_members_may_say_so(
    room: Conversation, ben: User, stranger: User, types: Type, listen: Listen
) -> None:
    ear = listen(ben, room)
    assert types(stranger) == 404
    assert types(ben) == 204
    assert typing(ear) == (None, [ben.pk])
