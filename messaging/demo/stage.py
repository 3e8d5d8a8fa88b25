"""The demo's week, played through the verbs that people use: post, edit, remove, mark as read."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from operator import itemgetter

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import F, OuterRef, Subquery

from messaging.demo import script
from messaging.demo.script import Line, Scene
from messaging.demo.week import Week
from messaging.models import (
    Conversation,
    Installation,
    Membership,
    Message,
    MessageHistory,
    Notification,
    User,
)
from messaging.models.messages.saving import post
from messaging.models.rooms.members import add

TEAM = "Harbour Works"
SINCE = timedelta(days=400)  # how long the team has been together when its week begins
NOTICED = timedelta(minutes=2)  # how soon each message was read by those who have read it

Cue = tuple[datetime, Callable[[], None]]


def play(now: datetime, password: str) -> None:
    """Put the team and its week into the database, all or nothing.

    Args:
        now: when the week ends; its zone is the one in which people work from nine to six.
        password: everybody's.
    """
    with transaction.atomic():
        # Nobody but this machine's user is there to let a newcomer in.
        Installation.objects.update(name=TEAM, sign_up=Installation.SignUp.OPEN)
        stage = Stage(Week(now), _hire(password))
        cues = [cue for scene in script.scenes() for cue in stage.cues(scene)]
        for _, act in sorted(cues, key=itemgetter(0)):
            act()
        stage.everybody_reads()
        _move_into_the_past(now - SINCE)


class Stage:
    """The people, what they have said so far, and what is left unread."""

    def __init__(self, week: Week, people: dict[str, User]) -> None:
        self.week = week
        self.people = people
        self.said: dict[Line, Message] = {}

    def cues(self, scene: Scene) -> Iterator[Cue]:
        """Everything that happens in a conversation, each with its moment."""
        conversation = self._open(scene)
        keyed = {line.key: line for line in scene.lines if line.key}
        for line in scene.lines:
            at = self.week.time(line.at)
            answered = keyed[line.answers] if line.answers else None
            yield at, partial(self._say, conversation, line, answered, at)
            if line.removed is not None:
                gone = at + timedelta(minutes=line.removed)
                yield gone, partial(self._remove, line, gone)
            for edit in line.edits:
                at += timedelta(minutes=edit.after)
                yield at, partial(self._edit, line, edit.text, at)

    def everybody_reads(self) -> None:
        """Mark everything as read, but for what the script leaves unread; each soon after it was sent."""
        for username, person in self.people.items():
            read = [message.pk for line, message in self.said.items() if username not in line.unread_for]
            Message.unread_messages.mark_as_read_for_user(person, message_ids=read)
        sent = Message.rows.filter(pk=OuterRef("message")).values("timestamp")
        Notification.objects.update(created_at=Subquery(sent))
        Notification.objects.exclude(read_at=None).update(read_at=F("created_at") + NOTICED)

    def _open(self, scene: Scene) -> Conversation:
        maker, *others = (self.people[username] for username in scene.people)
        if scene.kind == "direct":
            return Conversation.objects.direct(maker, *others)
        if scene.kind == "group":
            return Conversation.objects.create_group(by=maker, others=others)
        room = Conversation.objects.create_room(
            scene.name, by=maker, topic=scene.topic, is_private=scene.private
        )
        for other in others:
            add(room, other)
        return room

    def _say(self, conversation: Conversation, line: Line, answered: Line | None, at: datetime) -> None:
        parent = self.said[answered] if answered else None
        self.said[line] = post(conversation, self.people[line.by], line.text, parent=parent, timestamp=at)

    def _edit(self, line: Line, text: str, at: datetime) -> None:
        message = self.said[line]
        message.edit(text)
        Message.rows.filter(pk=message.pk).update(edited_at=at)
        MessageHistory.objects.filter(message=message, number=message.revision).update(edited_at=at)

    def _remove(self, line: Line, at: datetime) -> None:
        message = self.said[line]
        message.remove()
        Message.rows.filter(pk=message.pk).update(removed_at=at)


def _hire(password: str) -> dict[str, User]:
    """Everybody, by username; the password is hashed once, since that alone takes a third of a second."""
    hashed = make_password(password)
    first = script.people()[0]
    return {
        person.username: User.objects.create(
            username=person.username,
            display_name=person.name,
            password=hashed,
            role=User.Role.OWNER if person is first else User.Role.MEMBER,
        )
        for person in script.people()
    }


def _move_into_the_past(day: datetime) -> None:
    User.objects.update(date_joined=day)
    Membership.objects.update(joined_at=day)
