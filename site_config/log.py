"""The settings of the log: lines of text, or of JSON with one for each request."""

import environ
from django.core.exceptions import ImproperlyConfigured

_env = environ.Env()

LOG = _env.str("PARLEY_LOG", default="text")
if LOG not in ("text", "json"):
    raise ImproperlyConfigured(f"PARLEY_LOG is {LOG!r}: it must be text or json.")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "text": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"},
        "json": {"()": "messaging.http.request_log.JsonFormatter"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"parley.requests": {"level": "INFO" if LOG == "json" else "WARNING"}},
}
