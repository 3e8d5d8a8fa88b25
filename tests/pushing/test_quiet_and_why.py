"""Quiet time on devices, mails and pages; and what each says about why the person got it."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from messaging.models import Conversation, Installation, Membership, Message, MissedMail, Notification, User
from messaging.models.inbox.pausing import pause
from messaging.models.messages.following import follow
from messaging.models.messages.keywords import checked_keywords, save_keywords
from messaging.models.messages.saving import post
from messaging.models.people.preferences import MissedMails, NotificationLevel, PushTexts
from messaging.pushing.sending import Sender
from tests.mailing.receiving import minutes_pass
from tests.pushing.conftest import push, time_passes
from tests.pushing.service import Browser, PushService

pytestmark = [pytest.mark.django_db, pytest.mark.backends]


@pytest.fixture
def mails(settings: Settings, ben: User) -> None:
    settings.HAS_MAIL_SERVER = True
    Installation.objects.row().update(mailed_to=0)
    User.objects.filter(pk=ben.pk).update(email="ben@example.org", email_confirmed=True)


def to_ben() -> list[str]:
    return [str(one.body) for one in mail.outbox if "Ben <" in one.to[0]]


def bodies(phone: Browser, service: PushService) -> list[str]:
    return ["\n".join([notice["body"], notice["why"]]) for notice in phone.shown(service)]


def test_what_came_in_quiet_time_is_mailed_after_it_and_counted_by_the_next_notice(
    sender: Sender, service: PushService, ada: User, ben: User, phone: Browser, mails: None
) -> None:
    direct = Conversation.objects.direct(ada, ben)
    pause(ben, timezone.now() + timedelta(hours=1))
    post(direct, ada, "At night")
    push(sender)
    time_passes(sender)
    minutes_pass()
    assert (phone.shown(service), to_ben()) == ([], [])
    waiting = MissedMail.objects.get(user=ben)
    assert waiting.due_at == User.objects.get(pk=ben.pk).paused_until
    User.objects.filter(pk=ben.pk).update(paused_until=timezone.now())  # the hour is over
    time_passes(sender)
    assert phone.shown(service) == []
    minutes_pass()
    [text] = to_ben()
    assert "At night" in text
    post(direct, ada, "In the morning")
    push(sender)
    [notice] = phone.shown(service)
    assert notice["title"] == "Ada (2)"


def test_devices_mails_and_the_inbox_say_why(
    sender: Sender,
    service: PushService,
    ada: User,
    ben: User,
    room: Conversation,
    phone: Browser,
    mails: None,
    client: Client,
) -> None:
    save_keywords(ben, checked_keywords(["Launch", "tide"]))
    begun, answered, chosen = post(room, ben, "Mine"), post(room, ada, "Hers"), post(room, ada, "Another")
    post(room, ben, "Yes", parent=answered)
    follow(ben, chosen, is_following=True)
    Notification.objects.filter(user=ben).update(read_at=timezone.now())
    reasons = {
        "Dear @ben": "You are mentioned",
        "Dear @room": "@room mentions everybody in this room",
        "The launch": "The keyword “Launch”",
        "The launch, at low tide": "The keywords “Launch”, “tide”",
    }
    situations: list[tuple[str, str, Message | None]] = [(text, why, None) for text, why in reasons.items()]
    situations += [
        ("Reply 1", "You follow this thread because you began it", begun),
        ("Reply 2", "You follow this thread because you answered in it", answered),
        ("Reply 3", "You chose to follow this thread", chosen),
    ]
    client.force_login(ben)
    for text, why, parent in situations:
        service.received.clear()
        mail.outbox.clear()
        post(room, ada, text, parent=parent)
        push(sender)
        minutes_pass()
        assert bodies(phone, service) == [f"Ada: {text}\n{why}"]
        [mailed] = to_ben()
        assert f"{why}. Change this: http://127.0.0.1:8000/" in mailed
        assert why in client.get("/inbox/").content.decode()
        Notification.objects.filter(user=ben).update(read_at=timezone.now())
    save_keywords(ben, {})
    post(room, ada, "The launch")
    assert "You chose to see all messages here as unread" in client.get("/inbox/").content.decode()


@pytest.mark.parametrize("by", ["person", "site"])
def test_where_words_are_left_out_no_keyword_is_named(
    sender: Sender,
    service: PushService,
    ada: User,
    ben: User,
    room: Conversation,
    phone: Browser,
    mails: None,
    client: Client,
    by: str,
) -> None:
    save_keywords(ben, checked_keywords(["layoff"]))
    if by == "site":
        Installation.objects.row().update(push_texts=False, mail_texts=False)
    else:
        User.objects.filter(pk=ben.pk).update(push_texts=PushTexts.NAMES, missed_mails_are=MissedMails.NAMES)
    post(room, ada, "The layoff list is ready")
    client.force_login(ben)
    told = client.get("/desktop-notification/").json()["notification"]["body"]
    push(sender)
    minutes_pass()
    assert bodies(phone, service) == [told] == ["New message from Ada\nIt has one of your keywords"]
    [mailed] = to_ben()
    assert "It has one of your keywords. Change this: " in mailed
    assert "layoff" not in mailed


def test_a_room_can_notify_of_each_message(
    sender: Sender, service: PushService, ada: User, ben: User, room: Conversation, phone: Browser
) -> None:
    mine = Membership.objects.filter(user=ben, conversation=room)
    mine.update(notification_level=NotificationLevel.EVERY)
    post(room, ada, "Good morning")
    push(sender)
    assert bodies(phone, service) == ["Ada: Good morning\nYou chose to be notified of each message here"]
    service.received.clear()
    post(room, ada, "And good night")
    mine.update(notification_level=NotificationLevel.ALL)
    push(sender)
    assert phone.shown(service) == []


def test_here_does_not_notify_people_in_quiet_time(ada: User, ben: User, room: Conversation) -> None:
    def reason(text: str) -> str:
        message = post(room, ada, text, present=[ada.pk, ben.pk])
        return str(Notification.objects.get(message=message, user=ben).reason)

    assert reason("@here") == "@here"
    pause(ben, timezone.now() + timedelta(hours=1))
    assert reason("@here") == "room"
    assert reason("@here and @room") == "@room"
    pause(ben, None)
    assert reason("@here") == "@here"


def test_a_page_that_nobody_looks_at_asks_what_to_tell(
    ada: User, ben: User, room: Conversation, client: Client
) -> None:
    User.objects.filter(pk=ben.pk).update(sound="bell")
    client.force_login(ben)

    def told() -> dict[str, object]:
        answer: dict[str, object] = client.get("/desktop-notification/").json()
        return answer

    post(room, ada, "Good morning")
    assert told() == {"notification": None, "quiet": False, "sound": "bell"}
    message = post(room, ada, "Dear @ben")
    assert told()["notification"] == {
        "id": ben.notifications.get(message=message).pk,
        "epoch": Installation.objects.current().epoch.hex,
        "tag": f"conversation-{room.pk}",
        "title": "#quay",
        "body": "Ada: Dear @ben\nYou are mentioned",
        "url": f"/messages/{message.pk}/",
    }
    User.objects.filter(pk=ben.pk).update(push_texts=PushTexts.NAMES)
    assert "Dear" not in str(told())
    User.objects.filter(pk=ben.pk).update(push_texts=PushTexts.TEXT)
    pause(ben, timezone.now() + timedelta(hours=1))
    assert told() == {"notification": None, "quiet": True, "sound": "bell"}
    pause(ben, None)
    ben.notifications.filter(message=message).update(created_at=timezone.now() - timedelta(minutes=5))
    assert told()["notification"] is None
    post(room, ada, "Again, @ben").delete()
    assert told()["notification"] is None
    post(room, ada, "Once more, @ben")
    Membership.objects.filter(user=ben).update(notification_level=NotificationLevel.MUTED)
    assert told()["notification"] is None
    post(Conversation.objects.direct(ada, ben), ada, "Hello")
    shown = told()["notification"]
    assert isinstance(shown, dict)
    assert (shown["title"], shown["body"]) == ("Ada", "Hello")
