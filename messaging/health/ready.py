"""`GET /ready`: whether this process can serve, as JSON.

503 if the database, the migrations, the disk or the background loop of this process fail, or if it is about
to stop. Tasks that are late are named, but they are no reason to send people elsewhere: with several
processes a worker runs them. `/ready?strict` answers 503 for them too, for a monitor.
"""

import shutil
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.utils import timezone

from messaging.background import runner
from messaging.background.models import PeriodicTask, QueuedTask
from messaging.http.server import Server

PATH: Final = "/ready"
OK, LATE, FAILS, ELSEWHERE, ENDS = "ok", "late", "fails", "elsewhere", "ends"
LEAST_BYTES: Final = 100 * 1024 * 1024  # free on the disk, below which SQLite and uploads soon fail
LATE_AFTER: Final = timedelta(minutes=5)  # a task that is due; the longest takes some seconds
# The most frequent periodic work is due every ten minutes or less.
LOOP_SEEN_WITHIN: Final = timedelta(minutes=15)
_KEPT_SECONDS: Final = 1.0  # how long an answer is reused, so that asking does not keep the database busy


class ReadyMiddleware:
    """The outermost: it answers without a session, a host check or a redirect."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._lock = threading.Lock()
        self._asked_at, self._answer = float("-inf"), {}  # type: float, dict[str, str]

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info != PATH:
            return self.get_response(request)
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        with self._lock:
            if time.monotonic() - self._asked_at > _KEPT_SECONDS:
                self._answer = state()
                self._asked_at = time.monotonic()
        if Server.running and Server.running.server_state.is_draining:
            self._answer = self._answer | {"process": ENDS}
        bad = {FAILS, ENDS, LATE} if "strict" in request.GET else {FAILS, ENDS}
        response = JsonResponse(self._answer, status=503 if bad & set(self._answer.values()) else 200)
        response["Cache-Control"] = "no-store"
        return response


def state() -> dict[str, str]:
    """The state of each part: "ok", "late", "fails", or "elsewhere"."""
    found = {"disk": disk(), "loop": loop(), "database": OK, "migrations": OK, "tasks": OK}
    try:
        found["migrations"] = OK if is_migrated() else FAILS
        if found["migrations"] == OK:
            found["tasks"] = tasks()
    except DatabaseError:
        connection.close()
        found["database"] = FAILS
    return found


def disk() -> str:
    return OK if shutil.disk_usage(settings.VAR_DIR).free >= LEAST_BYTES else FAILS


def loop() -> str:
    """The loop of this process; "elsewhere" if it was started without one."""
    thread = runner.own_thread
    if thread is None:
        return ELSEWHERE
    return OK if thread.is_alive() else FAILS


def tasks() -> str:
    """Whether the queue is being worked on, by any process."""
    return LATE if late_tasks() or is_loop_missing() else OK


def late_tasks() -> int:
    """How many tasks have been due for minutes."""
    return QueuedTask.objects.due().filter(due_at__lte=timezone.now() - LATE_AFTER).count()


def is_loop_missing() -> bool:
    """Whether no process enqueued periodic work lately."""
    since = timezone.now() - LOOP_SEEN_WITHIN
    return not PeriodicTask.objects.filter(last_due_at__gt=since).exists()


_migrated = False


def is_migrated() -> bool:
    """Whether nothing is left to migrate. Once that is so, it stays so; then it is only asked whether the
    database answers."""
    global _migrated
    if _migrated:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return True
    executor = MigrationExecutor(connection)
    _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _migrated
