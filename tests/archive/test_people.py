"""From nicks to people: a valid username for every nick, and never somebody who is there already."""

import pytest

from messaging.models import Message, User
from tests.archive.lines_of import import_lines, line
from tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.backends]


def username_of(nick: str) -> str:
    import_lines([line(id=nick, sender=nick)])
    return User.objects.get(external_id=f"nick:{nick}").username


@pytest.mark.parametrize(
    ("nick", "username"),
    [
        ("trey", "trey"),
        ("|trey|", "trey"),
        ("Matt|", "matt"),
        ("{bob}", "bob"),
        ("[x]^y\\z", "x-y-z"),
        ("größe", "groe"),
        ("Ångström", "angstrom"),
        ("山田", "person"),
        ("🙂", "person"),
        ("||||", "person"),
        ("-._-", "_"),
        ("a b", "a-b"),
        ("ADA", "ada"),
        ("x" * 80, "x" * 64),
    ],
)
def test_a_username_is_made_from_the_nick_which_stays_the_name_shown(nick: str, username: str) -> None:
    assert username_of(nick) == username
    person = User.objects.get()
    person.full_clean(exclude=["email"])
    assert person.display_name == nick
    assert not person.is_active
    assert not person.has_usable_password()


def test_nicks_that_look_alike_become_different_people() -> None:
    nicks = ["bob", "Bob", "BOB", "{bob}", "|bob|", "bób", "山田", "田山", "x" * 80, "x" * 79]
    usernames = [username_of(nick) for nick in nicks]
    assert usernames[:3] == ["bob", "bob-2", "bob-3"]
    assert len(set(usernames)) == len(nicks)
    for person in User.objects.all():
        person.full_clean(exclude=["email"])


def test_imported_nick_never_becomes_an_existing_person() -> None:
    bob = UserFactory.create(username="bob", display_name="bob")
    assert username_of("bob") == "bob-2"
    assert not Message.objects.filter(sender=bob).exists()


def test_the_same_nick_is_the_same_person_in_every_import() -> None:
    import_lines([line(id="1", sender="bob"), line(id="2", sender="bob", room="other")])
    import_lines([line(id="3", sender="bob")])
    assert User.objects.count() == 1
    assert Message.objects.filter(sender=User.objects.get()).count() == 3


def test_nicks_that_are_too_long_for_a_name_are_shortened_and_stay_different_people() -> None:
    lines = [line(id=nick, sender=nick) for nick in ("x" * 200, "x" * 201, "x" * 81, "x" * 80)]
    tally, reports = import_lines(lines)
    assert (tally.added, tally.bad, tally.shortened.count, reports) == (4, 0, 3, [])
    names = set(User.objects.values_list("display_name", flat=True))
    assert (len(names), max(map(len, names))) == (4, 80)
    assert all(name.startswith("x" * 70) for name in names)
