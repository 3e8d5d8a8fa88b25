"""The demo's week, created with the same functions as the views use: post, edit, remove, mark as read."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from operator import itemgetter

from django.contrib.auth.hashers import make_password
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F, OuterRef, Subquery

from messaging.demo import script
from messaging.demo.emoji import add_all_emoji
from messaging.demo.pictures import picture
from messaging.demo.script import Line, Scene
from messaging.demo.week import Week
from messaging.models import (
    Attachment,
    Conversation,
    CustomEmoji,
    Installation,
    Membership,
    Message,
    MessageHistory,
    Notification,
    Reaction,
    User,
)
from messaging.models.messages.pinning import pin
from messaging.models.messages.polls import NewPoll
from messaging.models.messages.reacting import react
from messaging.models.messages.saving import post
from messaging.models.messages.uploading import upload
from messaging.models.messages.voting import vote
from messaging.models.rooms.members import add

TEAM = "Harbour Works"
TEAM_AGE = timedelta(days=400)  # how long ago everybody joined
READ_AFTER = timedelta(minutes=2)  # the time between a message and its reading

Event = tuple[datetime, Callable[[], None]]


def play(now: datetime, password: str) -> None:
    """Create the team and its week in the database, in one transaction.

    Args:
        now: when the week ends. People work from nine to six in its time zone.
        password: the password of everybody in the demo.
    """
    with transaction.atomic():
        # Sign-up is open, since the demo runs on a single machine with nobody else to send invitations.
        Installation.objects.update(name=TEAM, sign_up=Installation.SignUp.OPEN)
        people = _create_people(password)
        add_all_emoji(by=next(iter(people.values())))
        stage = Stage(Week(now), people)
        events = [event for scene in script.scenes() for event in stage.events(scene)]
        for _, act in sorted(events, key=itemgetter(0)):
            act()
        stage.mark_as_read()
        _set_joining_dates(now - TEAM_AGE)


class Stage:
    """The people, and the messages that they have sent so far."""

    def __init__(self, week: Week, people: dict[str, User]) -> None:
        self.week = week
        self.people = people
        self.sent: dict[Line, Message] = {}

    def events(self, scene: Scene) -> Iterator[Event]:
        """Everything that happens in a conversation, each with its time."""
        conversation = self._create_conversation(scene)
        keyed = {line.key: line for line in scene.lines if line.key}
        for line in scene.lines:
            at = self.week.time(line.at)
            parent = keyed[line.answers] if line.answers else None
            yield at, partial(self._send, conversation, line, parent, at)
            if line.removed is not None:
                removed_at = at + timedelta(minutes=line.removed)
                yield removed_at, partial(self._remove, line, removed_at)
            if line.pinned:
                yield at, partial(self._pin, line, at)
            for emoji, username in line.reactions:
                yield at, partial(self._react, line, username, emoji, at)
            for edit in line.edits:
                at += timedelta(minutes=edit.after)
                yield at, partial(self._edit, line, edit.text, at)

    def mark_as_read(self) -> None:
        """Mark everything as read, soon after it was sent, except what the script leaves unread."""
        for username, person in self.people.items():
            read = [message.pk for line, message in self.sent.items() if username not in line.unread_for]
            Message.unread_messages.mark_as_read_for_user(person, message_ids=read)
        sent = Message.rows.filter(pk=OuterRef("message")).values("timestamp")
        Notification.objects.update(created_at=Subquery(sent))
        Notification.objects.exclude(read_at=None).update(read_at=F("created_at") + READ_AFTER)

    def _create_conversation(self, scene: Scene) -> Conversation:
        creator, *others = (self.people[username] for username in scene.people)
        if scene.kind == "direct":
            return Conversation.objects.direct(creator, *others)
        if scene.kind == "group":
            return Conversation.objects.create_group(by=creator, others=others)
        room = Conversation.objects.create_room(
            scene.name, by=creator, topic=scene.topic, is_private=scene.private
        )
        for other in others:
            add(room, other)
        return room

    def _send(self, conversation: Conversation, line: Line, reply_to: Line | None, at: datetime) -> None:
        sender, parent = self.people[line.by], self.sent[reply_to] if reply_to else None
        poll = NewPoll(tuple(choice for choice, _ in line.poll)) if line.poll else None
        files = [self._upload(sender, name, shows, at) for name, shows in line.pictures]
        message = post(conversation, sender, line.text, parent, timestamp=at, files=files, poll=poll)
        self.sent[line] = message
        choices = message.poll_choices.order_by("pk") if line.poll else ()
        for choice, (_, voters) in zip(choices, line.poll, strict=True):
            for username in voters:
                vote(message, self.people[username], choice.pk)

    def _upload(self, by: User, name: str, shows: str, at: datetime) -> int:
        file = upload(ContentFile(picture(name), name), by)
        file.describe(shows)
        Attachment.objects.filter(pk=file.pk).update(uploaded_at=at)
        return file.pk

    def _pin(self, line: Line, at: datetime) -> None:
        message = pin(self.sent[line], self.people[line.pinned])
        Message.rows.filter(pk=message.pk).update(pinned_at=at)

    def _react(self, line: Line, username: str, emoji: str, at: datetime) -> None:
        person = self.people[username]
        message = react(self.sent[line], person, emoji)
        Reaction.objects.filter(message=message, user=person).update(created_at=at)

    def _edit(self, line: Line, text: str, at: datetime) -> None:
        message = self.sent[line]
        message.edit(text)
        Message.rows.filter(pk=message.pk).update(edited_at=at)
        MessageHistory.objects.filter(message=message, number=message.revision).update(edited_at=at)

    def _remove(self, line: Line, at: datetime) -> None:
        message = self.sent[line]
        message.remove()
        Message.rows.filter(pk=message.pk).update(removed_at=at)


def _create_people(password: str) -> dict[str, User]:
    """Everybody by username. The password is hashed only once, since that takes a third of a second."""
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


def _set_joining_dates(day: datetime) -> None:
    User.objects.update(date_joined=day)
    Membership.objects.update(joined_at=day)
    CustomEmoji.objects.update(added_at=day)
