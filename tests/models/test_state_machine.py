"""Whatever people do, in whatever order: the database and a naive Parley in memory agree after every step."""

import os
from uuid import UUID

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule, run_state_machine_as_test

from messaging.models import Conversation, Message, ThreadedMessage, User
from tests.models.machine import NAMES, TwoWorlds
from tests.models.naive_nouns import Said

ON_POSTGRESQL = os.environ.get("PARLEY_TEST_DATABASE") == "postgresql"
# Ten examples a run: after ten Hypothesis would rather repeat parts of an example than make another one.
RUNS = 2 if ON_POSTGRESQL else 8
PROFILE = settings(
    max_examples=10,
    stateful_step_count=40,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
# Few names, few texts, few ids: what matters is that they meet again.
names = st.sampled_from(NAMES)
editors = st.none() | st.integers(0, 9)
members = st.integers(0, 9)  # 9 may be a stranger
rooms = st.sampled_from(["harbour", "attic", "trio"])
numbers = st.integers(0, 9)  # 0 is the latest message
lists_of_numbers = st.lists(numbers, min_size=1, max_size=4)
texts = st.sampled_from(
    ["yes", "no", "no ", "@ada", "@ben yes", "@cleo @dan", "@ada @ben no", "@dan", "@nobody", " "]
)
client_ids = st.none() | st.sampled_from([UUID(int=1), UUID(int=2)])
revisions_behind = st.sampled_from([None, 0, 0, 1])
kinds = st.sampled_from([Message, ThreadedMessage])
ways_to_save = st.sampled_from(["kept", "loaded", "threaded", "only", "unread", "fields", "update_or_create"])
ways_to_erase = st.sampled_from(["erase", "delete", "queryset"])
with_messages = precondition(lambda self: self.world.visible())
after_a_while = precondition(lambda self: self.steps >= self.calm_until)
with_ghosts = precondition(lambda self: len(self.world.visible()) < len(self.world.said))


class Parley(TwoWorlds):
    @initialize()
    def move_in(self) -> None:
        ada, ben, cleo, dan = (self.user(name) for name in NAMES)
        self.open("harbour", Conversation.objects.create_room("Harbour", by=ada))
        self.open("attic", Conversation.objects.create_room("Attic", by=ben, is_private=True))
        self.open("trio", Conversation.objects.create_group(ada, [ben, cleo]))
        for user in (ben, cleo, dan):
            self.join("harbour", user.username)

    @rule(who=members)
    def announce(self, who: int) -> None:
        """The first of the rules with few arguments, and so what the simplest examples consist of."""
        self.post("harbour", who, "yes", None)

    @rule(room=rooms, who=members, text=texts, client_id=client_ids)
    def post(self, room: str, who: int, text: str, client_id: UUID | None) -> None:
        self.send(self.rooms[room], self.member(self.rooms[room], who), text, client_id=client_id)

    @with_messages
    @rule(number=numbers, who=members, text=texts, client_id=client_ids)
    def answer(self, number: int, who: int, text: str, client_id: UUID | None) -> None:
        parent = self.said(number)
        self.send(parent.place, self.member(parent.place, who), text, parent, client_id)

    @with_messages
    @rule(number=numbers, who=members, text=texts)
    def answer_once_more(self, number: int, who: int, text: str) -> None:
        """Among the rules twice, since threads are where most can go wrong."""
        self.answer(number, who, text, None)

    @with_messages
    @rule(number=numbers, name=names, room=rooms)
    def answer_from_elsewhere(self, number: int, name: str, room: str) -> None:
        self.send(self.rooms[room], name, "yes", self.said(number))

    @rule(name=names, other=names, text=texts, model=kinds)
    def write(self, name: str, other: str, text: str, model: type[Message]) -> None:
        self.write_to(name, other, text, model=model)

    @with_messages
    @rule(number=numbers, who=members, other=members, text=texts)
    def answer_directly(self, number: int, who: int, other: int, text: str) -> None:
        parent = self.said(number)
        self.write_to(self.member(parent.place, who), self.member(parent.place, other), text, parent)

    @with_messages
    @rule(number=numbers, text=texts, who=editors, behind=revisions_behind, is_kept=st.booleans())
    def edit(self, number: int, text: str, who: int | None, behind: int | None, is_kept: bool) -> None:
        said = self.said(number)
        by, editor = self.editor(said.place, who)
        revision = None if behind is None else len(said.earlier) - behind

        def real() -> Message:
            message = self.instance(said, is_kept)
            message.edit(text, by=editor, revision=revision)
            return message

        self.change(lambda: self.world.edit(said, text, by or said.sender, revision), real)

    @with_messages
    @rule(number=numbers, text=texts, way=ways_to_save)
    def save(self, number: int, text: str, way: str) -> None:
        """Plain Django, by all the ways that there are."""
        said = self.said(number)
        self.change(lambda: self.world.edit(said, text), lambda: self.saved(said, text, way))

    @with_messages
    @rule(number=numbers, who=editors, is_kept=st.booleans())
    def remove(self, number: int, who: int | None, is_kept: bool) -> None:
        said = self.said(number)
        by, remover = self.editor(said.place, who)

        def real() -> Message:
            message = self.instance(said, is_kept)
            message.remove(by=remover)
            return message

        self.change(lambda: self.world.remove(said, by), real)

    @after_a_while
    @with_messages
    @rule(number=numbers)
    def delete(self, number: int) -> None:
        self.calm(5)
        said = self.said(number)
        self.both(lambda: self.world.delete([said]), lambda: self.kept[said].delete())

    @after_a_while
    @with_messages
    @rule(several=lists_of_numbers)
    def delete_several(self, several: list[int]) -> None:
        self.calm(8)
        messages = {self.said(number) for number in several}
        rows = Message.objects.filter(pk__in=[said.pk for said in messages])
        self.both(lambda: self.world.delete(messages), rows.delete)

    @with_ghosts
    @rule(number=numbers, name=names, room=rooms)
    def nothing_can_be_done_with_what_is_gone(self, number: int, name: str, room: str) -> None:
        ghost = self.ghost(number)
        self.send(ghost.place, name, "yes", ghost)
        self.both(lambda: self.world.edit(ghost, "no"), lambda: self.kept[ghost].edit("no"))
        self.both(lambda: self.world.remove(ghost), lambda: self.kept[ghost].remove())
        self.both(lambda: self.world.delete([ghost]), lambda: self.kept[ghost].delete())

    @rule(name=names, several=st.none() | lists_of_numbers)
    def read(self, name: str, several: list[int] | None) -> None:
        person, user = self.person(name), self.user(name)
        here = self.world.visible()
        some = None if several is None else [self.said(number) for number in several if here]
        ids = None if some is None else [said.pk for said in some]
        promised, changed = self.both(
            lambda: self.world.read(person, some),
            lambda: Message.unread_messages.mark_as_read_for_user(user, message_ids=ids),
        )
        assert changed == promised

    @rule(room=rooms, name=names)
    def join(self, room: str, name: str) -> None:
        place, person, user = self.rooms[room], self.person(name), self.user(name)
        self.both(lambda: self.world.join(place, person), lambda: self.doors[place].add(user))

    @after_a_while
    @rule(room=rooms, name=names)
    def leave(self, room: str, name: str) -> None:
        self.calm(4)
        place, person, user = self.rooms[room], self.person(name), self.user(name)
        self.both(lambda: self.world.leave(place, person), lambda: self.doors[place].remove(user))

    @with_messages
    @rule(number=numbers, name=names)
    def nobody_joins_or_leaves_a_direct_conversation(self, number: int, name: str) -> None:
        place, person, user = self.said(number).place, self.person(name), self.user(name)
        if place.kind == "direct":
            self.both(lambda: self.world.join(place, person), lambda: self.doors[place].add(user))
            self.both(lambda: self.world.leave(place, person), lambda: self.doors[place].remove(user))

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
        self.world.erase(person)
        del self.people[name]
        if way == "queryset":
            User.objects.filter(pk=user.pk).delete()
        else:
            getattr(user, way)()

    def saved(self, said: Said, text: str, way: str) -> Message:
        if way == "update_or_create":
            return Message.objects.update_or_create(pk=said.pk, defaults={"content": text})[0]
        message = self.found(said, way)
        message.content = text
        message.save(update_fields=["content"] if way == "fields" else None)
        return message

    def found(self, said: Said, way: str) -> Message:
        if way == "only":
            return Message.objects.only("edited").get(pk=said.pk)
        if way == "threaded":
            return ThreadedMessage.objects.get(pk=said.pk)
        waiting = [row.person for row in self.world.rows if row.said is said and row.unread]
        if way == "unread" and waiting:
            return Message.unread_messages.for_user(self.user(waiting[0].name)).get(pk=said.pk)
        return self.instance(said, is_kept=way == "kept")


@pytest.mark.parametrize("number", range(RUNS))
def test_the_database_and_a_naive_parley_agree_after_every_step(db: None, number: int) -> None:
    run_state_machine_as_test(seed(number)(type("Parley", (Parley,), {})), settings=PROFILE)
