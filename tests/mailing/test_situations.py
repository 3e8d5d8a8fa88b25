"""Every situation in which a message is missed: one mail or none, and never a word that is gone."""

from collections.abc import Callable
from datetime import timedelta
from itertools import product
from typing import Final

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone
from pytest_django import Settings

from messaging.mailing.missed import send_missed
from messaging.models import Conversation, Message, MissedMail, Notification, User
from messaging.models.inbox.missed_mail import claim, note_missed
from messaging.models.people.preferences import MissedMails
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


def wish(kind: MissedMails) -> Callable[[Message, User], None]:
    def change(message: Message, ben: User) -> None:
        User.objects.filter(pk=ben.pk).update(missed_mails_are=kind)

    return change


def change_address(address: str) -> Callable[[Message, User], None]:
    def change(message: Message, ben: User) -> None:
        ben.email = address
        ben.save()

    return change


MESSAGES: Final = (direct, mention, reply, ordinary)
# What happens before the mail, and whether there is one then, with which word of the message.
MEANWHILE: Final[dict[str, tuple[Callable[[Message, User], object], str | None]]] = {
    "nothing": (lambda message, ben: None, "planted"),
    "edited": (lambda message, ben: message.edit("changed for @ben"), "changed"),
    "only names": (wish(MissedMails.NAMES), ""),
    "read": (lambda message, ben: Message.unread_messages.mark_as_read_for_user(ben), None),
    "removed": (lambda message, ben: message.delete(), None),
    "muted": (mute, None),
    "paused": (pause_for_hours, None),
    "left": (leave_it, None),
    "blocked": (block_author, None),
    "no mails": (wish(MissedMails.OFF), None),
    "deactivated": (deactivate, None),
    "no address": (change_address(""), None),
    "another address": (change_address("elsewhere@example.org"), None),
    "address refused": (
        lambda message, ben: User.objects.filter(pk=ben.pk).update(email_refused_at=timezone.now()),
        None,
    ),
}
WHEN: Final = ("before it is looked for", "after it was found", "while it waits a second time")
DIES: Final = (False, True)  # whether the process dies after it claimed the mail


def play(
    message: Message, ben: User, change: Callable[[Message, User], object], when: str, dies: bool
) -> bool:
    """Returns whether a mail died with its process."""
    Notification.objects.update(created_at=timezone.now() - timedelta(minutes=3))
    if when == WHEN[0]:
        change(message, ben)
    note_missed(timezone.now())
    if when == WHEN[2]:  # another message came after it was noted
        MissedMail.objects.filter(user=ben).update(due_at=timezone.now())
    if when != WHEN[0]:
        change(message, ben)
    claimed = [claim(mail.pk) for mail in MissedMail.objects.filter(user=ben)] if dies else []
    has_died = any(claimed)
    send_missed.call()
    note_missed(timezone.now() + timedelta(minutes=3))  # finds whom an edit mentioned meanwhile
    send_missed.call()
    return has_died


def test_each_situation_is_told_once_or_not_at_all(
    settings: Settings, ada: User, ben: User, room: Conversation
) -> None:
    settings.HAS_MAIL_SERVER = True
    wrong, played = [], 0
    for make, (name, (change, word)), when, dies in product(MESSAGES, MEANWHILE.items(), WHEN, DIES):
        mail.outbox.clear()
        with transaction.atomic():
            message = make(room, ada, ben)
            has_died = play(message, User.objects.get(pk=ben.pk), change, when, dies)
            transaction.set_rollback(True)
        expected = word
        if has_died or (make is ordinary and name != "edited"):  # the edit mentions him
            expected = None
        mails = [str(one.message()) for one in mail.outbox if "Ben <" in one.to[0]]
        situation = f"{make.__name__}, {name} {when}{', dies' if dies else ''}"
        if len(mails) != (expected is not None):
            wrong.append(f"{situation}: {len(mails)} mails")
        shown = [one for one in ("planted", "changed") if any(one in text for text in mails)]
        if shown != ([expected] if expected else []):
            wrong.append(f"{situation}: shows {shown}")
        played += 1
    assert wrong == []
    assert played >= 200
