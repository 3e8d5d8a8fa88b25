"""The metrics that are counted in this process. Times are in seconds."""

from typing import Final

from prometheus_client import CollectorRegistry, Counter, GCCollector, Histogram, ProcessCollector

REGISTRY: Final = CollectorRegistry()
ProcessCollector(registry=REGISTRY)
GCCollector(registry=REGISTRY)

REQUESTS: Final = Counter(
    "parley_requests",
    "Answered requests by view and status. Refusals are 4xx, 503 and 507.",
    ["view", "status"],
    registry=REGISTRY,
)
REQUEST_SECONDS: Final = Histogram(
    "parley_request_seconds",
    "How long a worker took to answer.",
    ["view"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=REGISTRY,
)
MESSAGES: Final = Counter("parley_messages_sent", "Messages that were stored.", registry=REGISTRY)
WAKEUP_TO_WRITE: Final = Histogram(
    "parley_wakeup_to_write_seconds",
    "From the wake-up after a commit until the change was written to the open streams of its conversation.",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
    registry=REGISTRY,
)
SLOW_QUERIES: Final = Counter(
    "parley_slow_queries", "Queries that took longer than 0.1 s.", registry=REGISTRY
)
