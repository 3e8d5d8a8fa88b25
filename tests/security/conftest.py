"""Fixtures for tests of unauthorised access: those of the tests of the views, and a world of many people."""

from collections.abc import Iterator
from functools import partial

import pytest
from django.db import transaction
from django.test.client import ClientHandler
from pytest_django.plugin import DjangoDbBlocker

from tests.security.world import World, make_world
from tests.views.conftest import ada as ada
from tests.views.conftest import as_ada as as_ada
from tests.views.conftest import as_ben as as_ben
from tests.views.conftest import as_stranger as as_stranger
from tests.views.conftest import ben as ben
from tests.views.conftest import browser as browser
from tests.views.conftest import direct as direct
from tests.views.conftest import message as message
from tests.views.conftest import open_browser
from tests.views.conftest import room as room
from tests.views.conftest import server as server
from tests.views.conftest import stranger as stranger


@pytest.fixture(scope="module")
def world(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, server: ClientHandler
) -> Iterator[World]:
    """Created once for the module. Each request is rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_world(partial(open_browser, server))
        transaction.set_rollback(True)
