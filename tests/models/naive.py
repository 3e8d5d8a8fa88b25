"""Parley in memory: what the design promises, as simply as it can be said, and nothing about how it is done.

Lists and loops only: nothing is kept that could be counted, nothing is indexed, nothing is locked.
"""

from collections.abc import Iterable, Iterator
from uuid import UUID

from tests.models.naive_nouns import Conflict, Person, Place, Refused, Row, Said, Taken


class World:
    """Everything that there is."""

    def __init__(self) -> None:
        self.places: list[Place] = []
        self.said: list[Said] = []
        self.rows: list[Row] = []

    def open(self, kind: str, members: Iterable[Person], maker: Person | None = None) -> Place:
        moderators = {maker} if kind == "room" and maker else set()
        self.places.append(Place(kind, list(members), maker, moderators=moderators))
        return self.places[-1]

    def here(self) -> list[Place]:
        return [place for place in self.places if not place.gone]

    def visible(self, place: Place | None = None) -> list[Said]:
        """The messages that are there, tombstones too, in the order in which they were sent."""
        return [said for said in self.said if not said.gone and place in (None, said.place)]

    def thread(self, root: Said) -> list[Said]:
        return [said for said in self.visible() if said.root is root]

    def tree(self, top: Said) -> Iterator[Said]:
        """The message and all below it: each answer after what it answers, older ones first."""
        yield top
        for said in self.visible():
            if said.parent is top:
                yield from self.tree(said)

    def is_read(self, said: Said) -> bool:
        return not any(row.unread for row in self.rows if row.said is said)

    def rows_of(self, said: Said, person: Person, unread: bool = False) -> list[Row]:
        rows = (row for row in self.rows if row.said is said and row.person is person)
        return [row for row in rows if row.unread or not unread]

    def send(
        self,
        place: Place,
        sender: Person,
        text: str,
        parent: Said | None = None,
        client_id: UUID | None = None,
    ) -> Said:
        if place.gone or not place.may_write(sender) or not text.strip():
            raise Refused
        if parent and parent.place is not place:
            raise Refused
        text = text.strip()
        for said in self.visible():
            if client_id and (said.sender, said.client_id) == (sender, client_id):
                if (said.place, said.parent) != (place, parent) or (text != said.typed and not said.removed):
                    raise Taken
                return said
        if parent and (parent.removed or parent.gone):
            raise Refused
        said = Said(place, sender, text, parent, client_id, mentions=self._named(place, text))
        self.said.append(said)
        said.seq = self._change(said)
        for person in place.members:
            if reason := self._reason(said, person):
                self.rows.append(Row(said, person, reason))
        return said

    def write(self, sender: Person, receiver: Person, text: str, parent: Said | None = None) -> Said:
        """Send to a person. Their conversation is made by the first message, not by a failed one."""
        two = {sender, receiver}
        for place in self.here():
            if place.kind == "direct" and set(place.members) == two:
                return self.send(place, sender, text, parent)
        if parent or not text.strip() or not sender.active:
            raise Refused
        return self.send(self.open("direct", two), sender, text)

    def edit(self, said: Said, text: str, by: Person | None = None, revision: int | None = None) -> None:
        by = by or said.sender
        if not text.strip() or said.gone or said.removed or (by and not said.place.may_write(by)):
            raise Refused
        text = text.strip()
        if text == said.text:
            return
        if revision not in (None, len(said.earlier)):
            raise Conflict
        said.earlier.append((said.text, by))
        named = self._named(said.place, text)
        newly, said.text, said.mentions = named - said.mentions, text, named
        said.place.version += 1
        said.version = said.place.version  # not the root's: its summary is what it was
        for person in newly - {said.sender}:
            if rows := self.rows_of(said, person):
                rows[0].reason, rows[0].unread = "mention", True
            elif person.active:
                self.rows.append(Row(said, person, "mention"))

    def remove(self, said: Said, by: Person | None = None) -> None:
        if said.gone or (by and not said.place.may_write(by)):
            raise Refused
        if not said.removed and by not in (None, said.sender) and by not in said.place.moderators:
            raise Refused
        if not said.removed:
            self._change(said)
            self._bury(said)

    def delete(self, messages: Iterable[Said]) -> None:
        """Remove, and sweep the threads; open pages start anew."""
        there = [said for said in messages if not said.gone]
        for place in {said.place for said in there}:
            place.reset_version = place.version = place.version + 1
        self._bury_and_sweep(there)

    def erase(self, person: Person) -> None:
        theirs = [said for said in self.visible() if said.sender is person]
        naming = [said for said in self.visible() if person in said.mentions]
        concerned = {place for place in self.here() if person in place.members or person is place.maker}
        concerned |= {said.place for said in theirs + naming}
        for place in concerned:
            place.version += 1
            place.reset_version = place.members_version = place.version
            place.let_go(person)
            place.maker = None if place.maker is person else place.maker
            place.gone = place.kind == "direct"
        for said in self.visible():
            said.gone = said.place.gone
            said.earlier = [(text, None if by is person else by) for text, by in said.earlier]
        for said in naming:
            said.mentions.discard(person)
            said.version = said.place.version
        self._bury_and_sweep([said for said in theirs if not said.gone])
        for place in concerned:
            there = self.visible(place)
            if place.is_private and not place.members and all(said.removed for said in there):
                place.gone = True
                for said in there:
                    said.gone = True
        self.rows = [row for row in self.rows if row.person is not person and not row.said.gone]

    def read(self, person: Person, messages: list[Said] | None = None) -> int:
        """How many of them, or of all, were unread."""
        changed = [row for said in self.visible() for row in self.rows_of(said, person, unread=True)]
        changed = [row for row in changed if messages is None or row.said in messages]
        for row in changed:
            row.unread = False
        return len(changed)

    def unread(self, person: Person, messages: list[Said]) -> int:
        """How many of them were for the person, and read."""
        changed = [row for said in messages for row in self.rows_of(said, person) if not row.unread]
        for row in changed:
            row.unread = True
        return len(changed)

    def from_here(self, first: Said) -> list[Said]:
        """The message and what came after it: in its thread for a reply, else in the conversation."""
        later = [said for said in self.visible(first.place) if said.seq >= first.seq]
        return [said for said in later if not first.parent or (said.parent and said.root is first.root)]

    def join(self, place: Place, person: Person) -> None:
        if place.gone or place.kind == "direct":
            raise Refused
        if person not in place.members:
            place.members.append(person)
            self._change_members(place)

    def leave(self, place: Place, person: Person) -> None:
        if place.gone or place.kind == "direct":
            raise Refused
        if person in place.members:
            place.let_go(person)
            self._change_members(place)
            self.rows = [row for row in self.rows if (row.said.place, row.person) != (place, person)]

    def _change_members(self, place: Place) -> None:
        place.version += 1
        place.members_version = place.version

    def _change(self, said: Said) -> int:
        """The message comes or goes: it and its root, which counts its replies, are of this version."""
        said.place.version += 1
        said.version = said.root.version = said.place.version
        return said.version

    def _named(self, place: Place, text: str) -> set[Person]:
        return {person for person in place.members if f"@{person.name}" in text.split()}

    def _reason(self, said: Said, person: Person) -> str | None:
        """Why a new message is for somebody else in its place, if it is."""
        direct = said.place.kind == "direct"
        if person is said.sender or not (person.active or direct):
            return None
        if person in said.mentions:
            return "mention"
        if direct:
            return "direct"
        if not said.parent:
            return "room"
        wrote = {other.sender for other in self.thread(said.root) if other is not said}
        return "reply" if person in wrote else None

    def _bury(self, said: Said) -> None:
        said.text, said.earlier, said.mentions, said.removed = "", [], set(), True
        self.rows = [row for row in self.rows if row.said is not said]

    def _bury_and_sweep(self, messages: list[Said]) -> None:
        for said in messages:
            said.version = said.root.version = said.place.version
            said.sender = None
            self._bury(said)
        for root in {said.root for said in messages}:
            for said in self.thread(root):
                said.gone = all(one.removed for one in self.tree(said))
