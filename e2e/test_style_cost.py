"""What changes often styles a small part of the page again: the focus, `aria-busy` while something loads, and
messages that are inserted.

With one rule like `.shell:has(.join-bar) .summary > *`, Chromium styled all of it for each change of focus;
with `.panel[aria-busy="true"] > *`, for each change of `aria-busy` anywhere; with `.prose > * + *` or any
`:has()` of an element that holds messages, for each message.
"""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page

from e2e.chat import Chat
from messaging.models import Conversation, User
from messaging.models.messages.reacting import react
from messaging.models.messages.saving import post

TIMES = 20
FOCUS = """controls => {
  const found = [...document.querySelectorAll("#timeline .actions a")].slice(0, controls);
  for (const control of found) {
    control.focus();
    document.body.offsetHeight;
  }
  return document.querySelectorAll("*").length;
}"""


BUSY = """times => {
  const main = document.querySelector("#main");
  for (let time = 0; time < times; time++) {
    main.ariaBusy = time % 2 ? null : "true";
    document.body.offsetHeight;
  }
  return document.querySelectorAll("*").length;
}"""

INSERT = """times => {
  const first = document.querySelector("#timeline > .row");
  for (let time = 0; time < times; time++) {
    first.before(first.cloneNode(true));
    document.body.offsetHeight;
  }
  return document.querySelectorAll("*").length;
}"""


@pytest.mark.parametrize(
    ("change", "part"), [(FOCUS, 1 / 4), (BUSY, 1 / 2), (INSERT, 1 / 3)], ids=["focus", "busy", "insert"]
)
def test_a_change_does_not_style_the_whole_page_again(
    open_page: Callable[..., Page],
    browser: Browser,
    ada: User,
    ben: User,
    room: Conversation,
    change: str,
    part: float,
) -> None:
    for number in range(12):
        message = post(room, ada, f"Wave {number}")
        post(room, ben, "Answer", parent=message)
        react(message, ben, "🎉")
    page = Chat(open_page(ada)).without_reports().open(room).page
    page.evaluate(change, TIMES)
    browser.start_tracing(page=page, categories=["devtools.timeline"])
    elements = page.evaluate(change, TIMES)
    events = json.loads(browser.stop_tracing())["traceEvents"]
    styles = [one["args"] for one in events if one["name"] == "UpdateLayoutTree"]
    styled = [
        count for one in styles if (count := one.get("elementCount")) is not None
    ]  # the last may lack it
    assert len(styled) >= TIMES
    assert sum(styled) / len(styled) < elements * part
