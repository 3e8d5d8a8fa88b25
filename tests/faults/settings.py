"""The product's settings in the servers that faults are played on: one machine stands for many people.

PARLEY_PLANTED=name   plants a bug, or a condition (`tests/faults/planted/`)
"""

import os

from tests.faults.planted.bugs import BUGS
from tests.faults.planted.conditions import CONDITIONS
from tests.served.settings import *  # noqa: F403
from tests.served.settings import DATABASES, INSTALLED_APPS, LIMITS, LOGGING

LIMITS |= dict.fromkeys(LIMITS, (10**9, 10**9))
LOGGING["handlers"]["console"]["level"] = "CRITICAL"  # type: ignore[index]  # refusals are in the history
if planted := os.environ.get("PARLEY_PLANTED"):
    INSTALLED_APPS.append("tests.faults.planted")
    if (parts := (BUGS | CONDITIONS)[planted].init_command) is not None:
        options = DATABASES["default"]["OPTIONS"]
        assert options["init_command"].count(parts[0]) == 1, f"The settings do not contain: {parts[0]}"
        options["init_command"] = options["init_command"].replace(*parts)
