"""Server processes beside the test, over the test's own database; people of the tests of the views."""

import os
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from messaging.models import User
from tests.served.browser import Browser, SignIn
from tests.served.processes import serve_parley
from tests.views.conftest import ada as ada
from tests.views.conftest import ben as ben
from tests.views.conftest import message as message
from tests.views.conftest import room as room
from tests.views.conftest import stranger as stranger

pytest.register_assert_rewrite("tests.served.scenario")


@pytest.fixture(scope="session")
def environment(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What makes a server process serve the test database."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        database = f"sqlite:///{name}"
    else:
        server, _, _ = os.environ["DATABASE_URL"].rpartition("/")
        database = f"{server}/{name}"
    folder = tmp_path_factory.mktemp("served")
    (folder / "static").mkdir()
    environment = {
        "DJANGO_SETTINGS_MODULE": "tests.served.settings",
        "DATABASE_URL": database,
        "PARLEY_VAR": str(folder),
        "SECRET_KEY": settings.SECRET_KEY,
    }
    if settings.REDIS_URL:
        environment["REDIS_URL"] = settings.REDIS_URL
    return environment


@pytest.fixture
def sign_in(transactional_db: None) -> Iterator[SignIn]:
    """Opens browsers: `sign_in(address, ada)` is one in which Ada is signed in to that server."""
    sessions: dict[int, str] = {}
    with ExitStack() as open_browsers:

        def sign_in(address: str, user: User | None = None) -> Browser:
            if user and user.pk not in sessions:
                client = Client()
                client.force_login(user)
                sessions[user.pk] = client.cookies[settings.SESSION_COOKIE_NAME].value
            browser = Browser(address, sessions[user.pk] if user else "")
            open_browsers.callback(browser.close)
            return browser

        yield sign_in


@pytest.fixture(scope="module")
def three(environment: dict[str, str]) -> Iterator[list[str]]:
    """The addresses of three servers that share a database, and Redis where there is one."""
    with ExitStack() as running:
        yield [running.enter_context(serve_parley(**environment)) for _ in range(3)]
