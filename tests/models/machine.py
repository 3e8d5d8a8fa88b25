"""Base class of the state machine: performs each action on the reference model and on the database, and
compares both after every step."""

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

import pytest
from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import connection, transaction
from hypothesis.stateful import RuleBasedStateMachine, invariant

from messaging.models import Conversation, Message, User
from messaging.models.db import refusals
from messaging.models.messages.conflicts import ClientIdTaken, EditConflict
from messaging.models.messages.saving import post
from tests.factories import UserFactory
from tests.models import invariants
from tests.models.agreement import differences, promised
from tests.models.found import stored
from tests.models.reference_model import ReferenceModel
from tests.models.reference_objects import Conflict, Person, Place, ReferenceMessage, Refused, Taken

REFUSALS: dict[type[Refused], Any] = {
    Refused: (ValidationError, ObjectDoesNotExist, refusals.Refused),
    Taken: ClientIdTaken,
    Conflict: EditConflict,
}

NAMES = ["ada", "ben", "cleo", "dan"]
STEPS_UNTIL_FULL_CHECK = 10  # then everything is read again; otherwise only what has changed
Answer = TypeVar("Answer")


class ComparisonMachine(RuleBasedStateMachine):
    """One example: it starts with an empty database, and leaves one."""

    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.reference = ReferenceModel()
        self.people: dict[str, Person] = {}
        self.rooms: dict[str, Place] = {}
        # Instances that were kept since they were created, so they may be stale or deleted.
        self.kept: dict[ReferenceMessage, Message] = {}
        self.conversations: dict[Place, Conversation] = {}
        self.cached: dict[str, tuple[Any, Any]] = {}
        self.before = stored(self.cached)
        self.steps = 0
        self.calm_until = 0

    def teardown(self) -> None:
        try:
            connection.check_constraints()
        finally:
            transaction.set_rollback(True)
            self.transaction.__exit__(None, None, None)

    @invariant()
    def model_and_database_agree(self) -> None:
        self.steps += 1
        if self.steps % STEPS_UNTIL_FULL_CHECK == 0:
            self.cached.clear()
        now = stored(self.cached)
        found = differences(promised(self.reference, self.people.values()), now)
        assert not found, found
        invariants.check(self.before, now)
        self.before = now

    def calm(self, steps: int) -> None:
        """No destructive actions for some steps, so that there are messages to act on."""
        self.calm_until = self.steps + steps

    def person(self, name: str) -> Person:
        """The person with this name, created if there is none or the last one was erased."""
        if name not in self.people:
            self.people[name] = Person(name, pk=UserFactory.create(username=name).pk)
        return self.people[name]

    def user(self, name: str) -> User:
        return User.objects.get(pk=self.person(name).pk)

    def member(self, place: Place, number: int) -> str:
        """The name of a member; of anybody for 9, or if there is no member."""
        inside = sorted(person.name for person in place.members)
        return inside[number % len(inside)] if inside and number < 9 else NAMES[number % len(NAMES)]

    def editor(self, place: Place, number: int | None) -> tuple[Person | None, User | None]:
        if number is None:
            return None, None
        name = self.member(place, number)
        return self.person(name), self.user(name)

    def open(self, name: str, room: Conversation) -> None:
        """Add a conversation with its current members to the reference model."""
        members = [person for person in self.people.values() if room.memberships.filter(user=person.pk)]
        maker = next(person for person in members if person.pk == room.created_by_id)
        self.rooms[name] = self.reference.open(room.kind, members, maker)
        self.rooms[name].pk, self.rooms[name].is_private = room.pk, room.is_private
        self.conversations[self.rooms[name]] = room

    def existing_message(self, number: int) -> ReferenceMessage:
        """A message that exists: 0 is the latest."""
        there = self.reference.visible()
        return there[-1 - number % len(there)]

    def deleted_message(self, number: int) -> ReferenceMessage:
        gone = [target for target in self.reference.messages if target.gone]
        return gone[-1 - number % len(gone)]

    def instance(self, target: ReferenceMessage, is_kept: bool) -> Message:
        """A new instance, or the one that was kept since it was sent."""
        return self.kept[target] if is_kept else Message.objects.get(pk=target.pk)

    def both(self, promise: Callable[[], Answer], real: Callable[[], Any]) -> tuple[Answer | None, Any]:
        """Perform an action on the reference model and on the database. If the model refuses it, the real
        action must raise too and change no row."""
        try:
            answer = promise()
        except Refused as refusal:
            before = every_row()
            with pytest.raises(REFUSALS[type(refusal)]):
                real()
            assert every_row() == before, "a refused action changed the database"
            return None, None
        return answer, real()

    def change(self, promise: Callable[[], None], real: Callable[[], Message]) -> None:
        _, message = self.both(promise, real)
        if message:
            shows_what_is_stored(message)

    def send(
        self,
        place: Place,
        name: str,
        text: str,
        parent: ReferenceMessage | None = None,
        client_id: UUID | None = None,
    ) -> None:
        person, user, conversation = self.person(name), self.user(name), self.conversations[place]
        real_parent = self.kept[parent] if parent else None
        self._note_down(
            *self.both(
                lambda: self.reference.send(place, person, text, parent, client_id),
                lambda: post(conversation, user, text, parent=real_parent, client_id=client_id),
            )
        )

    def write_to(
        self,
        name: str,
        other: str,
        text: str,
        parent: ReferenceMessage | None = None,
        model: type[Message] = Message,
    ) -> None:
        sender, receiver = self.person(name), self.person(other)
        fields = {"sender": self.user(name), "receiver": self.user(other), "content": text}
        real_parent = self.kept[parent] if parent else None
        self._note_down(
            *self.both(
                lambda: self.reference.write(sender, receiver, text, parent),
                lambda: model.objects.create(parent_message=real_parent, **fields),
            )
        )

    def _note_down(self, target: ReferenceMessage | None, message: Message) -> None:
        if target is None:
            return
        assert target.pk in (0, message.pk), "a repeated client_id must return the first message"
        if not target.pk:
            target.pk, target.place.pk = message.pk, message.conversation_id
            self.kept[target] = message
            self.conversations.setdefault(target.place, message.conversation)
            shows_what_is_stored(message)


def every_row() -> dict[str, list[Any]]:
    models = apps.get_app_config("messaging").get_models()
    return {model.__name__: sorted(model._base_manager.values_list(), key=repr) for model in models}


def shows_what_is_stored(message: Message) -> None:
    """After a save an instance knows what the database knows, however stale it was."""
    names = ("content", "content_html", "edited", "edited_at", "read", "seq", "version")
    now = Message.rows.filter(pk=message.pk).values_list(*names).get()
    assert tuple(getattr(message, name) for name in names) == now
