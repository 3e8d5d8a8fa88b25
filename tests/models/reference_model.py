"""Parley in memory: what the design promises, and nothing about how it is done.

Lists and loops only: nothing is kept that could be counted, nothing is indexed, nothing is locked.
"""

from collections.abc import Iterable, Iterator
from uuid import UUID

from tests.models.reference_objects import Conflict, Person, Place, ReferenceMessage, Refused, Row, Taken


class ReferenceModel:
    """All conversations, messages and notifications."""

    def __init__(self) -> None:
        self.places: list[Place] = []
        self.messages: list[ReferenceMessage] = []
        self.rows: list[Row] = []

    def open(self, kind: str, members: Iterable[Person], maker: Person | None = None) -> Place:
        administrators = {maker} if kind == "room" and maker else set()
        self.places.append(Place(kind, list(members), maker, administrators=administrators))
        return self.places[-1]

    def here(self) -> list[Place]:
        return [place for place in self.places if not place.gone]

    def visible(self, place: Place | None = None) -> list[ReferenceMessage]:
        """The messages that are there, tombstones too, in the order in which they were sent."""
        return [message for message in self.messages if not message.gone and place in (None, message.place)]

    def thread(self, root: ReferenceMessage) -> list[ReferenceMessage]:
        return [message for message in self.visible() if message.root is root]

    def tree(self, top: ReferenceMessage) -> Iterator[ReferenceMessage]:
        """The message and all below it: each reply after its parent, older ones first."""
        yield top
        for message in self.visible():
            if message.parent is top:
                yield from self.tree(message)

    def is_read(self, message: ReferenceMessage) -> bool:
        return not any(row.unread for row in self.rows if row.message is message)

    def rows_of(self, message: ReferenceMessage, person: Person, unread: bool = False) -> list[Row]:
        rows = (row for row in self.rows if row.message is message and row.person is person)
        return [row for row in rows if row.unread or not unread]

    def send(
        self,
        place: Place,
        sender: Person,
        text: str,
        parent: ReferenceMessage | None = None,
        client_id: UUID | None = None,
    ) -> ReferenceMessage:
        text = text.strip()
        sent = [
            message
            for message in self.visible()
            if client_id and (message.sender, message.client_id) == (sender, client_id)
        ]
        for message in sent:
            if message.place.may_write(sender):
                is_elsewhere = message.typed and (message.place, message.parent) != (place, parent)
                if message.typed not in (None, text) or is_elsewhere:
                    raise Taken
                return message
        if place.gone or not place.may_write(sender) or not text:
            raise Refused
        if parent and parent.place is not place:
            raise Refused
        if sent:
            raise Taken
        if parent and (parent.removed or parent.gone):
            raise Refused
        message = ReferenceMessage(place, sender, text, parent, client_id, mentions=place.named(text))
        self.messages.append(message)
        message.seq = self._change(message)
        for person in place.members:
            if reason := self._reason(message, person):
                self.rows.append(Row(message, person, reason))
        return message

    def write(
        self, sender: Person, receiver: Person, text: str, parent: ReferenceMessage | None = None
    ) -> ReferenceMessage:
        """Send to a person. Their conversation is created by the first message, not by a refused one."""
        two = {sender, receiver}
        for place in self.here():
            if place.kind == "direct" and set(place.members) == two:
                return self.send(place, sender, text, parent)
        if parent or not text.strip() or not sender.active:
            raise Refused
        return self.send(self.open("direct", two), sender, text)

    def edit(
        self, message: ReferenceMessage, text: str, by: Person | None = None, revision: int | None = None
    ) -> None:
        by = by or message.sender
        if not text.strip() or message.gone or message.removed or (by and not message.place.may_write(by)):
            raise Refused
        text = text.strip()
        if text == message.text:
            return
        if revision not in (None, len(message.earlier)):
            raise Conflict
        message.earlier.append((message.text, by))
        named = message.place.named(text)
        newly, no_longer = named - message.mentions, message.mentions - named
        message.text, message.mentions = text, named
        message.place.version += 1
        message.version = message.place.version  # not the root's: an edit leaves its summary as it is
        for person in no_longer - {message.sender}:
            self._withdraw_mention(message, person)
        for person in newly - {message.sender}:
            if rows := self.rows_of(message, person):
                rows[0].reason, rows[0].unread = "mention", True
            elif person.active:
                self.rows.append(Row(message, person, "mention"))

    def _withdraw_mention(self, message: ReferenceMessage, person: Person) -> None:
        for row in [row for row in self.rows_of(message, person) if row.reason == "mention"]:
            if message.place.kind == "direct":
                row.reason = "direct"
            elif not message.parent:
                row.reason = "room"
            elif person in {other.sender for other in self.thread(message.root) if other is not message}:
                row.reason = "reply"
            else:
                self.rows.remove(row)

    def remove(self, message: ReferenceMessage, by: Person | None = None) -> None:
        if message.gone or (by and not message.place.may_write(by)):
            raise Refused
        if (
            not message.removed
            and by not in (None, message.sender)
            and by not in message.place.administrators
        ):
            raise Refused
        if not message.removed:
            self._change(message)
            self._make_tombstone(message)

    def delete(self, messages: Iterable[ReferenceMessage]) -> None:
        """Remove, and sweep the threads; open pages are reset."""
        there = [message for message in messages if not message.gone]
        for place in {message.place for message in there}:
            place.reset_version = place.version = place.version + 1
        self._make_tombstones_and_sweep(there)

    def erase(self, person: Person) -> None:
        theirs = [message for message in self.visible() if message.sender is person]
        naming = [message for message in self.visible() if person in message.mentions]
        concerned = {place for place in self.here() if person in place.members or person is place.maker}
        concerned |= {message.place for message in theirs + naming}
        for place in concerned:
            place.version += 1
            place.reset_version = place.members_version = place.version
            place.remove_member(person)
            place.maker = None if place.maker is person else place.maker
            place.gone = place.kind == "direct"
        for message in self.visible():
            message.gone = message.place.gone
            message.earlier = [(text, None if by is person else by) for text, by in message.earlier]
        for message in naming:
            message.mentions.discard(person)
            message.version = message.place.version
        self._make_tombstones_and_sweep([message for message in theirs if not message.gone])
        for place in concerned:
            there = self.visible(place)
            if place.is_private and not place.members and all(message.removed for message in there):
                place.gone = True
                for message in there:
                    message.gone = True
        self.rows = [row for row in self.rows if row.person is not person and not row.message.gone]

    def read(self, person: Person, messages: list[ReferenceMessage] | None = None) -> int:
        """How many of them, or of all, were unread."""
        changed = [row for message in self.visible() for row in self.rows_of(message, person, unread=True)]
        changed = [row for row in changed if messages is None or row.message in messages]
        for row in changed:
            row.unread = False
        return len(changed)

    def unread(self, person: Person, messages: list[ReferenceMessage]) -> int:
        """How many of them were for the person, and read."""
        changed = [row for message in messages for row in self.rows_of(message, person) if not row.unread]
        for row in changed:
            row.unread = True
        return len(changed)

    def from_here(self, first: ReferenceMessage) -> list[ReferenceMessage]:
        """The message and what came after it: in its thread for a reply, else in the conversation."""
        later = [message for message in self.visible(first.place) if message.seq >= first.seq]
        return [
            message
            for message in later
            if not first.parent or (message.parent and message.root is first.root)
        ]

    def join(self, place: Place, person: Person) -> None:
        if place.gone or place.kind == "direct":
            raise Refused
        if person not in place.members:
            place.members.append(person)
            place.change_members()

    def leave(self, place: Place, person: Person) -> None:
        if place.gone or place.kind == "direct":
            raise Refused
        if person in place.members:
            place.remove_member(person)
            place.change_members()
            self.rows = [row for row in self.rows if (row.message.place, row.person) != (place, person)]

    def _change(self, message: ReferenceMessage) -> int:
        """A message was added or removed: it and its root, which shows the reply count, get this version."""
        message.place.version += 1
        message.version = message.root.version = message.place.version
        return message.version

    def _reason(self, message: ReferenceMessage, person: Person) -> str | None:
        """Why a new message is for somebody else in its place, if it is."""
        direct = message.place.kind == "direct"
        if person is message.sender or not (person.active or direct):
            return None
        if person in message.mentions:
            return "mention"
        if direct:
            return "direct"
        if not message.parent:
            return "room"
        wrote = {other.sender for other in self.thread(message.root) if other is not message}
        return "reply" if person in wrote else None

    def _make_tombstone(self, message: ReferenceMessage) -> None:
        message.text, message.earlier, message.mentions, message.removed = "", [], set(), True
        message.typed = None
        self.rows = [row for row in self.rows if row.message is not message]

    def _make_tombstones_and_sweep(self, messages: list[ReferenceMessage]) -> None:
        for message in messages:
            message.version = message.root.version = message.place.version
            message.sender = None
            self._make_tombstone(message)
        for root in {message.root for message in messages}:
            for message in self.thread(root):
                message.gone = all(one.removed for one in self.tree(message))
