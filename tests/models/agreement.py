"""What the naive world promises, in the words in which the database is written down too."""

from collections.abc import Iterable
from typing import Any, NamedTuple
from uuid import UUID

from messaging.models.messages.threads import Node
from tests.models.naive import World
from tests.models.naive_nouns import Person, Said

Account = dict[str, Any]


class Line(NamedTuple):
    """One message; the names are those of its columns."""

    conversation: int
    seq: int
    pk: int
    version: int
    sender: int | None
    parent_message: int | None
    thread_root: int | None
    depth: int
    content: str
    content_html: str
    edited: bool
    read: bool
    client_id: UUID | None
    removed: bool


class Waiting(NamedTuple):
    """What a person has to read."""

    messages: list[int]
    number: int
    sidebar: dict[int, int]
    total: int
    replies: int
    personal: int
    begins: dict[int, int | None]  # the first root, by conversation


def promised(world: World, people: Iterable[Person]) -> Account:
    """What must be found: rows, and what the interfaces answer."""
    there = sorted(world.visible(), key=lambda said: (said.place.pk, said.seq))
    account: Account = {
        "people": {person.pk: (person.name, person.active) for person in people},
        "places": {
            place.pk: (place.kind, place.version, place.reset_version, place.members_version)
            for place in world.here()
        },
        "members": {(place.pk, person.pk) for place in world.here() for person in place.members},
        "messages": [_line(world, said) for said in there],
        "histories": {
            (said.pk, number): (text, editor.pk if editor else None)
            for said in there
            for number, (text, editor) in enumerate(said.earlier, start=1)
        },
        "mentions": {(said.pk, person.pk) for said in there for person in said.mentions},
        "rows": {
            (row.said.pk, row.person.pk): (row.said.place.pk, _root(row.said), row.reason, row.unread)
            for row in world.rows
        },
        "unread by anybody": [said.pk for said in there if not world.is_read(said)],
    }
    for person in people:
        unread = [said for said in there if world.rows_of(said, person, unread=True)]
        mine = [place for place in world.here() if person in place.members]
        account[f"what waits for {person.name}"] = Waiting(
            messages=[said.pk for said in unread],
            number=len(unread),
            sidebar={place.pk: sum(said.place is place for said in unread) for place in mine},
            total=len(unread),
            replies=sum(said.parent is not None for said in unread),
            personal=sum(row.reason != "room" for row in world.rows if row.person is person and row.unread),
            begins={
                place.pk: next((said.pk for said in unread if said.place is place and not said.parent), None)
                for place in mine
            },
        )
    for root in [said for said in there if not said.parent]:
        tree = list(world.tree(root))
        account[f"thread {root.pk}"] = [
            Node(said.pk, said.depth, len(list(world.tree(said))) - 1, said.removed) for said in tree
        ]
    for place in [place for place in world.here() if place.kind == "direct"]:
        roots = [said for said in there if said.place is place and not said.parent]
        account[f"conversation {place.pk}"] = [
            (said.pk, said.depth) for root in roots for said in world.tree(root)
        ]
    return account


def _root(said: Said) -> int | None:
    return said.root.pk if said.parent else None


def _line(world: World, said: Said) -> Line:
    return Line(
        conversation=said.place.pk,
        seq=said.seq,
        pk=said.pk,
        version=said.version,
        sender=said.sender.pk if said.sender else None,
        parent_message=said.parent.pk if said.parent else None,
        thread_root=_root(said),
        depth=said.depth,
        content=said.text,
        content_html=said.html,
        edited=bool(said.earlier),
        read=world.is_read(said),
        client_id=said.client_id,
        removed=said.removed,
    )


def differences(promise: Account, found: Account) -> str:
    """What is not as promised, for a person to read; empty when all is well."""
    return "\n".join(
        f"{what}\n  promised {promise.get(what)}\n  found    {found.get(what)}"
        for what in sorted(promise.keys() | found.keys())
        if promise.get(what) != found.get(what)
    )
