"""Settings of a Parley installation.

The environment decides: docs/settings.md lists the variables. Every default is safe for production.
"""

from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

from site_config import file_storage
from site_config.caches import in_database, local_memory, redis
from site_config.local_state import refuse_root, secret_key

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
# What people here type before the name of a command; `deploy/parley-manage` says another name.
MANAGE = env.str("PARLEY_MANAGE", default="manage.py")
VAR_DIR = Path(env.str("PARLEY_VAR", default=str(BASE_DIR / "var")))
refuse_root(VAR_DIR)

# Address

PARLEY_URL = env.str("PARLEY_URL", default="http://127.0.0.1:8000").rstrip("/")
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_address = urlsplit(PARLEY_URL)
SECURE = _address.scheme == "https"
if not _address.hostname or _address.scheme not in {"http", "https"}:
    raise ImproperlyConfigured(f"PARLEY_URL must look like https://chat.example.org, not {PARLEY_URL!r}.")
if not SECURE and _address.hostname not in LOOPBACK:
    raise ImproperlyConfigured(
        f"PARLEY_URL is {PARLEY_URL!r}: passwords would travel unencrypted. Use https, or a loopback address."
    )
if _address.path or _address.query or _address.fragment:
    raise ImproperlyConfigured(f"PARLEY_URL is {PARLEY_URL!r}: it needs a host of its own, without a path.")

OWN_HOST = _address.hostname
DEBUG = False
SECRET_KEY = env.str("SECRET_KEY", default="") or secret_key(VAR_DIR)
ALLOWED_HOSTS = [_address.hostname] if SECURE else sorted(LOOPBACK | {"[::1]"})
ROOT_URLCONF = "site_config.urls"
WSGI_APPLICATION = "site_config.wsgi.application"

# Apps, middleware and templates
INSTALLED_APPS = [
    "allauth.socialaccount",  # before Parley, whose admin takes its models out
    "messaging.apps.MessagingConfig",
    "messaging.background",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "crispy_tailwind",
]

# The address of the metrics, host:port, for Prometheus: messaging/metrics/.
METRICS = env.str("PARLEY_METRICS", default="")
if METRICS and not METRICS.rpartition(":")[2].isdecimal():
    raise ImproperlyConfigured(f"PARLEY_METRICS is {METRICS!r}: it must look like 127.0.0.1:9100.")

MIDDLEWARE = [
    "messaging.health.ready.ReadyMiddleware",  # before hosts, https and sessions are looked at
    *(["messaging.metrics.recording.MetricsMiddleware"] if METRICS else []),
    "messaging.http.request_log.RequestLogMiddleware",
    "messaging.http.content_policy.ContentPolicyMiddleware",  # static files and errors have it
    "django.middleware.security.SecurityMiddleware",
    "site_config.static_files.StaticFilesMiddleware",
    "messaging.http.compression.CompressionMiddleware",  # above everything that writes a page
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "messaging.auth.backend.AuthenticationMiddleware",
    "messaging.http.languages.LanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "messaging.http.places.PlaceMiddleware",
    "messaging.http.middleware.AccountPagesMiddleware",
    "messaging.http.middleware.FailureMiddleware",
    "messaging.http.middleware.SetUpMiddleware",
    "messaging.views.people.settings.SettingsMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

CRISPY_ALLOWED_TEMPLATE_PACKS = "tailwind"
CRISPY_TEMPLATE_PACK = "tailwind"

# Data

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'parley.sqlite3'}")}
DATABASES["default"]["CONN_MAX_AGE"] = 600
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
ON_SQLITE = DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3"
if ON_SQLITE:
    DATABASES["default"]["ENGINE"] = "site_config.sqlite"
    DATABASES["default"]["OPTIONS"] = {
        # A transaction takes the write lock when it begins. Otherwise it could fail when it writes later.
        "transaction_mode": "IMMEDIATE",
        "timeout": 5,
        # FULL: after a 2xx the data is on disk. secure_delete: deleted data is overwritten in the file.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; "
        # 0: Litestream empties the log (docs/backups.md).
        f"PRAGMA wal_autocheckpoint={env.int('PARLEY_SQLITE_AUTOCHECKPOINT', default=1000)};",
    }
