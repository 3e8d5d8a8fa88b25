"""The HTTP server of the metrics: a thread of the process."""

import logging
from typing import Final
from wsgiref.simple_server import WSGIServer

from django.conf import settings
from prometheus_client import start_http_server

from messaging.metrics.collecting import ParleyCollector
from messaging.metrics.recording import connect
from messaging.metrics.registry import REGISTRY

logger = logging.getLogger(__name__)
LOOPBACK: Final = "127.0.0.1"


def start() -> WSGIServer | None:
    """Serve the metrics of this process at `PARLEY_METRICS`, if it is set. If the port is in use, that is
    logged, and Parley runs without them."""
    if not settings.METRICS:
        return None
    host, _, port = settings.METRICS.rpartition(":")
    REGISTRY.register(ParleyCollector())
    connect()
    try:
        server, _ = start_http_server(int(port), host or LOOPBACK, REGISTRY)
    except OSError as error:
        logger.error("There are no metrics at %s: %s.", settings.METRICS, error.strerror)
        return None
    return server
