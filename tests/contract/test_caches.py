"""LocMem by default, django-redis with REDIS_URL: what the settings choose, and what the tests run on."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.cache import caches

ROOT = Path(__file__).parent.parent.parent
PROGRAM = """
import json
import django
from django.core.cache import caches
django.setup()
found = {alias: [type(caches[alias]).__module__, caches[alias].default_timeout] for alias in caches}
print(json.dumps(found))
"""


def chosen(tmp_path: Path, **environment: str) -> dict[str, tuple[str, int]]:
    """Module and default timeout of each cache that the product's own settings choose."""
    ours = ("PARLEY_", "DATABASE_URL", "REDIS_URL", "SECRET_KEY", "DJANGO_")
    outside = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    settings = {"DJANGO_SETTINGS_MODULE": "site_config.settings", "PARLEY_VAR": str(tmp_path)}
    answer = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=ROOT,
        env=outside | settings | environment,
        check=True,
        capture_output=True,
        text=True,
    )
    return {alias: (module, timeout) for alias, (module, timeout) in json.loads(answer.stdout).items()}


def test_without_redis_every_cache_is_in_local_memory(tmp_path: Path) -> None:
    modules = {module for module, _ in chosen(tmp_path).values()}
    assert modules == {"django.core.cache.backends.locmem"}


def test_with_redis_pages_and_fragments_are_kept_by_django_redis(tmp_path: Path) -> None:
    caches_chosen = chosen(tmp_path, REDIS_URL="redis://127.0.0.1:1/0")
    assert caches_chosen["pages"][0] == caches_chosen["fragments"][0] == "django_redis.cache"
    # Sign-in limits must outlive Redis, and be the same for every process.
    assert caches_chosen["default"][0] == "django.core.cache.backends.db"


def test_on_postgresql_the_limits_hold_for_all_processes(tmp_path: Path) -> None:
    caches_chosen = chosen(tmp_path, DATABASE_URL="postgres://nobody@127.0.0.1:1/parley")
    modules = {alias: module for alias, (module, _) in caches_chosen.items()}
    local = "django.core.cache.backends.locmem"
    assert modules == {"default": "django.core.cache.backends.db", "pages": local, "fragments": local}


@pytest.mark.parametrize("environment", [{}, {"REDIS_URL": "redis://127.0.0.1:1/0"}], ids=["local", "redis"])
def test_nothing_lives_longer_than_an_hour(environment: dict[str, str], tmp_path: Path) -> None:
    found = chosen(tmp_path, **environment)
    assert all(timeout <= 3600 for _, timeout in found.values()), found


@pytest.mark.parametrize("alias", ["pages", "fragments"])
def test_these_tests_run_on_the_caches_that_they_speak_of(alias: str) -> None:
    with_redis = os.environ.get("PARLEY_TEST_REDIS") == "1"
    cache = caches[alias]
    assert type(cache).__name__ == ("RedisCache" if with_redis else "LocMemCache")
    cache.set("key", "value")
    assert cache.get("key") == "value"
