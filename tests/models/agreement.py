"""Converts the reference model's state to a `State`, the format in which found.py reads the database."""

from collections.abc import Iterable
from typing import Any, NamedTuple
from uuid import UUID

from messaging.models.messages.threads import Node
from tests.models.reference_model import ReferenceModel
from tests.models.reference_objects import Person, ReferenceMessage

State = dict[str, Any]


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


class Unread(NamedTuple):
    """The unread messages of a person."""

    messages: list[int]
    number: int
    sidebar: dict[int, int]
    total: int
    replies: int
    personal: int
    begins: dict[int, int | None]  # the first root, by conversation


def promised(reference: ReferenceModel, people: Iterable[Person]) -> State:
    """The expected state: rows, and the results of the interfaces."""
    there = sorted(reference.visible(), key=lambda message: (message.place.pk, message.seq))
    state: State = {
        "people": {person.pk: (person.name, person.active) for person in people},
        "places": {
            place.pk: (place.kind, place.version, place.reset_version, place.members_version)
            for place in reference.here()
        },
        "members": {(place.pk, person.pk) for place in reference.here() for person in place.members},
        "messages": [_line(reference, message) for message in there],
        "histories": {
            (message.pk, number): (text, editor.pk if editor else None)
            for message in there
            for number, (text, editor) in enumerate(message.earlier, start=1)
        },
        "mentions": {(message.pk, person.pk) for message in there for person in message.mentions},
        "rows": {
            (row.message.pk, row.person.pk): (
                row.message.place.pk,
                _root(row.message),
                row.reason,
                row.unread,
            )
            for row in reference.rows
        },
        "unread by anybody": [message.pk for message in there if not reference.is_read(message)],
    }
    for person in people:
        unread = [message for message in there if reference.rows_of(message, person, unread=True)]
        mine = [place for place in reference.here() if person in place.members]
        state[f"unread of {person.name}"] = Unread(
            messages=[message.pk for message in unread],
            number=len(unread),
            sidebar={place.pk: sum(message.place is place for message in unread) for place in mine},
            total=len(unread),
            replies=sum(message.parent is not None for message in unread),
            personal=sum(
                row.reason != "room" for row in reference.rows if row.person is person and row.unread
            ),
            begins={
                place.pk: next(
                    (message.pk for message in unread if message.place is place and not message.parent), None
                )
                for place in mine
            },
        )
    for root in [message for message in there if not message.parent]:
        tree = list(reference.tree(root))
        state[f"thread {root.pk}"] = [
            Node(message.pk, message.depth, len(list(reference.tree(message))) - 1, message.removed)
            for message in tree
        ]
    for place in [place for place in reference.here() if place.kind == "direct"]:
        roots = [message for message in there if message.place is place and not message.parent]
        state[f"conversation {place.pk}"] = [
            (message.pk, message.depth) for root in roots for message in reference.tree(root)
        ]
    return state


def _root(message: ReferenceMessage) -> int | None:
    return message.root.pk if message.parent else None


def _line(reference: ReferenceModel, message: ReferenceMessage) -> Line:
    return Line(
        conversation=message.place.pk,
        seq=message.seq,
        pk=message.pk,
        version=message.version,
        sender=message.sender.pk if message.sender else None,
        parent_message=message.parent.pk if message.parent else None,
        thread_root=_root(message),
        depth=message.depth,
        content=message.text,
        content_html=message.html,
        edited=bool(message.earlier),
        read=reference.is_read(message),
        client_id=message.client_id,
        removed=message.removed,
    )


def differences(promise: State, found: State) -> str:
    """The differences as text, "" if there are none."""
    return "\n".join(
        f"{what}\n  promised {promise.get(what)}\n  found    {found.get(what)}"
        for what in sorted(promise.keys() | found.keys())
        if promise.get(what) != found.get(what)
    )
