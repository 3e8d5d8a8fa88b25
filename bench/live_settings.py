"""The settings of the benchmarks, in a server that writes down when it has committed a message."""

from bench.settings import *  # noqa: F403
from bench.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "bench.commit_times.CommitTimes"]
