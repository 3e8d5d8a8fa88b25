"""Moving the focus styles a small part of the page again, although rules ask for `:has(:focus-visible)`.

With one rule like `.shell:has(.join-bar) .summary > *`, Chromium styled all of it for each change of focus.
"""

import json
from collections.abc import Callable

from playwright.sync_api import Browser, Page

from e2e.chat import Chat
from messaging.models import Conversation, User
from messaging.models.messages.reacting import react
from messaging.models.messages.saving import post

CONTROLS = 20
FOCUS = """controls => {
  const found = [...document.querySelectorAll("#timeline .actions a")].slice(0, controls);
  for (const control of found) {
    control.focus();
    document.body.offsetHeight;
  }
  return document.querySelectorAll("*").length;
}"""


def test_a_change_of_focus_does_not_style_the_whole_page_again(
    open_page: Callable[..., Page], browser: Browser, ada: User, ben: User, room: Conversation
) -> None:
    for number in range(12):
        message = post(room, ada, f"Wave {number}")
        post(room, ben, "Answer", parent=message)
        react(message, ben, "🎉")
    page = Chat(open_page(ada)).without_reports().open(room).page
    page.evaluate(FOCUS, CONTROLS)
    browser.start_tracing(page=page, categories=["devtools.timeline"])
    elements = page.evaluate(FOCUS, CONTROLS)
    events = json.loads(browser.stop_tracing())["traceEvents"]
    styled = [one["args"]["elementCount"] for one in events if one["name"] == "UpdateLayoutTree"]
    assert len(styled) >= CONTROLS
    assert sum(styled) / len(styled) < elements / 4
