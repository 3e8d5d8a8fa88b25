"""Whatever people do, in whatever order: the database and a naive Parley in memory agree after every step."""

import os
from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

import pytest
from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from messaging.models import Conversation, Message, ThreadedMessage, User
from tests.factories import UserFactory
from tests.models.agreement import differences, promised, stored
from tests.models.laws import check
from tests.models.naive import World
from tests.models.naive_nouns import Conflict, Person, Place, Refused, Said, Taken

ON_POSTGRESQL = os.environ.get("PARLEY_TEST_DATABASE") == "postgresql"
PROFILE = settings(
    max_examples=20 if ON_POSTGRESQL else 80,
    stateful_step_count=40,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
REFUSALS: dict[type[Refused], Any] = {
    Refused: (ValidationError, ObjectDoesNotExist),
    Taken: Message.ClientIdTaken,
    Conflict: Message.EditConflict,
}
# Few names, few texts, few ids: what matters is that they meet again.
names = st.sampled_from(["ada", "ben", "cleo", "dan"])
somebody = st.none() | names
texts = st.sampled_from(
    ["yes", "no", "no ", "@ada", "@ben yes", "@cleo @dan", "@ada @ben no", "@dan", "@nobody", " "]
)
client_ids = st.none() | st.sampled_from([UUID(int=1), UUID(int=2)])

Answer = TypeVar("Answer")


class Parley(RuleBasedStateMachine):
    messages = Bundle("messages")
    places = Bundle("places")

    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.world = World()
        self.people: dict[str, Person] = {}
        self.kept: dict[Said, Message] = {}
        self.before = stored()

    def teardown(self) -> None:
        try:
            connection.check_constraints()
        finally:
            transaction.set_rollback(True)
            self.transaction.__exit__(None, None, None)

    # Who and what

    def person(self, name: str) -> Person:
        """The person with this name; hired, when there is none or the last one was erased."""
        if name not in self.people:
            self.people[name] = Person(name, pk=UserFactory(username=name).pk)
        return self.people[name]

    def user(self, name: str | Person) -> User:
        person = name if isinstance(name, Person) else self.person(name)
        return User.objects.get(pk=person.pk)

    def editor(self, name: str | None) -> tuple[Person | None, User | None]:
        return (self.person(name), self.user(name)) if name else (None, None)

    def instance(self, said: Said, is_kept: bool = False) -> Message:
        return self.kept[said] if is_kept else Message.objects.get(pk=said.pk)

    def both(
        self, promise: Callable[[], Answer], real: Callable[[], Any]
    ) -> tuple[Answer, Any] | tuple[None, None]:
        """Do it here and there. What the naive world refuses must fail there, and change no row."""
        try:
            answer = promise()
        except Refused as refusal:
            before = every_row()
            with pytest.raises(REFUSALS[type(refusal)]):
                real()
            assert every_row() == before
            return None, None
        return answer, real()

    def sent(self, said: Said | None, message: Message) -> Any:
        if said is None:
            return multiple()
        if said.pk:
            assert message.pk == said.pk, "sending again sends nothing"
            return multiple()
        said.pk = message.pk
        said.place.pk = message.conversation_id
        self.kept[said] = message
        self.shows_what_is_stored(message)
        return said

    def shows_what_is_stored(self, message: Message) -> None:
        for name in ("content", "content_html", "edited", "edited_at", "read", "seq", "version"):
            assert getattr(message, name) == Message.rows.values_list(name, flat=True).get(pk=message.pk)

    # Sending

    @initialize(target=places)
    def move_in(self) -> Any:
        ada, ben, cleo = (self.user(name) for name in ("ada", "ben", "cleo"))
        rooms = [
            ("room", Conversation.objects.create_room("harbour", by=ada), "a"),
            ("room", Conversation.objects.create_room("attic", by=ben, is_private=True), "b"),
            ("group", Conversation.objects.create_group(ada, [ben, cleo]), "abc"),
        ]
        places = []
        for kind, room, initials in rooms:
            place = self.world.open(kind, [self.people[name] for name in self.people if name[0] in initials])
            place.pk = room.pk
            places.append(place)
        for name in ("ben", "cleo"):
            self.join(places[0], name)
        return multiple(*places)

    @rule(target=messages, place=places, name=names, text=texts, client_id=client_ids)
    def post(self, place: Place, name: str, text: str, client_id: UUID | None) -> Any:
        return self.post_somewhere(place, name, text, None, client_id)

    @rule(target=messages, parent=messages, name=names, text=texts, client_id=client_ids)
    def answer(self, parent: Said, name: str, text: str, client_id: UUID | None) -> Any:
        return self.post_somewhere(parent.place, name, text, parent, client_id)

    @rule(target=messages, place=places, parent=messages, name=names)
    def answer_elsewhere(self, place: Place, parent: Said, name: str) -> Any:
        return self.post_somewhere(place, name, "yes", parent, None)

    def post_somewhere(
        self, place: Place, name: str, text: str, parent: Said | None, client_id: UUID | None
    ) -> Any:
        person, user = self.person(name), self.user(name)
        answered = self.kept[parent] if parent else None
        conversation = answered.conversation if answered and parent else None
        if conversation is None or conversation.pk != place.pk:
            conversation = Conversation.objects.get(pk=place.pk)
        return self.sent(
            *self.both(
                lambda: self.world.send(place, person, text, parent, client_id),
                lambda: conversation.post(user, text, parent=answered, client_id=client_id),
            )
        )

    @rule(target=messages, name=names, other=names, text=texts, model=st.sampled_from([Message, ThreadedMessage]))
    def write(self, name: str, other: str, text: str, model: type[Message]) -> Any:
        return self.write_to(name, other, text, None, model)

    @rule(target=messages, name=names, other=names, text=texts, parent=messages)
    def answer_directly(self, name: str, other: str, text: str, parent: Said) -> Any:
        return self.write_to(name, other, text, parent, Message)

    def write_to(self, name: str, other: str, text: str, parent: Said | None, model: type[Message]) -> Any:
        sender, receiver = self.person(name), self.person(other)
        fields = {"sender": self.user(name), "receiver": self.user(other), "content": text}
        answered = self.kept[parent] if parent else None
        return self.sent(
            *self.both(
                lambda: self.world.write(sender, receiver, text, parent),
                lambda: model.objects.create(parent_message=answered, **fields),
            )
        )
