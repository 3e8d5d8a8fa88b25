"""What is read when Prometheus asks: open streams, tasks, mails, pushes, the disk."""

import logging
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, connections
from django.db.models import Count, Min
from django.utils import timezone
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from messaging.background.models import QueuedTask
from messaging.health import ready
from messaging.live.hub import Hub
from messaging.models import Digest, Installation, MissedMail, PushNotice, PushSetup, PushSubscription, User

logger = logging.getLogger(__name__)


class ParleyCollector(Collector):
    """Gauges. If the database does not answer, `parley_database_up` is 0, and what is in it is missing."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        streams = sum(len(hub.connections) for hub in list(Hub.by_loop.values()))
        yield _gauge("parley_open_streams", "Open streams of this process.", streams)
        free = shutil.disk_usage(settings.VAR_DIR).free
        yield _gauge("parley_disk_free_bytes", "Free space on the disk of PARLEY_VAR.", free)
        try:
            found = [*_tasks(), *_mails(), *_pushes()]
        except DatabaseError as error:
            logger.warning("The database did not answer for the metrics: %s", type(error).__name__)
            found = []
        finally:
            connections.close_all()  # this thread asks rarely
        yield _gauge("parley_database_up", "Whether the database answered.", bool(found))
        yield from found

    def describe(self) -> list[GaugeMetricFamily]:
        """Nothing, so that registering asks no database."""
        return []


def _gauge(name: str, about: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, about, value)


def _tasks() -> Iterator[GaugeMetricFamily]:
    states = dict(QueuedTask.objects.order_by().values_list("state").annotate(Count("pk")))
    by_state = GaugeMetricFamily("parley_tasks", "Tasks by state.", labels=["state"])
    for state in QueuedTask.State.values:
        by_state.add_metric([state], states.get(state, 0))
    yield by_state
    oldest = QueuedTask.objects.due().order_by().aggregate(oldest=Min("due_at"))["oldest"]
    yield _gauge("parley_task_age_seconds", "How long the oldest task has been due.", _age(oldest))
    yield _gauge(
        "parley_loop_seen", "Whether any process did background work lately.", not ready.is_loop_missing()
    )


def _mails() -> Iterator[GaugeMetricFamily]:
    failed_at = Installation.objects.current().mail_failed_at
    yield _gauge("parley_mail_failing_seconds", "For how long no email could be sent.", _age(failed_at))
    again = sum(
        mails.objects.filter(tries__gt=0, due_at__isnull=False).count() for mails in (MissedMail, Digest)
    )
    yield _gauge("parley_mails_put_back", "Emails that the server did not take, and that wait.", again)
    refused = User.objects.filter(is_active=True).exclude(email_refused_at=None).count()
    yield _gauge("parley_addresses_refused", "People whose address the mail server refuses.", refused)


def _pushes() -> Iterator[GaugeMetricFamily]:
    failed_at = PushSetup.objects.current().failed_at
    yield _gauge(
        "parley_push_failing_seconds", "For how long push services have refused this site.", _age(failed_at)
    )
    again = PushNotice.objects.filter(tries__gt=0, due_at__isnull=False).count()
    yield _gauge("parley_pushes_put_back", "Push notifications that were not taken, and that wait.", again)
    failing = PushSubscription.objects.exclude(failed_at=None).count()
    yield _gauge("parley_push_browsers_failing", "Browsers to which nothing can be pushed.", failing)


def _age(since: datetime | None) -> float:
    return max(timedelta(), timezone.now() - since).total_seconds() if since else 0
