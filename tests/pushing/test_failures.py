"""One notice that goes wrong takes no other with it, and nobody's browser delays another's."""

from typing import Any
from unittest.mock import patch

import pytest
from django.db import OperationalError

from messaging.models import Conversation, Message, PushNotice, PushSubscription, User
from messaging.models.inbox import push_claims
from messaging.models.inbox.push_notice import MOST_TRIES, note_new, rescan
from messaging.models.messages.saving import post
from messaging.models.site.push_setup import PushSetupManager
from messaging.pushing import composing, sending
from messaging.pushing.sending import Sender
from messaging.pushing.service import PushClient
from tests.pushing.conftest import push, send, time_passes
from tests.pushing.service import Browser, PushService, Refusal

pytestmark = [pytest.mark.django_db, pytest.mark.backends]


def test_somebody_who_reads_while_notices_are_claimed_gets_none_and_others_get_theirs(
    sender: Sender, service: PushService, ada: User, ben: User, phone: Browser
) -> None:
    laptop = Browser(ada, "/laptop")
    laptop.subscribe(service)
    direct = Conversation.objects.direct(ada, ben)
    post(direct, ada, "For Ben")
    post(direct, ben, "For Ada")
    titles = push_claims.titles_of

    def read_meanwhile(*arguments: Any) -> dict[tuple[int, int], str]:
        Message.unread_messages.mark_as_read_for_user(ben)
        return titles(*arguments)

    with patch.object(push_claims, "titles_of", read_meanwhile):
        push(sender)
    assert phone.shown(service) == []
    assert [notice["body"] for notice in laptop.shown(service)] == ["For Ada"]


def test_a_notice_that_cannot_be_composed_is_tried_again_and_others_are_sent(
    sender: Sender, service: PushService, ada: User, ben: User, phone: Browser
) -> None:
    laptop = Browser(ada, "/laptop")
    laptop.subscribe(service)
    direct = Conversation.objects.direct(ada, ben)
    post(direct, ada, "Breaks")
    post(direct, ben, "Whole")
    excerpt = composing.excerpt

    def breaks(message: Message, length: int) -> str:
        if message.content == "Breaks":
            raise LookupError(message.content)
        return excerpt(message, length)

    with patch.object(composing, "excerpt", breaks):
        push(sender)
    assert phone.shown(service) == []
    assert [notice["body"] for notice in laptop.shown(service)] == ["Whole"]
    time_passes(sender)
    assert [notice["body"] for notice in phone.shown(service)] == ["Breaks"]


def test_nothing_is_claimed_if_the_key_cannot_be_read(
    sender: Sender, service: PushService, ada: User, ben: User, phone: Browser
) -> None:
    post(Conversation.objects.direct(ada, ben), ada, "Waits")
    note_new()
    with (
        patch.object(PushSetupManager, "current", side_effect=RuntimeError),
        pytest.raises(RuntimeError),
    ):
        send(sender)
    send(sender)
    assert [notice["body"] for notice in phone.shown(service)] == ["Waits"]


def test_an_error_of_one_request_leaves_the_other_answers(
    sender: Sender, service: PushService, ada: User, ben: User, phone: Browser
) -> None:
    laptop = Browser(ben, "/laptop")
    laptop.subscribe(service)
    post(Conversation.objects.direct(ada, ben), ada, "Once")
    post_it = PushClient.post

    def breaks(client: PushClient, url: str, *rest: object) -> object:
        if url.endswith("/phone"):
            raise LookupError(url)
        return post_it(client, url, *rest)  # type: ignore[arg-type]

    service.refusals["/laptop"] = Refusal(410)
    with patch.object(PushClient, "post", breaks):
        push(sender)
    (left,) = PushSubscription.objects.all()  # the one that is gone was followed
    assert left.failure == "no answer: LookupError (127.0.0.1)"
    time_passes(sender)
    assert phone.shown(service) == []  # it may have been sent


def test_answers_are_followed_later_if_the_database_is_locked(
    sender: Sender, service: PushService, ada: User, ben: User, phone: Browser
) -> None:
    service.refusals["/phone"] = Refusal(500)
    post(Conversation.objects.direct(ada, ben), ada, "Later")
    with patch.object(sending, "retry_later", side_effect=OperationalError), pytest.raises(OperationalError):
        push(sender)
    service.refusals.clear()
    sender.send_due()
    time_passes(sender)
    assert [notice["body"] for notice in phone.shown(service)] == ["Later"]


def test_a_browser_that_was_told_is_not_looked_at_again_because_another_was_not(
    sender: Sender, service: PushService, ada: User, ben: User, phone: Browser
) -> None:
    Browser(ben, "/laptop").subscribe(service)
    post(Conversation.objects.direct(ada, ben), ada, "Words")
    push(sender)
    PushNotice.objects.filter(subscription__endpoint=service.url("/phone")).update(last=0)
    for _minute in range(2):
        rescan()
    waiting = PushNotice.objects.exclude(due_at=None).values_list("subscription__endpoint", flat=True)
    assert list(waiting) == [service.url("/phone")]


def test_what_is_never_taken_is_given_up(
    sender: Sender, service: PushService, ada: User, ben: User, phone: Browser
) -> None:
    service.refusals["/phone"] = Refusal(500)
    post(Conversation.objects.direct(ada, ben), ada, "Never")
    for _attempt in range(MOST_TRIES + 2):
        time_passes(sender)
    assert PushNotice.objects.get().due_at is None
    assert PushNotice.objects.get().tries == 0


def test_a_lost_answer_is_not_pushed_twice(
    sender: Sender, service: PushService, ada: User, ben: User, phone: Browser
) -> None:
    service.refusals["/phone"] = Refusal(hangs_up=True)
    post(Conversation.objects.direct(ada, ben), ada, "Once")
    push(sender)
    service.refusals.clear()
    time_passes(sender)
    assert [notice["body"] for notice in phone.shown(service)] == ["Once"]
