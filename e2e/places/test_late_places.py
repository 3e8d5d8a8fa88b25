"""Places that are left, or shown, before the server has answered."""

from collections.abc import Callable

from playwright.sync_api import Page, Route, expect

from e2e.browser_state import until
from e2e.chat import Chat, address_of
from e2e.places.places import arrived, connected, go
from messaging.models import Conversation, User


def test_back_twice_while_the_first_is_slow_mixes_no_places(
    open_page: Callable[..., Page], ada: User, room: Conversation, pier: Conversation
) -> None:
    chat = Chat(open_page(ada)).open(room)
    page, held = chat.page, list[Route]()
    connected(page)
    page.get_by_role("link", name="People", exact=True).click()
    expect(chat.title).to_have_text("People")
    go(chat, pier)

    def go_back_slowly() -> None:
        held.clear()
        page.route("**/people/", lambda route: held.append(route), times=1)
        page.evaluate("history.back()")
        until(page, lambda: held)

    go_back_slowly()
    page.evaluate("history.back()")
    arrived(chat, room)
    page.go_forward()
    expect(chat.title).to_have_text("People")
    page.go_forward()
    arrived(chat, pier)
    # Nor does a place that cannot be loaded.
    go_back_slowly()
    page.route(f"**{address_of(room)}", lambda route: route.abort())
    chat.place(room.name).click()
    expect(chat.title).to_have_text("People")
