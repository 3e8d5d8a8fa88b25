"""Every kind of change that a page with an open room shows, for tests of what an open page becomes."""

from collections.abc import Callable
from dataclasses import dataclass

from messaging.models import Conversation, Message, User
from messaging.models.messages.polls import NewPoll
from messaging.models.messages.reacting import react, unreact
from messaging.models.messages.saving import post
from messaging.models.messages.ticking import tick
from messaging.models.messages.voting import end_poll, unvote, vote
from messaging.models.rooms import settings
from messaging.models.rooms.members import add, leave
from messaging.text.tasks import tasks_in


@dataclass
class Scene:
    """A room of Ada, Ben and Cleo with a thread: what the changes act on. Ada reads."""

    ada: User
    ben: User
    cleo: User
    room: Conversation
    root: Message
    reply: Message
    deep: Message
    lone: Message
    direct: Conversation
    pier: Conversation
    poll: Message
    secret: Message
    tasks: Message

    @property
    def choice(self) -> int:
        return self.poll.poll_choices.earliest("pk").pk

    @property
    def secret_choice(self) -> int:
        return self.secret.poll_choices.earliest("pk").pk


def make_scene(room: Conversation, ada: User, ben: User, cleo: User) -> Scene:
    """The room must be one of Ada and Ben."""
    add(room, cleo)
    first = post(room, ada, "Good morning")
    root = post(room, ben, "Who takes the early ferry?")
    reply = post(room, cleo, "I do", parent=root)
    deep = post(room, ben, "Which one?", parent=reply)
    post(room, ada, "The first", parent=deep)
    lone = post(room, ben, "The kettle is on")
    react(root, cleo, "👀")
    direct = Conversation.objects.direct(ada, cleo)
    post(direct, cleo, "Lunch?")
    pier = Conversation.objects.create_room("pier", by=ben)
    add(pier, ada)
    post(pier, ben, "Mind the gap")
    poll = post(room, ben, "Lunch?", poll=NewPoll(("Soup", "Herring"), has_several=True))
    secret = post(room, ben, "The colour?", poll=NewPoll(("Red", "Green"), is_anonymous=True))
    tasks = post(room, ben, "- [ ] milk\n- [x] tea")
    for one in (poll, secret):
        vote(one, cleo, one.poll_choices.earliest("pk").pk)
    Message.unread_messages.mark_as_read_for_user(ada, message_ids=[first.pk, lone.pk])
    return Scene(ada, ben, cleo, room, root, reply, deep, lone, direct, pier, poll, secret, tasks)


def rename(user: User) -> None:
    user.display_name = "Benedict Okri"
    user.save()


def unread_again(scene: Scene) -> None:
    Message.unread_messages.mark_as_unread_for_user(scene.ada, [scene.lone.pk])


CHANGES: dict[str, Callable[[Scene], object]] = {
    "a message": lambda scene: post(scene.room, scene.ben, "Here I am"),
    "one's own message, sent elsewhere": lambda scene: post(scene.room, scene.ada, "On my way"),
    "a reply": lambda scene: post(scene.room, scene.cleo, "Me too", parent=scene.root),
    "a reply three deep": lambda scene: post(scene.room, scene.ben, "At seven", parent=scene.deep),
    "the first reply": lambda scene: post(scene.room, scene.ada, "Tea for me", parent=scene.lone),
    "an edit": lambda scene: scene.lone.edit("The kettle **boils**"),
    "an edit of a root": lambda scene: scene.root.edit("Who takes the late ferry?"),
    "an edit of a reply": lambda scene: scene.reply.edit("I would"),
    "an edit that mentions one": lambda scene: scene.lone.edit("The kettle is on, @ada"),
    "a reaction": lambda scene: react(scene.lone, scene.ben, "🎉"),
    "a reaction of one's own, elsewhere": lambda scene: react(scene.root, scene.ada, "👍🏽"),
    "a reaction to a reply": lambda scene: react(scene.reply, scene.ben, "🎉"),
    "a reaction taken back": lambda scene: unreact(scene.root, scene.cleo, "👀"),
    "a poll": lambda scene: post(scene.room, scene.ben, "Tea?", poll=NewPoll(("Yes", "No"))),
    "a vote": lambda scene: vote(scene.poll, scene.ben, scene.choice),
    "a vote of one's own, elsewhere": lambda scene: vote(scene.poll, scene.ada, scene.choice),
    "a vote taken back": lambda scene: unvote(scene.poll, scene.cleo, scene.choice),
    "a task ticked": lambda scene: tick(scene.tasks, scene.ben, tasks_in(scene.tasks.content_html)[0].key),
    "an anonymous vote": lambda scene: vote(scene.secret, scene.ben, scene.secret_choice),
    "the end of a poll": lambda scene: end_poll(scene.poll, scene.ben),
    "a removal": lambda scene: scene.lone.remove(by=scene.ben),
    "a removal of a root with replies": lambda scene: scene.root.remove(by=scene.ben),
    "a removal of a reply": lambda scene: scene.reply.remove(by=scene.cleo),
    "a deletion": lambda scene: Message.objects.filter(pk=scene.lone.pk).delete(),
    "a deletion of a root with replies": lambda scene: Message.objects.filter(pk=scene.root.pk).delete(),
    "a rename": lambda scene: rename(scene.ben),
    "another name of the room": lambda scene: settings.rename(scene.room, "quay", "", by=scene.ada),
    "an account deleted": lambda scene: scene.cleo.delete(),
    "somebody leaves": lambda scene: leave(scene.room, scene.cleo),
    "somebody joins": lambda scene: add(scene.room, User.objects.create_user("dora")),
    "everything read elsewhere": lambda scene: Message.unread_messages.mark_as_read_for_user(scene.ada),
    "unread again elsewhere": unread_again,
    "a new room": lambda scene: add(Conversation.objects.create_room("quay", by=scene.ben), scene.ada),
    "a new direct message": lambda scene: Message.objects.create(
        sender=scene.ben, receiver=scene.ada, content="Psst"
    ),
    "a message in another conversation": lambda scene: post(scene.direct, scene.cleo, "At one?"),
    "the reader leaves another room": lambda scene: leave(scene.pier, scene.ada),
}
