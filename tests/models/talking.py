"""The rules of the state machine for sending, replying and reading."""

from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from messaging.models import Message
from messaging.models.messages.unread_queries import notifications_from
from tests.models.choices import client_ids, kinds, lists_of_numbers, members, names, numbers, rooms, texts
from tests.models.machine import ComparisonMachine

with_messages = precondition(lambda self: self.reference.visible())


class Talking(ComparisonMachine):
    @rule()
    def announce(self) -> None:
        """A rule without arguments. Hypothesis shrinks examples to it, because it is the first."""
        self.post("harbour", 0, "yes", None)

    @rule(room=rooms, who=members, text=texts, client_id=client_ids)
    def post(self, room: str, who: int, text: str, client_id: UUID | None) -> None:
        self.send(self.rooms[room], self.member(self.rooms[room], who), text, client_id=client_id)

    @with_messages
    @rule(number=numbers, who=members, text=texts, client_id=client_ids)
    def answer(self, number: int, who: int, text: str, client_id: UUID | None) -> None:
        parent = self.existing_message(number)
        self.send(parent.place, self.member(parent.place, who), text, parent, client_id)

    @with_messages
    @rule(number=numbers, who=members, text=texts)
    def answer_once_more(self, number: int, who: int, text: str) -> None:
        """A second rule for replies, so that they are chosen more often: most errors happen in threads."""
        self.answer(number, who, text, None)

    @with_messages
    @rule(number=numbers, name=names, room=rooms)
    def answer_from_elsewhere(self, number: int, name: str, room: str) -> None:
        self.send(self.rooms[room], name, "yes", self.existing_message(number))

    @rule(name=names, other=names, text=texts, model=kinds)
    def write(self, name: str, other: str, text: str, model: type[Message]) -> None:
        self.write_to(name, other, text, model=model)

    @with_messages
    @rule(number=numbers, who=members, other=members, text=texts)
    def answer_directly(self, number: int, who: int, other: int, text: str) -> None:
        parent = self.existing_message(number)
        self.write_to(self.member(parent.place, who), self.member(parent.place, other), text, parent)

    @with_messages
    @rule(number=numbers, as_edited=st.booleans())
    def send_again(self, number: int, as_edited: bool) -> None:
        """Send again with the same client_id, as a browser without a response does; sometimes with the edited
        text."""
        target = self.existing_message(number)
        if target.client_id and target.sender:
            text = target.text if as_edited or target.typed is None else target.typed
            self.send(target.place, target.sender.name, text, target.parent, target.client_id)

    @rule(name=names, several=st.none() | lists_of_numbers)
    def read(self, name: str, several: list[int] | None) -> None:
        person, user = self.person(name), self.user(name)
        here = self.reference.visible()
        some = None if several is None else [self.existing_message(number) for number in several if here]
        ids = None if some is None else [target.pk for target in some]
        promised, changed = self.both(
            lambda: self.reference.read(person, some),
            lambda: Message.unread_messages.mark_as_read_for_user(user, message_ids=ids),
        )
        assert changed == promised

    @with_messages
    @rule(name=names, number=numbers)
    def mark_unread_from_here(self, name: str, number: int) -> None:
        person, user, target = self.person(name), self.user(name), self.existing_message(number)
        rows = notifications_from(user, Message.objects.get(pk=target.pk))
        promised, changed = self.both(
            lambda: self.reference.unread(person, self.reference.from_here(target)),
            lambda: Message.unread_messages.mark_as_unread_for_user(
                user, rows.values_list("message_id", flat=True)
            ),
        )
        assert changed == promised

    @rule()
    def everybody_reads(self) -> None:
        for name in list(self.people):
            self.read(name, None)
