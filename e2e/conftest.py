"""A real browser against the real server: fixtures of the end-to-end tests.

pytest-django's `live_server` speaks WSGI only; this is the application that `make run` serves.
"""

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Response,
    WebError,
    expect,
    sync_playwright,
)

from e2e import marked, slow
from e2e.browser_state import watch
from e2e.marked import shown as shown
from messaging.http.slots import LONG_ANSWERS
from messaging.models import Conversation, User
from messaging.models.people.preferences import TitleCounts
from messaging.models.rooms.members import add
from tests import chromium
from tests.chosen_language import LANGUAGE
from tests.conftest import chosen_language as chosen_language
from tests.conftest import cold_caches as cold_caches
from tests.conftest import emptying as emptying
from tests.conftest import set_up as set_up
from tests.live.serving import served
from tests.waiting import PATIENCE_SECONDS

PASSWORD = "three grey seals"
# A busy machine may take long. A test fails only if what it waits for never happens.
expect.set_options(timeout=1000 * PATIENCE_SECONDS)
# Without these options Chromium connects to Google's services and looks for updates.
QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--use-fake-device-for-media-stream",  # a microphone that beeps
    "--use-fake-ui-for-media-stream",  # and that pages may use
    "--renderer-process-limit=1",  # starts no process in advance for a page that never comes
]
DESKTOP = {"viewport": {"width": 1440, "height": 900}}
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last: Playwright keeps an event loop in this thread, and no other can run in it."""
    items.sort(key=lambda item: item.path.is_relative_to(Path(__file__).parent))


@pytest.fixture(scope="session")
def server(django_db_setup: None) -> Iterator[str]:
    """The address of a Parley that serves the test database."""
    with served(log_level="warning", changed=slow.slowed) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium.find()
    assert path, "There is no Chromium: run `make test`, which finds or installs one."
    flags = QUIET + ["--no-sandbox"] * (os.geteuid() == 0)
    # Playwright's synchronous interface keeps an event loop in this thread, which Django would object to.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    os.environ["NODE_OPTIONS"] = f'--require "{Path(__file__).with_name("playwright_driver.cjs")}"'
    with marked.removed_from_answers(), slow.stopping_now_and_then(), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=flags)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"], os.environ["NODE_OPTIONS"]


@pytest.fixture(params=[True, False], ids=["script", "plain"])
def script(request: pytest.FixtureRequest) -> bool:
    """Whether the browser runs scripts: a test that asks for it runs both ways."""
    return bool(request.param)


@pytest.fixture
def ada(transactional_db: None) -> User:
    return User.objects.create_user(
        "ada", password=PASSWORD, display_name="Ada Lovelace", title_counts=TitleCounts.ALL
    )


@pytest.fixture
def ben(transactional_db: None) -> User:
    return User.objects.create_user(
        "ben", password=PASSWORD, display_name="Ben Okri", title_counts=TitleCounts.ALL
    )


@pytest.fixture
def room(ada: User, ben: User) -> Conversation:
    """A room of Ada and Ben."""
    room = Conversation.objects.create_room("harbour", by=ada, topic="Ships and tides")
    add(room, ben)
    return room


@pytest.fixture
def faults() -> Iterator[list[str]]:
    """Script errors, breaches of the content security policy and server errors, of any page.

    The list must be empty at the end of the test. A test that provokes such an error asserts it and clears
    the list. The console need not be empty, because Chromium writes an error there for every 409 and 422.
    """
    found: list[str] = []
    yield found
    assert found == []


def _watch(context: BrowserContext, faults: list[str]) -> None:
    def script_failed(fault: WebError) -> None:
        faults.append(f"{fault.page and fault.page.url}: {fault.error}")

    def console_wrote(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            faults.append(message.text)

    def server_answered(answer: Response) -> None:
        if answer.status >= 500:
            faults.append(f"{answer.status} {answer.url}")

    context.on("weberror", script_failed)
    context.on("console", console_wrote)
    context.on("response", server_answered)


def _sign_in(context: BrowserContext, user: User, server: str) -> None:
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": server}])


@pytest.fixture
def open_page(
    transactional_db: None, server: str, browser: Browser, faults: list[str], shown: marked.Shown
) -> Iterator[Callable[..., Page]]:
    """Opens pages, each in a browser profile of its own: `open_page(ada, phone=True).goto("/")`.

    Further arguments are Playwright's for a profile: `timezone_id`, `locale`, `forced_colors`,
    `service_workers="allow"`.
    """
    contexts: list[BrowserContext] = []

    def open_page(
        user: User | None = None,
        script: bool = True,
        phone: bool = False,
        theme: str = "light",
        address: str = server,
        **more: Any,
    ) -> Page:
        options: dict[str, Any] = {
            **(PHONE if phone else DESKTOP),
            "color_scheme": theme,
            "service_workers": "block",
            **({"locale": LANGUAGE} if LANGUAGE else {}),
            **more,
        }
        context = browser.new_context(base_url=address, java_script_enabled=script, **options)
        context.set_default_timeout(1000 * PATIENCE_SECONDS)
        contexts.append(context)
        _watch(context, faults)
        watch(context)
        slow.watch(context)
        shown.watch(context, script, address)
        if user:
            _sign_in(context, user, server)
        return context.new_page()

    yield open_page
    shown.look()
    for context in contexts:
        context.close()
    _until_idle()


def _until_idle() -> None:
    """Wait until the server has done what the pages asked for, whose answers nobody reads any more.

    Otherwise it may still write while the database is emptied.
    """
    from site_config.asgi import WORKERS, pages

    number = WORKERS + LONG_ANSWERS
    all_are_here = threading.Barrier(number + 1, timeout=PATIENCE_SECONDS)
    for _ in range(number):
        pages.threads.submit(all_are_here.wait)
    try:
        all_are_here.wait()
    except threading.BrokenBarrierError:
        pytest.fail("A thread of the server does not end.")