else:
    DATABASES["default"]["OPTIONS"] = {
        # A query that comes for the fifth time is prepared, and soon planned no more (decision 0020).
        "server_side_binding": True,
        "prepare_threshold": 5,
        **DATABASES["default"].get("OPTIONS", {}),  # of the URL
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TASKS = {"default": {"BACKEND": "messaging.background.backend.QueueBackend"}}

# Caches. `default` holds the rate limits for sign-in. They must not depend on Redis, and must be shared where
# there may be several processes. `pages` has few entries, since LocMem does not drop expired ones
# (docs/architecture.md, "Caching").

REDIS_URL = env.str("REDIS_URL", default="")
CACHES = {
    "default": local_memory("default", 100_000),
    "pages": local_memory("pages", 200),
    "fragments": local_memory("fragments", 20_000),
}
if REDIS_URL:
    CACHES |= {"pages": redis("pages", REDIS_URL), "fragments": redis("fragments", REDIS_URL)}
if REDIS_URL or not ON_SQLITE:
    CACHES["default"] = in_database(100_000)

# People

from site_config.sign_in import *  # noqa: E402, F403

# Without https, as in the demo, browsers take passkeys at localhost alone.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE
# How often a person may do it at once, and then how many times a second (messaging/http/rate_limits.py).
# Nobody types that fast; a script that somebody lets loose in their own browser does.
LIMITS = {
    "send": (60, 2),
    "draft": (60, 1),
    "edit": (30, 1),
    "preview": (30, 1),
    "react": (60, 2),
    "picture": (10, 1 / 60),
    "emoji": (100, 1 / 5),  # custom ones, which administrators add
    "file": (100, 1 / 2),
    "invite": (30, 1 / 10),
    "create": (30, 1 / 10),  # rooms, groups and direct conversations, and people added to them
    "search": (30, 2),
    "status": (20, 1 / 10),
    "report": (10, 1 / 60),
    "address": (5, 1 / 120),
    "push": (10, 1 / 20),
}

# Mail, for password resets. Without a mail server an administrator gives people the link.

_mail_server = env.str("EMAIL_URL", default="")
HAS_MAIL_SERVER = bool(_mail_server)
globals().update(env.email_url_config(_mail_server or "dummymail://"))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=f"Parley <parley@{_address.hostname}>")

# Push notifications: whom push services can reach about them. Empty: the address of an administrator. Apple
# refuses all pushes without a real contact (messaging/pushing/vapid.py).

PUSH_CONTACT = env.str("PARLEY_PUSH_CONTACT", default="")
# A switch for the worst case: browsers remove the service worker, and with it push and the offline page.
SERVICE_WORKER = env.bool("PARLEY_SERVICE_WORKER", default=True)

# Transport and cookies

SESSION_COOKIE_NAME = "__Host-session" if SECURE else "parley_session"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "parley_csrf"
ZONE_COOKIE_NAME = "__Host-zone" if SECURE else "parley_zone"  # set by static/js/timeline.js
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
CSRF_TRUSTED_ORIGINS = [PARLEY_URL]
CSRF_FAILURE_VIEW = "messaging.views.errors.csrf_failure"
SECURE_SSL_REDIRECT = SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
# HSTS for this host only: Parley does not decide for other hosts of the domain, nor about preloading.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_REFERRER_POLICY = "same-origin"
WHITENOISE_ALLOW_ALL_ORIGINS = False

# What pages may load, and ask the browser for

from site_config.page_policies import *  # noqa: E402, F403

X_FRAME_OPTIONS = "DENY"

# Files: uploads in the folder of the storage, or in a bucket (site_config/file_storage.py). Static files are
# served by Parley itself, under names that contain a hash of their content.

from site_config.uploads import *  # noqa: E402, F403

S3_URL = env.str("PARLEY_S3_URL", default="")
X_ACCEL_ADDRESS = env.str("PARLEY_X_ACCEL", default="")  # below it nginx sends the folder (deploy/nginx.conf)
STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": file_storage.bucket(S3_URL, X_ACCEL_ADDRESS)
    if S3_URL
    else file_storage.folder(VAR_DIR / "media"),
    "staticfiles": {"BACKEND": "site_config.static_files.StaticFilesStorage"},
}

# Language and time. Times are stored in UTC; the browser shows each reader's own.

from site_config.languages import *  # noqa: E402, F403

LANGUAGE_COOKIE_NAME = "__Host-language" if SECURE else "parley_language"  # chosen without signing in
LANGUAGE_COOKIE_SECURE = SECURE
TIME_ZONE = "UTC"
USE_TZ = True

from site_config.log import *  # noqa: E402, F403

TEST_RUNNER = "tests.runner.PytestRunner"
