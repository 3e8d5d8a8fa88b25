"""The product's settings without rate limits, since one client of a benchmark stands for many people."""

from site_config.settings import *  # noqa: F403
from site_config.settings import LIMITS

ROOT_URLCONF = "bench.urls"
LIMITS |= dict.fromkeys(LIMITS, (10**9, 10**9))
