"""Random actions of people in random order: the database and a reference model agree after every step."""

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule, run_state_machine_as_test

from messaging.models import Conversation, Message, Notification, ThreadedMessage, User
from messaging.models.rooms.members import add, leave
from tests.amounts import MORE, ON_POSTGRESQL
from tests.models.choices import (
    editors,
    lists_of_numbers,
    names,
    numbers,
    revisions_behind,
    rooms,
    texts,
    ways_to_erase,
    ways_to_save,
)
from tests.models.machine import NAMES
from tests.models.reference_objects import ReferenceMessage
from tests.models.talking import Talking, with_messages

# Ten examples for each seed, because after ten Hypothesis mostly mutates earlier examples.
RUNS = range(MORE) if ON_POSTGRESQL else range(1_000, 1_000 + MORE)  # different seeds on each database
PROFILE = settings(
    max_examples=10,
    stateful_step_count=40,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
after_a_while = precondition(lambda self: self.steps >= self.calm_until)
with_deleted_messages = precondition(
    lambda self: len(self.reference.visible()) < len(self.reference.messages)
)


class Parley(Talking):
    @initialize()
    def create_rooms(self) -> None:
        ada, ben, cleo, dan = (self.user(name) for name in NAMES)
        self.open("harbour", Conversation.objects.create_room("Harbour", by=ada))
        self.open("attic", Conversation.objects.create_room("Attic", by=ben, is_private=True))
        self.open("trio", Conversation.objects.create_group(ada, [ben, cleo]))
        for user in (ben, cleo, dan):
            self.join("harbour", user.username)

    @with_messages
    @rule(number=numbers, text=texts, who=editors, behind=revisions_behind, is_kept=st.booleans())
    def edit(self, number: int, text: str, who: int | None, behind: int | None, is_kept: bool) -> None:
        target = self.existing_message(number)
        by, editor = self.editor(target.place, who)
        revision = None if behind is None else len(target.earlier) - behind

        def real() -> Message:
            message = self.instance(target, is_kept)
            message.edit(text, by=editor, revision=revision)
            return message

        self.change(lambda: self.reference.edit(target, text, by or target.sender, revision), real)

    @with_messages
    @rule(number=numbers, text=texts, way=ways_to_save)
    def save(self, number: int, text: str, way: str) -> None:
        """Save with plain Django, in each of the ways."""
        target = self.existing_message(number)
        self.change(lambda: self.reference.edit(target, text), lambda: self.saved(target, text, way))

    @with_messages
    @rule(number=numbers, who=editors, is_kept=st.booleans())
    def remove(self, number: int, who: int | None, is_kept: bool) -> None:
        target = self.existing_message(number)
        by, remover = self.editor(target.place, who)

        def real() -> Message:
            message = self.instance(target, is_kept)
            message.remove(by=remover)
            return message

        self.change(lambda: self.reference.remove(target, by), real)

    @after_a_while
    @with_messages
    @rule(number=numbers)
    def delete(self, number: int) -> None:
        self.calm(5)
        target = self.existing_message(number)
        self.both(lambda: self.reference.delete([target]), lambda: self.kept[target].delete())

    @after_a_while
    @with_messages
    @rule(several=lists_of_numbers)
    def delete_several(self, several: list[int]) -> None:
        self.calm(8)
        messages = {self.existing_message(number) for number in several}
        rows = Message.objects.filter(pk__in=[target.pk for target in messages])
        self.both(lambda: self.reference.delete(messages), rows.delete)

    @with_deleted_messages
    @rule(number=numbers, name=names, room=rooms)
    def nothing_can_be_done_with_a_deleted_message(self, number: int, name: str, room: str) -> None:
        deleted = self.deleted_message(number)
        self.send(deleted.place, name, "yes", deleted)
        self.both(lambda: self.reference.edit(deleted, "no"), lambda: self.kept[deleted].edit("no"))
        self.both(lambda: self.reference.remove(deleted), lambda: self.kept[deleted].remove())
        self.both(lambda: self.reference.delete([deleted]), lambda: self.kept[deleted].delete())

    @rule(room=rooms, name=names)
    def join(self, room: str, name: str) -> None:
        place, person, user = self.rooms[room], self.person(name), self.user(name)
        self.both(lambda: self.reference.join(place, person), lambda: add(self.conversations[place], user))

    @after_a_while
    @rule(room=rooms, name=names)
    def leave(self, room: str, name: str) -> None:
        self.calm(4)
        place, person, user = self.rooms[room], self.person(name), self.user(name)
        self.both(lambda: self.reference.leave(place, person), lambda: leave(self.conversations[place], user))

    @with_messages
    @rule(number=numbers, name=names)
    def nobody_joins_or_leaves_a_direct_conversation(self, number: int, name: str) -> None:
        place, person, user = self.existing_message(number).place, self.person(name), self.user(name)
        if place.kind == "direct":
            self.both(
                lambda: self.reference.join(place, person), lambda: add(self.conversations[place], user)
            )
            self.both(
                lambda: self.reference.leave(place, person), lambda: leave(self.conversations[place], user)
            )

    @after_a_while
    @rule(name=names)
    def deactivate_or_bring_back(self, name: str) -> None:
        self.calm(4)
        person, user = self.person(name), self.user(name)
        user.is_active = person.active = not person.active
        user.save()

    @after_a_while
    @with_messages
    @rule(name=names, way=ways_to_erase)
    def erase(self, name: str, way: str) -> None:
        self.calm(15)
        person, user = self.person(name), self.user(name)
        self.reference.erase(person)
        del self.people[name]
        if way == "queryset":
            User.objects.filter(pk=user.pk).delete()
        else:
            getattr(user, way)()

    def saved(self, target: ReferenceMessage, text: str, way: str) -> Message:
        if way == "update_or_create":
            return Message.objects.update_or_create(pk=target.pk, defaults={"content": text})[0]
        message = self.found(target, way)
        message.content = text
        message.save(update_fields=["content"] if way == "fields" else None)
        return message

    def found(self, target: ReferenceMessage, way: str) -> Message:
        if way == "only":
            return Message.objects.only("edited").get(pk=target.pk)
        if way == "threaded":
            return ThreadedMessage.objects.get(pk=target.pk)
        waiting = Notification.objects.filter(message=target.pk, read_at=None).first()
        if way == "unread" and waiting:
            return Message.unread_messages.for_user(waiting.user).get(pk=target.pk)
        return self.instance(target, is_kept=way == "kept")


@pytest.mark.parametrize("number", RUNS)
def test_the_database_and_the_reference_model_agree_after_every_step(db: None, number: int) -> None:
    run_state_machine_as_test(seed(number)(type("Parley", (Parley,), {})), settings=PROFILE)
