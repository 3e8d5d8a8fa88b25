"""The product's settings without rate limits, since one client of a benchmark stands for many people.

Static files have the same names, but are not compressed: no benchmark fetches them.
"""

from site_config.settings import *  # noqa: F403
from site_config.settings import LIMITS, STORAGES

ROOT_URLCONF = "bench.urls"
LIMITS |= dict.fromkeys(LIMITS, (10**9, 10**9))
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
