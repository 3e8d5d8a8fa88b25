"""How much the first visit of a room fetches: the demo's "launch", from a server as it is installed."""

import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from playwright.sync_api import Page, expect

from e2e import marked
from e2e.browser_state import unfocus
from e2e.chat import address_of
from e2e.traffic import Fetch, Traffic
from messaging.demo import stage
from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post
from tests.factories import stored_picture
from tests.live import other_process

MOST_REQUESTS = 12
MOST_BYTES = 170_000
MOST_PAGE_BYTES = 13_800


@pytest.fixture
def installed(transactional_db: None) -> Iterator[str]:
    """The address of a server with the demo team and the static files of an installation."""
    stage.play(timezone.now(), "three grey seals")
    with other_process.environment() as variables:
        collect = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"]
        subprocess.run(collect, cwd=other_process.ROOT, env=variables, check=True)
        with other_process.server_process(variables) as address:
            yield address


def names(fetches: list[Fetch]) -> list[str]:
    return sorted(fetch.path for fetch in fetches)


@pytest.mark.skipif(marked.IS_ON, reason="A server as it is installed has no marked language.")
def test_first_visit_of_a_room_is_small_and_a_second_one_fetches_the_page_alone(
    open_page: Callable[..., Page], installed: str
) -> None:
    page = open_page(User.objects.get(username="ada"), address=installed)
    unfocus(page)  # or it reports what it shows, on a slow machine before all of it has come
    launch, everyone = (Conversation.objects.get(name=name) for name in ("launch", "everyone"))
    traffic = Traffic(page)
    fetches = traffic.visit(address_of(launch))
    document, *others = fetches
    assert document.path == address_of(launch)
    assert document.encoding == "br"
    assert document.bytes - document.head_bytes <= MOST_PAGE_BYTES
    without_pictures = [path for path in names(fetches) if not path.startswith("/emoji/")]
    assert len(without_pictures) <= MOST_REQUESTS, without_pictures
    assert sum(fetch.bytes for fetch in fetches) <= MOST_BYTES, fetches
    texts = [fetch for fetch in others if fetch.path.endswith((".js", ".svg")) or "/app." in fetch.path]
    assert {fetch.encoding for fetch in texts} == {"br"}
    fonts = sorted(
        fetch.path.rpartition("/")[2].partition(".")[0] for fetch in fetches if "/fonts/" in fetch.path
    )
    assert fonts == ["inter", "serif", "serif-italic"]
    again = names(traffic.visit(address_of(everyone)))
    sidebar = "/"  # loaded again if what it shows changed while the pages were exchanged
    assert {address_of(everyone), "/live/"} <= set(again) <= {address_of(everyone), "/live/", sidebar}


def test_pictures_have_a_size_and_are_loaded_when_they_are_near(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation
) -> None:
    ben.avatar.save("ben.webp", ContentFile(stored_picture()))
    post(room, ben, "Long ago")
    Message.unread_messages.mark_as_read_for_user(ada)
    for _ in range(30):
        post(room, ada, "\n\n".join(["A line"] * 20))
    page = open_page(ada)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address_of(room))
    picture = page.locator(".timeline img.avatar")
    expect(picture).to_have_count(1)
    expect(page.locator("#live")).to_have_count(1)
    page.wait_for_load_state("load")
    assert not [url for url in asked if "/picture/" in url]
    assert [picture.get_attribute(name) for name in ("width", "height")] == ["36", "36"]
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("img => img.naturalWidth") == 256
