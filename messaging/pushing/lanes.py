"""Requests to push services that are under way. Each lane has threads and connections of its own."""

import logging
import threading
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from messaging.background.errors import describe
from messaging.models.inbox.push_claims import ClaimedNotice
from messaging.pushing.service import MAY_BE_SENT, Answer, PushClient, PushNetwork

logger = logging.getLogger(__name__)

Request = tuple[str, bytes, dict[str, str]]  # an endpoint, a body and headers
Answered = list[tuple[ClaimedNotice, Answer]]


class Lane:
    """Sends requests, at most `threads` at a time, and collects their answers. It is not thread-safe."""

    def __init__(self, threads: int, network: PushNetwork) -> None:
        self._network = network
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="push")
        self._of_thread = threading.local()
        self._clients: list[PushClient] = []
        self._under_way: dict[Future[Answer], ClaimedNotice] = {}

    def __len__(self) -> int:
        return len(self._under_way)

    def send(self, one: ClaimedNotice, request: Request) -> None:
        self._under_way[self._threads.submit(self._post, request)] = one

    def answered(self) -> Answered:
        """The answers that have come since the last call."""
        done = [future for future in self._under_way if future.done()]
        return [(self._under_way.pop(future), future.result()) for future in done]

    def wait(self) -> None:
        """Wait until there is an answer, or nothing is under way."""
        wait(self._under_way, return_when=FIRST_COMPLETED)

    def take_back(self) -> list[ClaimedNotice]:
        """Cancel the requests that have not begun. Returns their notices."""
        waiting = [future for future in self._under_way if future.cancel()]
        return [self._under_way.pop(future) for future in waiting]

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
        for client in self._clients:
            client.close()

    def _post(self, request: Request) -> Answer:
        try:
            client = getattr(self._of_thread, "client", None)
            if client is None:
                client = self._of_thread.client = PushClient(self._network)
                self._clients.append(client)
            return client.post(*request)
        except Exception as error:  # an error of ours ends this request only
            logger.error("A notice could not be pushed: %s at %s.", *describe(error))
            return Answer(MAY_BE_SENT, type(error).__name__)
