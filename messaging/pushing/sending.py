"""Sending notices, and processing the answers of the push services."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from django.db import OperationalError
from django.db.models import Q
from django.utils import timezone

from messaging.background.errors import describe
from messaging.models import Installation, PushSetup
from messaging.models.inbox.push_claims import ClaimedNotice, claim
from messaging.models.inbox.push_notice import PushNotice, due, put_off, retry_later
from messaging.models.people.push_subscription import PushSubscription
from messaging.pushing.composing import content_of, topic_of
from messaging.pushing.encryption import encrypt
from messaging.pushing.lanes import Answered, Lane, Request
from messaging.pushing.service import NOT_SENT, Answer, PushNetwork, is_of_known_service
from messaging.pushing.vapid import authorization, contact

logger = logging.getLogger(__name__)

NETWORK = PushNetwork()
THREADS: Final = 16  # requests to known push services at the same time
AHEAD: Final = 50  # of these that are still being sent while the next notices are claimed
# Members name the other hosts, which may take ten seconds for each answer. Nobody else waits for them.
THREADS_FOR_OTHERS: Final = 4
OTHERS_AT_ONCE: Final = 50  # notices that are being sent or wait for a thread; more are put off
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=1)  # of a browser whose answer was lost
GIVEN_UP_AFTER: Final = timedelta(days=14)  # a browser that accepted nothing for so long is removed
LATELY: Final = timedelta(hours=1)  # if others accepted notices, the fault is not this server's
TTL_SECONDS: Final = 86_400  # how long a push service keeps a notice for a device that is off
GONE: Final = frozenset({404, 410})
LATER: Final = frozenset({408, 425, 429})


class Sender:
    """Claims and sends notices, several at the same time. Only the caller's thread uses the database."""

    def __init__(self) -> None:
        self._known, self._others = Lane(THREADS, NETWORK), Lane(THREADS_FOR_OTHERS, NETWORK)
        self._answered: Answered = []  # and not yet processed
        self._surplus: list[ClaimedNotice] = []
        self._taken_at: datetime | None = None

    def send_due(self) -> int:
        """Send the next notices that are due. Returns how many were looked at.

        It waits for known push services only: at most `AHEAD` of their answers are missing then. Without a
        contact (`vapid.contact`) nothing is claimed.
        """
        self._process()
        if not due(timezone.now()).exists() or not (sub := contact()):
            return 0
        private_key, installation = PushSetup.objects.current().private_key, Installation.objects.current()
        claimed, taken = claim()
        for one in claimed:
            self._send(one, installation, private_key, sub)
        self._process()
        while len(self._known) > AHEAD:
            self._known.wait()
            self._process()
        return taken

    def finish(self) -> None:
        """Wait for all answers, and process them."""
        for lane in (self._known, self._others):
            while lane:
                lane.wait()
                self._process()

    def end(self) -> None:
        """Give back what has not begun, and wait for the other answers."""
        self._surplus += self._known.take_back() + self._others.take_back()
        self._process()
        self.finish()

    def close(self) -> None:
        self._known.close()
        self._others.close()

    def _send(self, one: ClaimedNotice, installation: Installation, private_key: str, sub: str) -> None:
        lane = self._known if is_of_known_service(one.subscription.endpoint) else self._others
        if lane is self._others and len(lane) >= OTHERS_AT_ONCE:
            self._surplus.append(one)
            return
        try:
            request = _request(one, installation, private_key, sub)
        except Exception as error:  # an error of ours: the other notices are sent
            logger.error("A notice could not be composed: %s at %s.", *describe(error))
            self._answered.append((one, Answer(NOT_SENT, type(error).__name__)))
        else:
            lane.send(one, request)

    def _process(self) -> None:
        """Process the answers so far. If the database is locked or away, the next call does it."""
        self._answered += self._known.answered() + self._others.answered()
        if any(answer.is_taken for _one, answer in self._answered):
            self._taken_at = timezone.now()
        is_working = self._taken_at is not None and self._taken_at > timezone.now() - LATELY
        answered, self._answered = self._answered, []
        try:
            _process(answered, is_working)
        except OperationalError:
            self._answered = answered
            raise
        while self._surplus:
            put_off(self._surplus[-1].notice, self._surplus[-1].before)
            self._surplus.pop()


def headers_for(endpoint: str, private_key: str, sub: str, topic: str = "") -> dict[str, str]:
    headers = {
        "Authorization": authorization(endpoint, private_key, sub),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(TTL_SECONDS),
        "Urgency": "high",
    }
    return headers | ({"Topic": topic} if topic else {})


def failure_of(answer: Answer, endpoint: str) -> str:
    """The answer in a few words, for administrators and for the person: never what was sent."""
    what = f"{answer.status} {answer.reason}" if answer.status > 0 else f"no answer: {answer.reason}"
    return f"{what.rstrip(': ')} ({urlsplit(endpoint).hostname})"[:80]


def _request(one: ClaimedNotice, installation: Installation, private_key: str, sub: str) -> Request:
    subscription = one.subscription
    body = encrypt(content_of(one, installation), subscription.public_key, subscription.secret)
    topic = topic_of(one.conversation.pk)
    return subscription.endpoint, body, headers_for(subscription.endpoint, private_key, sub, topic)


def refuses_site(answer: Answer, endpoint: str) -> bool:
    """Whether a push service refuses this site. Unknown hosts may answer anything, and do not count."""
    is_refusal = 400 <= answer.status < 500 and answer.status not in LATER | GONE
    return is_refusal and is_of_known_service(endpoint)


def _process(answered: Answered, is_working: bool) -> None:
    """Process answers: 404 and 410 delete the subscription; a notice that was certainly not accepted is sent
    again, after longer and longer pauses.

    Args:
        is_working: whether notices were accepted lately; then a browser that long accepted none is removed.
    """
    taken = [one for one, answer in answered if answer.is_taken]
    if taken:
        _note_taken(taken)
    for one, answer in answered:
        if answer.is_taken:
            continue
        endpoint, now = one.subscription.endpoint, timezone.now()
        subscription = PushSubscription.objects.filter(pk=one.subscription.pk)
        first = one.subscription.failed_at or now
        if answer.status in GONE or (is_working and now - first > GIVEN_UP_AFTER):
            subscription.delete()
            continue
        failure = failure_of(answer, endpoint)
        subscription.update(failed_at=first, failure=failure)
        logger.warning("A notice could not be pushed: %s.", failure)
        if refuses_site(answer, endpoint):
            PushSetup.objects.note_failure(failure)
        if answer.status >= NOT_SENT:
            retry_later(one.notice, one.before, answer.retry_after)
        else:  # it may have been sent, so only the next ones wait: as long as answers have been missing
            pause = min(max(now - first, FIRST_PAUSE), LONGEST_PAUSE)
            subscription.update(paused_until=now + pause)


def _note_taken(taken: Sequence[ClaimedNotice]) -> None:
    if any(is_of_known_service(one.subscription.endpoint) for one in taken):
        PushSetup.objects.note_success()
    failed = Q(failed_at__isnull=False) | Q(paused_until__isnull=False)
    subscriptions = PushSubscription.objects.filter(failed, pk__in=[one.subscription.pk for one in taken])
    subscriptions.update(failed_at=None, failure="", paused_until=None)
    tried = [one.notice.pk for one in taken if one.notice.tries]
    if tried:
        PushNotice.objects.filter(pk__in=tried).update(tries=0)
