"""With Redis the fragments of a page are one round trip, whatever their number."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import reverse
from redis import Redis

from messaging.models import Conversation, User
from messaging.models.messages.saving import post
from messaging.models.messages.timeline import PAGE_SIZE
from tests import servers
from tests.served.browser import SignIn
from tests.served.processes import serve_parley
from tests.views.growing import write_roots
from tests.views.page import Page

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.backends]
DATA = {"get", "mget", "set", "setex", "psetex", "mset", "multi", "exec", "expire", "del"}


@pytest.fixture
def redis() -> Iterator[Any]:
    with servers.redis() as address, Redis.from_url(address) as client:
        yield client


def commands(redis: Any) -> dict[str, int]:
    """The number of data commands since the last call."""
    found = {name.removeprefix("cmdstat_"): row["calls"] for name, row in redis.info("commandstats").items()}
    redis.config_resetstat()
    return {name: calls for name, calls in found.items() if name in DATA}


def test_a_page_reads_its_fragments_in_one_command_and_stores_the_missing_ones_in_one(
    redis: Any, environment: dict[str, str], sign_in: SignIn, room: Conversation, ada: User, ben: User
) -> None:
    write_roots(room, ada, PAGE_SIZE)
    address = f"unix://{redis.get_connection_kwargs()['path']}"
    with serve_parley(**environment | {"REDIS_URL": address}) as server:
        browser = sign_in(server, ben)
        page = reverse("conversation", args=[room.pk])
        lists = reverse("message_list", args=[room.pk])
        commands(redis)
        assert len(Page(browser.get(page)).words()) == PAGE_SIZE
        # One command for all messages; then one transaction for the missing ones, which is sent in one round
        # trip. The sidebar, the reader's own name and buttons, and the whole list are stored separately.
        parts = 3
        rendered = {"mget": 1, "multi": 1, "exec": 1, "get": parts}
        assert commands(redis) == rendered | {"set": PAGE_SIZE + parts}
        browser.get(page)
        assert commands(redis) == {"get": parts}
        assert len(Page(browser.get_cached(lists)).words()) == PAGE_SIZE
        commands(redis)
        browser.get(lists)
        assert commands(redis) == {
            "get": 2
        }  # two GETs of Django's page cache: the Vary headers, then the page
        browser.get_cached(lists)
        assert commands(redis) == {}  # the browser has it
        post(room, ada, "One more")
        browser.get(page)
        changed = 2  # the reader's own name and buttons are the same
        assert commands(redis) == rendered | {"set": 1 + changed}
