"""What is offered for the last word of a search."""

import pytest

from messaging.models import Conversation, User
from messaging.models.search.suggestions import OFFERED, suggestions
from tests.contract.counting import statements
from tests.factories import RoomFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.backends]


BEFORE = ["before:today ", 'before:"this week" ', 'before:"this month" ']


@pytest.fixture
def team(ada: User, ben: User) -> None:
    """Two people and two rooms whose names begin with "be", and others that contain it."""
    UserFactory.create(username="beatrix", display_name="Beatrix Lund")
    UserFactory.create(username="libby", display_name="Libby Stone")
    UserFactory.create(username="gone", display_name="Bernd Gone", is_active=False)
    for name in ("berths", "big beer"):
        RoomFactory.create(name=name, by=ada)
    RoomFactory.create(name="secret berths", by=ben, is_private=True)


def offered(reader: User, typed: str) -> list[str]:
    return [one.query for one in suggestions(reader, typed)]


@pytest.mark.usefixtures("team")
@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("be", ["from:@beatrix ", "from:@ben ", "in:#berths ", 'in:"#big beer" ', *BEFORE]),
        ("tide -bea", ["tide -from:@beatrix "]),
        ("-from:be tide -with:bea", ["-from:be tide -with:@beatrix "]),
        ("from:lu", ["from:@beatrix "]),
        ("sender:BEN", ["from:@ben "]),
        ("mentions:@bea", ["mentions:@beatrix "]),
        ("to:m", ["to:me "]),
        ("in:#ber", ["in:#berths "]),
        ('in:"#big b', ['in:"#big beer" ']),
        ("in:secret", []),
        ("has:", [f"has:{what} " for what in ("link", "code", "file", "image", "reaction", "poll", "task")]),
        ("has:po", ["has:poll "]),
        ("is:un", ["is:unread "]),
        ("is:p", ["is:pinned "]),
        ("during:last", ['during:"last week" ', 'during:"last month" ']),
        ("unr", ["is:unread "]),
        ("from:@ben", []),  # it is complete
        ("be ", []),
        ("b", []),
        ("", []),
        ('"be', []),
        ("nothing:be", []),
        ("https://be", []),
    ],
)
def test_the_last_word_may_become_a_filter(ada: User, typed: str, expected: list[str]) -> None:
    assert offered(ada, typed) == expected


@pytest.mark.usefixtures("team")
def test_a_guest_is_offered_only_people_with_whom_they_share_a_conversation(
    ada: User, room: Conversation
) -> None:
    guest = UserFactory.create(username="guest", role=User.Role.GUEST)
    assert offered(guest, "from:be") == []
    assert offered(guest, "in:be") == []
    assert offered(guest, "from:") == ["from:me ", "from:@guest "]


def test_few_are_offered_with_two_queries_however_many_there_are(ada: User) -> None:
    for number in range(3 * OFFERED):
        UserFactory.create(username=f"berta{number}")
        RoomFactory.create(name=f"berth {number}", by=ada)
    with statements() as found:
        assert len(suggestions(ada, "ber")) <= OFFERED
        assert len(suggestions(ada, "from:ber")) == OFFERED
    assert len(found) <= 3
