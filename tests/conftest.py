"""For every test: its backends and its language, cold caches, and that no test may be skipped in CI."""

import gc
import os
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from django.core.cache import caches
from django.core.cache.backends.db import DatabaseCache
from pytest_django.plugin import DjangoDbBlocker

from messaging.http.roomy_stack import with_room
from tests.chosen_language import chosen_by_everybody, leave_out_english

HERE = Path(__file__).parent
# All tests in these folders run on SQLite and on PostgreSQL with Redis. Others have the marker themselves.
BACKENDS = [HERE / "contract", HERE / "models", HERE / "races"]
# Not these: they start programs that use a database of their own.
NOT_MARKED = HERE / "contract/test_commands.py"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Marks the tests of the backends by their folders.

    Tests marked for the other database alone are deselected, not skipped.
    """
    other = "sqlite" if os.environ.get("PARLEY_TEST_DATABASE") == "postgresql" else "postgresql"
    for item in items:
        if item.path != NOT_MARKED and any(item.path.is_relative_to(folder) for folder in BACKENDS):
            item.add_marker("backends")
    elsewhere = [item for item in items if item.get_closest_marker(other)]
    items[:] = [item for item in items if item not in elsewhere]
    config.hook.pytest_deselected(items=elsewhere)
    leave_out_english(config, items)


def pytest_collection_finish() -> None:
    """Exclude the objects that are loaded now from garbage collection, which would examine them each time."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> None:
    """Tests run with the stack room of a request; those of views then take a sixth less processor time."""
    pyfuncitem.obj = partial(_with_room, pyfuncitem.obj)


def _with_room(test: Callable[..., object], **fixtures: object) -> object:
    return with_room(partial(test, **fixtures))


def _skipped_in_ci(config: pytest.Config) -> list[pytest.TestReport]:
    if os.environ.get("CI") != "true":
        return []
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    return reporter.stats.get("skipped", []) if reporter else []


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI nothing may be missing, so a skipped test fails the run."""
    if _skipped_in_ci(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for report in _skipped_in_ci(config):
        terminalreporter.write_line(f"FAILED {report.nodeid}: skipped, and in CI no test may be", red=True)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """The test database, of which a copy is kept before the first test."""
    from tests.migrated import keep_copy

    with django_db_blocker.unblock():
        keep_copy()


@pytest.fixture(autouse=True, scope="session")
def emptying() -> Iterator[None]:
    """After a test that committed, the database is emptied in our own way."""
    from tests.emptying import empty_database

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.test.TransactionTestCase._fixture_teardown", empty_database)
        yield


@pytest.fixture(autouse=True, scope="session")
def chosen_language() -> Iterator[None]:
    """With PARLEY_TEST_LANGUAGE everybody has chosen that language."""
    with chosen_by_everybody():
        yield


@pytest.fixture(autouse=True)
def set_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parley counts as set up, so that requests are not sent to the set-up page."""
    monkeypatch.setattr("messaging.http.middleware.SetUpMiddleware.is_set_up", True)


@pytest.fixture(autouse=True)
def patient_deletion(monkeypatch: pytest.MonkeyPatch) -> None:
    """The request that deletes an account finishes that, also on a busy machine, where it would leave the
    rest to a task after two seconds."""
    monkeypatch.setattr("messaging.views.accounts.deletion.AT_ONCE_SECONDS", 60.0)


@pytest.fixture(autouse=True)
def standing_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """No bucket of the rate limits is refilled during a test, however long a busy machine takes."""
    monkeypatch.setattr("messaging.http.rate_limits.monotonic", lambda: 0.0)


@pytest.fixture(autouse=True)
def cold_caches(request: pytest.FixtureRequest) -> Iterator[None]:
    """Each test starts with empty caches, whatever their backend, without stored parts of pages, and with
    full buckets of the rate limits: a test with low limits leaves empty ones."""
    # Not at the top: this file is also loaded as a plugin, before Django is set up (tests/test_make.py).
    from messaging.forms.messages import composer_html
    from messaging.http.rate_limits import fill_all_buckets
    from messaging.templatetags import parley

    in_database = [cache for cache in caches.all(initialized_only=False) if isinstance(cache, DatabaseCache)]
    for cache in caches.all():
        if cache not in in_database:
            cache.clear()
    fill_all_buckets()
    composer_html.pieces.cache_clear()
    parley.render_static_part.cache_clear()
    yield
    # A rollback empties a cache in the database, but a test that commits leaves its entries behind.
    marker = request.node.get_closest_marker("django_db")
    if "transactional_db" in request.fixturenames or (marker and marker.kwargs.get("transaction")):
        for cache in in_database:
            cache.clear()
