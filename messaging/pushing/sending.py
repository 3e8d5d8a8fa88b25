"""Sending notices, and what follows from the answers of the push services."""

import logging
import threading
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final
from urllib.parse import urlsplit

from django.db.models import Q
from django.utils import timezone

from messaging.models import Installation, PushSetup
from messaging.models.inbox.push_claims import ClaimedNotice, claim
from messaging.models.inbox.push_notice import PushNotice, due, put_back
from messaging.models.people.push_subscription import PushSubscription
from messaging.pushing.composing import content_of, topic_of
from messaging.pushing.encryption import encrypt
from messaging.pushing.service import NOT_SENT, Answer, PushClient, PushNetwork
from messaging.pushing.vapid import authorization, contact

logger = logging.getLogger(__name__)

NETWORK = PushNetwork()
THREADS: Final = 16  # requests at the same time
AHEAD: Final = 1  # batches that are still being sent while the next one is claimed
TTL_SECONDS: Final = 86_400  # how long a push service keeps a notice for a device that is off
GONE: Final = frozenset({404, 410})
LATER: Final = frozenset({408, 425, 429})


class Sender:
    """Claims and sends notices, several at the same time. Only the caller's thread uses the database."""

    def __init__(self) -> None:
        self._under_way: deque[tuple[list[ClaimedNotice], list[Future[Answer]]]] = deque()
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="push")
        self._clients: list[PushClient] = []
        self._of_thread = threading.local()

    def send_due(self) -> int:
        """Send the next notices that are due. Returns how many were looked at.

        If none is due it returns 0, when all that is under way has been answered. Without a contact
        (`vapid.contact`) nothing is claimed.
        """
        if not due(timezone.now()).exists() or not (sub := contact()):
            self.finish()
            return 0
        claimed, taken = claim()
        private_key, installation = PushSetup.objects.current().private_key, Installation.objects.current()
        requests = [_request(one, installation, private_key, sub) for one in claimed]
        self._under_way.append((claimed, [self._threads.submit(self._post, one) for one in requests]))
        self.finish(AHEAD)
        return taken

    def finish(self, ahead: int = 0) -> None:
        """Wait until at most `ahead` batches are unanswered, and process the answers."""
        while len(self._under_way) > ahead:
            claimed, answers = self._under_way.popleft()
            _process(claimed, [answer.result() for answer in answers])

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
        for client in self._clients:
            client.close()

    def _post(self, request: tuple[str, bytes, dict[str, str]]) -> Answer:
        client = getattr(self._of_thread, "client", None)
        if client is None:
            client = self._of_thread.client = PushClient(NETWORK)
            self._clients.append(client)
        return client.post(*request)


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
    what = str(answer.status) if answer.status > 0 else "no answer"
    return " ".join(filter(None, [what, answer.reason, f"({urlsplit(endpoint).hostname})"]))[:80]


def _request(
    one: ClaimedNotice, installation: Installation, private_key: str, sub: str
) -> tuple[str, bytes, dict[str, str]]:
    subscription = one.subscription
    body = encrypt(content_of(one, installation), subscription.public_key, subscription.secret)
    topic = topic_of(one.conversation.pk)
    return subscription.endpoint, body, headers_for(subscription.endpoint, private_key, sub, topic)


def _process(claimed: Sequence[ClaimedNotice], answers: Sequence[Answer]) -> None:
    """404 and 410 end a subscription. What was certainly not taken is tried again, later and later."""
    taken = [one for one, answer in zip(claimed, answers, strict=True) if answer.is_taken]
    if taken:
        _note_taken(taken)
    for one, answer in zip(claimed, answers, strict=True):
        if answer.is_taken:
            continue
        subscription = PushSubscription.objects.filter(pk=one.subscription.pk)
        if answer.status in GONE:
            subscription.delete()
            continue
        failure = failure_of(answer, one.subscription.endpoint)
        first = one.subscription.failed_at or timezone.now()
        subscription.update(failed_at=first, failure=failure)
        logger.warning("A notice could not be pushed: %s.", failure)
        if 400 <= answer.status < 500 and answer.status not in LATER:
            PushSetup.objects.note_failure(failure)
        if answer.status >= NOT_SENT:
            put_back(one.notice, one.before, answer.retry_after)


def _note_taken(taken: Sequence[ClaimedNotice]) -> None:
    PushSetup.objects.note_success()
    failed = Q(failed_at__isnull=False) | Q(paused_until__isnull=False)
    subscriptions = PushSubscription.objects.filter(failed, pk__in=[one.subscription.pk for one in taken])
    subscriptions.update(failed_at=None, failure="", paused_until=None)
    tried = [one.notice.pk for one in taken if one.notice.tries]
    if tried:
        PushNotice.objects.filter(pk__in=tried).update(tries=0)
