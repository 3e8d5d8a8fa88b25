"""Every situation of a notice: pushed once to each device or not at all, and never a word that is gone."""

from collections.abc import Callable
from datetime import timedelta
from itertools import product
from typing import Final

import pytest
from django.db import transaction
from django.utils import timezone

from messaging.models import Conversation, Message, PushNotice, Session, User
from messaging.models.inbox.push_claims import claim
from messaging.models.inbox.push_notice import note_new
from messaging.models.messages.saving import post
from messaging.models.people.preferences import PushTexts
from messaging.pushing.sending import Sender
from tests.pushing.conftest import push, send, time_passes
from tests.pushing.service import Browser, PushService
from tests.situations import (
    block_author,
    deactivate,
    direct,
    leave_it,
    mention,
    mute,
    ordinary,
    pause_for_hours,
    reply,
)

pytestmark = pytest.mark.django_db


def everybody(room: Conversation, ada: User, ben: User) -> Message:
    return post(room, ada, "planted for @room")


def look_at_a_page(message: Message, ben: User) -> None:
    ben.push_subscriptions.update(present_until=timezone.now() + timedelta(seconds=20))


def read(message: Message, ben: User) -> None:
    Message.unread_messages.mark_as_read_for_user(ben)


def look_and_read(message: Message, ben: User) -> None:
    look_at_a_page(message, ben)
    read(message, ben)


def hide_words(message: Message, ben: User) -> None:
    User.objects.filter(pk=ben.pk).update(push_texts=PushTexts.NAMES)


def change_password(message: Message, ben: User) -> None:
    ben.set_password("another one")
    ben.save()


MESSAGES: Final = (direct, mention, reply, everybody, ordinary)
# What happens before the notice, and whether there is one then, with which word of the message.
MEANWHILE: Final[dict[str, tuple[Callable[[Message, User], object], str | None]]] = {
    "nothing": (lambda message, ben: None, "planted"),
    "edited": (lambda message, ben: message.edit("changed for @ben"), "changed"),
    "words hidden": (hide_words, ""),
    "looks at a page for a while": (look_at_a_page, "planted"),
    "looks at a page and reads": (look_and_read, None),
    "read": (read, None),
    "removed": (lambda message, ben: message.delete(), None),
    "muted": (mute, None),
    "paused": (pause_for_hours, None),
    "left": (leave_it, None),
    "blocked": (block_author, None),
    "deactivated": (deactivate, None),
    "signed out": (lambda message, ben: Session.objects.filter(user=ben).delete(), None),
    "password changed": (change_password, None),
    "session has run out": (
        lambda message, ben: Session.objects.filter(user=ben).update(expire_date=timezone.now()),
        None,
    ),
    "turned off": (lambda message, ben: ben.push_subscriptions.all().delete(), None),
}
WHEN: Final = ("before it is looked for", "after it was found")
DIES: Final = ("", "the process dies after it looked", "the process dies after it claimed")


def play(
    message: Message,
    ben: User,
    change: Callable[[Message, User], object],
    when: str,
    dies: str,
    sender: Sender,
) -> bool:
    """Returns whether a notice died with its process."""
    if when == WHEN[0]:
        change(message, ben)
    note_new()
    if when == WHEN[1]:
        change(message, ben)
    has_died = False
    if dies == DIES[2]:
        PushNotice.objects.exclude(due_at=None).update(due_at=timezone.now())
        has_died = bool(claim()[0])
    if not dies:
        send(sender)
    time_passes(sender)
    time_passes(sender)
    return has_died


def test_each_situation_is_told_once_to_each_device_or_not_at_all(
    sender: Sender, service: PushService, ada: User, ben: User, room: Conversation
) -> None:
    wrong, played = [], 0
    devices = [Browser(ben, "/phone"), Browser(ben, "/laptop")]
    for make, (name, (change, word)), when, dies in product(MESSAGES, MEANWHILE.items(), WHEN, DIES):
        service.received.clear()
        with transaction.atomic():
            for device in devices:
                device.subscribe(service)
            message = make(room, ada, ben)
            has_died = play(message, User.objects.get(pk=ben.pk), change, when, dies, sender)
            transaction.set_rollback(True)
        expected = word
        if has_died or (make is ordinary and name != "edited"):  # the edit mentions him
            expected = None
        situation = f"{make.__name__}, {name} {when}, {dies}"
        for device in devices:
            notices = device.shown(service)
            if len(notices) != (expected is not None):
                wrong.append(f"{situation}: {len(notices)} notices at {device.path}")
            texts = str(notices)
            shown = [one for one in ("planted", "changed") if one in texts]
            if shown != ([expected] if expected else []):
                wrong.append(f"{situation}: shows {shown} at {device.path}")
        played += 1
    assert wrong == []
    assert played >= 400


def test_a_person_who_looks_at_a_page_is_told_when_they_are_gone(
    sender: Sender, service: PushService, ada: User, ben: User, phone: Browser
) -> None:
    message = post(Conversation.objects.direct(ada, ben), ada, "Are you there?")
    look_at_a_page(message, ben)
    push(sender)
    assert phone.shown(service) == []
    time_passes(sender)
    assert [notice["body"] for notice in phone.shown(service)] == ["Are you there?"]
