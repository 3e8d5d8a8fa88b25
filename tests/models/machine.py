"""The machine's frame: two worlds side by side, each act done in both, compared after every step."""

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
from tests.models import laws
from tests.models.agreement import differences, promised
from tests.models.found import stored
from tests.models.naive import World
from tests.models.naive_nouns import Conflict, Person, Place, Refused, Said, Taken

REFUSALS: dict[type[Refused], Any] = {
    Refused: (ValidationError, ObjectDoesNotExist, refusals.Refused),
    Taken: ClientIdTaken,
    Conflict: EditConflict,
}

NAMES = ["ada", "ben", "cleo", "dan"]
ASK_ALL_ANEW = 10  # steps; between them only what the step could have changed
Answer = TypeVar("Answer")


class TwoWorlds(RuleBasedStateMachine):
    """One example: it starts with an empty database, and leaves one."""

    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.world = World()
        self.people: dict[str, Person] = {}
        self.rooms: dict[str, Place] = {}
        # As somebody has held them since they were made: they may be out of date, or gone.
        self.kept: dict[Said, Message] = {}
        self.doors: dict[Place, Conversation] = {}
        self.asked: dict[str, tuple[Any, Any]] = {}
        self.before = stored(self.asked)
        self.steps = 0
        self.calm_until = 0

    def teardown(self) -> None:
        try:
            connection.check_constraints()
        finally:
            transaction.set_rollback(True)
            self.transaction.__exit__(None, None, None)

    @invariant()
    def the_worlds_agree(self) -> None:
        self.steps += 1
        if self.steps % ASK_ALL_ANEW == 0:
            self.asked.clear()
        now = stored(self.asked)
        found = differences(promised(self.world, self.people.values()), now)
        assert not found, found
        laws.check(self.before, now)
        self.before = now

    def calm(self, steps: int) -> None:
        """No upheaval for so many steps: else there would seldom be a message for anything to happen to."""
        self.calm_until = self.steps + steps

    def person(self, name: str) -> Person:
        """The person with this name: hired, when there is none or the last one was erased."""
        if name not in self.people:
            self.people[name] = Person(name, pk=UserFactory.create(username=name).pk)
        return self.people[name]

    def user(self, name: str) -> User:
        return User.objects.get(pk=self.person(name).pk)

    def member(self, place: Place, number: int) -> str:
        """The name of a member; of anybody for 9, or where nobody is left."""
        inside = sorted(person.name for person in place.members)
        return inside[number % len(inside)] if inside and number < 9 else NAMES[number % len(NAMES)]

    def editor(self, place: Place, number: int | None) -> tuple[Person | None, User | None]:
        if number is None:
            return None, None
        name = self.member(place, number)
        return self.person(name), self.user(name)

    def open(self, name: str, room: Conversation) -> None:
        """Note down a conversation that was made with the people who are in it now."""
        members = [person for person in self.people.values() if room.memberships.filter(user=person.pk)]
        maker = next(person for person in members if person.pk == room.created_by_id)
        self.rooms[name] = self.world.open(room.kind, members, maker)
        self.rooms[name].pk, self.rooms[name].is_private = room.pk, room.is_private
        self.doors[self.rooms[name]] = room

    def said(self, number: int) -> Said:
        """A message that is there: 0 is the latest."""
        there = self.world.visible()
        return there[-1 - number % len(there)]

    def ghost(self, number: int) -> Said:
        gone = [said for said in self.world.said if said.gone]
        return gone[-1 - number % len(gone)]

    def instance(self, said: Said, is_kept: bool) -> Message:
        """As it is now, or as somebody has held it since it was sent."""
        return self.kept[said] if is_kept else Message.objects.get(pk=said.pk)

    def both(self, promise: Callable[[], Answer], real: Callable[[], Any]) -> tuple[Answer | None, Any]:
        """Do it here and there. What the naive world refuses must fail there too, and change no row."""
        try:
            answer = promise()
        except Refused as refusal:
            before = every_row()
            with pytest.raises(REFUSALS[type(refusal)]):
                real()
            assert every_row() == before, "a refused act leaves something behind"
            return None, None
        return answer, real()

    def change(self, promise: Callable[[], None], real: Callable[[], Message]) -> None:
        _, message = self.both(promise, real)
        if message:
            shows_what_is_stored(message)

    def send(
        self, place: Place, name: str, text: str, parent: Said | None = None, client_id: UUID | None = None
    ) -> None:
        person, user, conversation = self.person(name), self.user(name), self.doors[place]
        answered = self.kept[parent] if parent else None
        self._note_down(
            *self.both(
                lambda: self.world.send(place, person, text, parent, client_id),
                lambda: post(conversation, user, text, parent=answered, client_id=client_id),
            )
        )

    def write_to(
        self, name: str, other: str, text: str, parent: Said | None = None, model: type[Message] = Message
    ) -> None:
        sender, receiver = self.person(name), self.person(other)
        fields = {"sender": self.user(name), "receiver": self.user(other), "content": text}
        answered = self.kept[parent] if parent else None
        self._note_down(
            *self.both(
                lambda: self.world.write(sender, receiver, text, parent),
                lambda: model.objects.create(parent_message=answered, **fields),
            )
        )

    def _note_down(self, said: Said | None, message: Message) -> None:
        if said is None:
            return
        assert said.pk in (0, message.pk), "sending again sends nothing"
        if not said.pk:
            said.pk, said.place.pk = message.pk, message.conversation_id
            self.kept[said] = message
            self.doors.setdefault(said.place, message.conversation)
            shows_what_is_stored(message)


def every_row() -> dict[str, list[Any]]:
    models = apps.get_app_config("messaging").get_models()
    return {model.__name__: sorted(model._base_manager.values_list(), key=repr) for model in models}


def shows_what_is_stored(message: Message) -> None:
    """After a save an instance knows what the database knows, however stale it was."""
    names = ("content", "content_html", "edited", "edited_at", "read", "seq", "version")
    now = Message.rows.filter(pk=message.pk).values_list(*names).get()
    assert tuple(getattr(message, name) for name in names) == now
