"""What the quick switcher finds, and in which order."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from messaging.models import Conversation, Message, User
from messaging.models.inbox.blocking import block
from messaging.models.inbox.destinations import Destination, Kind
from messaging.models.inbox.switcher import find, rank
from messaging.models.messages.saving import post
from messaging.models.people.preferences import NotificationLevel
from messaging.models.rooms.members import leave, remove_member
from messaging.models.rooms.settings import archive, remove_room
from tests.factories import RoomFactory, UserFactory

NOW = timezone.now()
Found = Callable[..., list[str]]


def place(name: str, **what: object) -> Destination:
    return Destination(**{"kind": Kind.ROOM, "name": name, **what})  # type: ignore[arg-type]


def names(found: list[Destination]) -> list[str]:
    return [one.name for one in found]


@pytest.fixture
def ada(db: None) -> User:
    return UserFactory.create(username="ada", display_name="Ada Lovelace")


@pytest.fixture
def ben(db: None) -> User:
    return UserFactory.create(username="ben", display_name="Ben Okri")


@pytest.fixture
def found(ada: User) -> Found:
    """What Ada finds: `found("har")`."""

    def found(words: str = "", here: int | None = None) -> list[str]:
        return names(find(ada, words, here, []))

    return found


def test_better_matches_come_first_whatever_is_unread_or_recent() -> None:
    kinds = ["ops", "ops team", "big ops", "old planning sessions", "stops", "open places"]
    places = [
        place(name, latest=NOW + timedelta(days=day), is_unread=day > 0) for day, name in enumerate(kinds)
    ]
    assert names(rank(places, "ops")) == kinds


def test_in_one_kind_of_match_own_places_come_first_then_what_is_for_me_unread_and_recent() -> None:
    places = [
        place("team a", is_near=False, is_for_me=True, is_unread=True, latest=NOW),
        place("team b", latest=NOW - timedelta(days=2)),
        place("team c", latest=NOW - timedelta(days=1)),
        place("team d", is_unread=True, latest=NOW - timedelta(days=3)),
        place("team e", is_unread=True, is_for_me=True, latest=NOW - timedelta(days=4)),
        place("team f"),
        place("team g", kind=Kind.COMMAND),
    ]
    assert names(rank(places, "team")) == [f"team {letter}" for letter in "edcbfga"]


def test_an_exact_name_comes_before_an_own_longer_one() -> None:
    places = [place("harbour master", is_unread=True, latest=NOW), place("harbour", is_near=False)]
    assert names(rank(places, "harbour")) == ["harbour", "harbour master"]


def test_without_words_what_is_for_me_comes_first_then_unread_then_recent(
    ada: User, ben: User, found: Found
) -> None:
    mention, unread, older, newer = (
        RoomFactory.create(name=name, by=ben, members=[ada])
        for name in ("mention", "unread", "older", "newer")
    )
    post(mention, ben, "Please, @ada")
    post(unread, ben, "Hello all")
    post(older, ada, "One")
    post(newer, ada, "Two")
    assert found() == ["mention", "unread", "newer", "older"]
    assert found(here=mention.pk) == ["unread", "newer", "older"]


@pytest.mark.parametrize(
    ("level", "order"),
    [
        (NotificationLevel.ALL, ["loud", "other"]),
        (NotificationLevel.PERSONAL, ["other", "loud"]),
        (NotificationLevel.MUTED, ["other", "loud"]),
    ],
)
def test_a_room_is_unread_as_its_badge_says(
    ada: User, ben: User, found: Found, level: NotificationLevel, order: list[str]
) -> None:
    loud, other = (RoomFactory.create(name=name, by=ben, members=[ada]) for name in ("loud", "other"))
    ada.memberships.filter(conversation=loud).update(notification_level=level)
    post(loud, ben, "Hello all")
    post(other, ada, "The latest of all")
    assert found() == order


def test_a_person_is_found_once_by_name_and_username(ada: User, ben: User, found: Found) -> None:
    ben.username = "okapi"
    ben.save()
    assert found("okapi") == found("ben okri") == ["Ben Okri"]
    direct = Conversation.objects.direct(ada, ben)
    [only] = find(ada, "okapi", None, [])
    assert (only.name, only.conversation) == ("Ben Okri", direct.pk)


def test_groups_and_notes_are_found_by_what_they_are_called(ada: User, ben: User, found: Found) -> None:
    eve = UserFactory.create(display_name="Eve Arden")
    Conversation.objects.between(ada, [ben, eve])
    Conversation.objects.direct(ada, ada)
    assert "Ben Okri, Eve Arden" in found("okri")
    assert found("notes") == ["Notes to yourself"]


def test_a_sign_before_the_words_says_what_is_looked_for(ada: User, ben: User, found: Found) -> None:
    RoomFactory.create(name="ben's room", by=ada)
    assert found("ben") == ["Ben Okri", "ben's room"]  # the username is the exact name
    assert found("#ben") == ["ben's room"]
    assert found("@ben") == ["Ben Okri"]
    assert found("#") == ["ben's room"]


def test_threads_are_found_by_their_first_words(ada: User, ben: User, found: Found) -> None:
    room = RoomFactory.create(name="quay", by=ben, members=[ada])
    wrote, told, other = (post(room, ben, f"Lighthouse {what}") for what in ("painted", "for @ada", "sold"))
    post(room, ada, "Which colour?", parent=wrote)
    post(room, ben, "What do you say, @ada?", parent=told)
    post(room, ben, "To whom?", parent=other)
    assert sorted(found("lighthouse")) == ["Lighthouse for @ada", "Lighthouse painted"]
    assert found("lp") == []  # initials and gaps count in names only
    wrote.remove(by=ben)
    block(ada, ben)
    assert found("lighthouse") == []


def test_rooms_that_one_could_join_come_after_ones_own(ada: User, ben: User, found: Found) -> None:
    RoomFactory.create(name="harbour b", by=ben)
    RoomFactory.create(name="harbour c", by=ada)
    assert found("harbour") == ["harbour c", "harbour b"]
    assert found() == ["harbour c"]


def test_archived_rooms_are_found_last(ada: User, found: Found) -> None:
    for name in ("team one", "team two"):
        RoomFactory.create(name=name, by=ada)
    archive(Conversation.objects.get(name="team one"), by=ada)
    assert found("team") == ["team two", "team one"]
    assert found() == ["team two"]


def test_nobody_finds_what_they_could_not_find_otherwise(ada: User, ben: User, found: Found) -> None:
    secret = RoomFactory.create(name="harbour private", by=ben, is_private=True)
    left = RoomFactory.create(name="harbour left", by=ben, members=[ada], is_private=True)
    banned = RoomFactory.create(name="harbour banned", by=ben, members=[ada])
    removed = RoomFactory.create(name="harbour removed", by=ben, members=[ada])
    root = post(left, ben, "harbour thread")
    post(left, ada, "a reply", parent=root)
    leave(left, ada)
    remove_member(banned, ada, by=ben)
    remove_room(removed, by=ben)
    Conversation.objects.between(ben, [UserFactory.create(), UserFactory.create(display_name="Harbour Gull")])
    assert found("harbour") == ["Harbour Gull"]  # a person, whom everybody may see
    assert secret.pk not in [one.conversation for one in find(ada, "private", None, [])]


def test_a_guest_finds_only_their_rooms_and_the_people_in_them(ben: User) -> None:
    guest = UserFactory.create(username="gil", role=User.Role.GUEST)
    RoomFactory.create(name="harbour inside", by=ben, members=[guest])
    RoomFactory.create(name="harbour outside", by=UserFactory.create(display_name="Harbour Gull"))
    assert names(find(guest, "harbour", None, [])) == ["harbour inside"]
    assert names(find(guest, "okri", None, [])) == ["Ben Okri"]


def test_who_is_deactivated_is_found_only_where_one_talked_to_them(
    ada: User, ben: User, found: Found
) -> None:
    User.objects.filter(pk=ben.pk).update(is_active=False)
    assert found("okri") == []
    Conversation.objects.direct(ada, ben)
    assert found("okri") == ["Ben Okri"]


def test_threads_come_by_their_latest_reply(ada: User, ben: User, found: Found) -> None:
    room = RoomFactory.create(by=ada, members=[ben])
    older, newer = (post(room, ada, f"tide {name}") for name in ("older", "newer"))
    for root in (newer, older):
        post(room, ben, "a reply", parent=root)
    Message.unread_messages.mark_as_read_for_user(ada)
    assert found("tide") == ["tide older", "tide newer"]
