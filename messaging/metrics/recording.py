"""Counting what happens in this process."""

import time
from collections.abc import Callable
from typing import Any, Final

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.db.models.signals import post_save
from django.http import HttpRequest, HttpResponse

from messaging.http.request_log import view_name
from messaging.live import timing
from messaging.metrics.registry import MESSAGES, REQUEST_SECONDS, REQUESTS, SLOW_QUERIES, WAKEUP_TO_WRITE
from messaging.models import Message, ThreadedMessage

SLOW_SECONDS: Final = 0.1


class MetricsMiddleware:
    """Counts each request by the name of its view: a path could contain what nobody else may know."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        begun = time.perf_counter()
        response = self.get_response(request)
        view = view_name(request)
        REQUESTS.labels(view, str(response.status_code)).inc()
        REQUEST_SECONDS.labels(view).observe(time.perf_counter() - begun)
        return response


def connect() -> None:
    """Begin to count. Connections to the database that are open already are not timed."""
    timing.observers.append(WAKEUP_TO_WRITE.observe)
    connection_created.connect(_time_queries, dispatch_uid="metrics of queries")
    for sender in (Message, ThreadedMessage):
        post_save.connect(_count_message, sender=sender, dispatch_uid=f"metrics of {sender.__name__}")


def _time_queries(connection: BaseDatabaseWrapper, **kwargs: object) -> None:
    if _timed not in connection.execute_wrappers:
        connection.execute_wrappers.append(_timed)


def _timed(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    begun = time.perf_counter()
    try:
        return execute(sql, params, many, context)
    finally:
        if time.perf_counter() - begun > SLOW_SECONDS:
            SLOW_QUERIES.inc()


def _count_message(created: bool, **kwargs: object) -> None:
    if created:
        transaction.on_commit(MESSAGES.inc)
