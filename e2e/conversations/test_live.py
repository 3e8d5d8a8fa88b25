"""An open page follows every kind of change, and is then what a fresh load shows."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from e2e.chat import Chat
from e2e.freshness import expect_as_fresh
from messaging.models import Conversation, User
from tests.changes import CHANGES, Scene, make_scene


@pytest.fixture
def cleo(transactional_db: None) -> User:
    return User.objects.create_user("cleo", display_name="Cleo Marsh")


@pytest.fixture
def scene(ada: User, ben: User, cleo: User, room: Conversation) -> Scene:
    return make_scene(room, ada, ben, cleo)


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_an_open_page_becomes_what_a_fresh_load_shows(
    open_page: Callable[..., Page], scene: Scene, change: Callable[[Scene], object]
) -> None:
    chat = listening(open_page(scene.ada), scene)
    before = expect_as_fresh(chat)
    change(scene)
    after = expect_as_fresh(chat)
    assert after != before, "The change shows nowhere."


@pytest.mark.parametrize("name", ["a reply three deep", "an edit of a reply", "a removal of a reply"])
def test_a_thread_that_is_closed_shows_what_changed_when_it_is_opened(
    open_page: Callable[..., Page], scene: Scene, name: str
) -> None:
    chat = listening(open_page(scene.ada), scene, panel=False)
    CHANGES[name](scene)
    expect_as_fresh(chat)
    chat.row(scene.root).locator(".summary").click()
    expect(chat.panel.locator(".row").first).to_be_visible()
    expect_as_fresh(chat)


def test_the_page_of_a_thread_is_updated_too(open_page: Callable[..., Page], scene: Scene) -> None:
    page = open_page(scene.ada)
    chat = Chat(page).without_reports()
    with page.expect_response("**/live/*"):
        page.goto(reverse("thread", args=[scene.root.pk]))
    for name in ["a reply three deep", "an edit of a root", "a removal of a reply", "a rename"]:
        CHANGES[name](scene)
        expect_as_fresh(chat)


def listening(page: Page, scene: Scene, panel: bool = True) -> Chat:
    """The room, open, with its stream, and beside it the thread."""
    chat = Chat(page).without_reports()
    with page.expect_response("**/live/*"):
        chat.open(scene.room)
    if panel:
        chat.row(scene.root).locator(".summary").click()
        expect(chat.panel.locator(".row")).to_have_count(4)
    return chat
