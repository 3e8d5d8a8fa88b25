"""Requests to an identity provider: limited in bytes and in time, and without redirects."""

import io
import queue
import time
from threading import Thread
from typing import Any, Final

import requests
import urllib3

SILENCE_SECONDS: Final = 5  # to connect, and between two bytes
SECONDS: Final = 10.0  # of a whole request
MOST_BYTES: Final = 1024 * 1024  # of an answer, unpacked
BLOCK: Final = 16 * 1024


class AnswerTooLong(requests.RequestException):
    """The answer has more than MOST_BYTES."""


class Redirected(requests.RequestException):
    """The answer is a redirect. None is followed: it could lead to an address without encryption, or into
    this network."""


class ProviderSession(requests.Session):
    """A session whose answers are read completely before they are returned."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        return None

    def request(self, *args: Any, **options: Any) -> requests.Response:
        """As in `requests`. It runs in a thread, so that the limit includes slow name servers and headers.

        Raises:
            requests.RequestException: it is AnswerTooLong, Redirected, a Timeout or what `requests` raises.
        """
        until = time.monotonic() + SECONDS
        answers: queue.SimpleQueue[requests.Response | Exception] = queue.SimpleQueue()

        def ask() -> None:
            try:
                answers.put(self._whole_answer(until, *args, **options))
            except Exception as error:
                answers.put(error)

        Thread(target=ask, name="identity provider", daemon=True).start()
        try:
            answer = answers.get(timeout=SECONDS)
        except queue.Empty:
            raise requests.Timeout from None
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _whole_answer(self, until: float, *args: Any, **options: Any) -> requests.Response:
        limits = {"timeout": SILENCE_SECONDS, "stream": True}
        with super().request(*args, **{**options, **limits}) as answer:
            if 300 <= answer.status_code < 400:
                raise Redirected
            body = bytearray()
            try:
                while block := answer.raw.read1(BLOCK, decode_content=True):
                    body += block
                    if len(body) > MOST_BYTES:
                        raise AnswerTooLong
                    if time.monotonic() > until:
                        raise requests.Timeout
            except urllib3.exceptions.HTTPError as error:
                raise requests.ConnectionError(type(error).__name__) from None
        answer.raw = io.BytesIO(body)
        return answer
