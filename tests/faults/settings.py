"""The product's settings in the servers that faults are played on: one machine stands for many people."""

from tests.served.settings import *  # noqa: F403
from tests.served.settings import LIMITS, LOGGING

LIMITS |= dict.fromkeys(LIMITS, (10**9, 10**9))
LOGGING["handlers"]["console"]["level"] = "CRITICAL"  # type: ignore[index]  # refusals are in the history
