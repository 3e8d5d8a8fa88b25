"""The row of a file in a composer: what it says and offers, and how it stands on a phone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from e2e.browser_state import until
from e2e.chat import Chat
from e2e.messages.test_files import a_file
from messaging.models import Conversation, User

LONG = f"{'a-very-long-name-' * 6}.txt"


@pytest.mark.parametrize("phone", [False, True])
def test_a_refused_file_says_why_once_and_the_buttons_of_others_stay_together(
    open_page: Callable[..., Page], ada: User, room: Conversation, phone: bool
) -> None:
    chat = Chat(open_page(ada, phone=phone)).open(room)
    composer = chat.page.locator(".main .composer")
    files, rows = composer.locator("[type=file]"), composer.locator(".upload")
    files.set_input_files([a_file("empty.txt", b"")])
    expect(rows.locator(".upload-says")).to_have_text("This file is empty.")
    expect(rows.get_by_role("button")).to_have_text(["Cancel"])  # another try would fail, too
    chat.send_button.click()
    expect(rows.get_by_role("button", name="Cancel")).to_be_focused()
    rows.get_by_role("button", name="Cancel").click()
    expect(rows).to_have_count(0)

    # A long name is cut, and the button stays in its line.
    held: list[Route] = []
    chat.page.route("**/files/", lambda route: held.append(route))
    files.set_input_files([a_file(LONG)])
    name, cancel = rows.locator("b").bounding_box(), rows.get_by_role("button").bounding_box()
    assert name
    assert cancel
    assert cancel["y"] < name["y"] + name["height"] / 2 < cancel["y"] + cancel["height"]

    # When it could not be uploaded, both buttons stand in one line.
    until(chat.page, lambda: bool(held))
    held[0].abort()
    expect(rows.get_by_role("button")).to_have_text(["Try again", "Cancel"])
    tops = [button.bounding_box() for button in rows.get_by_role("button").all()]
    assert len({box["y"] for box in tops if box}) == 1
