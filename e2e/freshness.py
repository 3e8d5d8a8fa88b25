"""Compares an open page with a newly loaded one. After any change both must show the same."""

from contextlib import suppress
from typing import Any

from playwright.sync_api import Page

from e2e.browser_state import unfocus, until
from e2e.chat import Chat

# Not compared: unread marks, because they depend on when the page was opened; slots, because a form may be
# open in them; removed messages of which nothing is shown; marks of who is online and of drafts; controls
# that fold a branch; the versions of a part (`data-as-of`); which item of a list is its Tab stop; what a
# message is called while it has the focus. Everything else must be equal, including the times and day lines
# that scripts add.
SHOWN = """() => {
  const ignored = / data-(htmx-powered="true"|(as-of|stop)="[^"]*")| tabindex="-?[01]"/g;
  const plain = (element) => {
    if (!element) return null;
    const copy = element.cloneNode(true);
    for (const part of copy.querySelectorAll(".new, .slot, .online-mark, .row-mark, .fold")) part.remove();
    for (const part of [copy, ...copy.querySelectorAll("[data-called]")]) {
      if (!part.dataset.called) continue;
      part.ariaLabel = part.dataset.called;
      delete part.dataset.called;
    }
    const html = copy.outerHTML.replace(ignored, "");
    return html.replace(/\\s+/g, " ").replace(/> </g, "><");
  };
  let day = null;
  const rows = [];
  for (const one of document.querySelectorAll("#timeline > :is(.row, .day)")) {
    if (one.matches(".day")) day = one.querySelector("time").textContent;
    else if (!one.matches(":has(> .gone)")) {
      const message = plain(one.querySelector(":scope > .message"));
      rows.push([one.id, one.dataset.seq, day, one.matches(".run"), message]);
    }
  }
  const replies = [...document.querySelectorAll(".replies > .row")].map((row) =>
    [row.id, row.dataset.indent, row.dataset.below, plain(row.querySelector(":scope > .message"))]);
  const mark = document.querySelector("#mark-read");
  return {
    rows,
    replies,
    "reply count": document.querySelector("[id^=reply-count-]")?.textContent,
    title: document.title,
    heading: plain(document.querySelector("#conversation-title h1")),
    people: plain(document.querySelector("#conversation-title p")),
    sidebar: plain(document.querySelector("#sidebar")),
    "mark as read": mark && !mark.hidden && mark.querySelector(".badge").textContent,
    older: Boolean(document.querySelector("#timeline > .older")),
    newer: Boolean(document.querySelector("#timeline > .newer")),
  };
}"""


def fresh_load(chat: Chat) -> dict[str, Any]:
    """What the page shows when the same person opens it in another tab, without a stream."""
    page = chat.page.context.new_page()
    unfocus(page)
    page.route("**/live/*", lambda route: route.abort())
    page.goto(
        chat.page.url.partition("?around=")[0]
    )  # at the newest end, wherever the reader has scrolled to
    thread = chat.page.locator("#panel .thread[data-thread]")
    if thread.count():
        root = thread.get_attribute("data-thread")
        page.locator(f"#m-{root} .summary").click()
        page.locator("#panel .thread[data-thread]").wait_for()
    fresh: dict[str, Any] = page.evaluate(SHOWN)
    page.close()
    return fresh


def shown_on(page: Page, rows: int) -> dict[str, Any]:
    """What the page shows. Of the timeline only the newest rows, as many as a newly loaded page has."""
    shown: dict[str, Any] = page.evaluate(SHOWN)
    if len(shown["rows"]) > rows:
        shown |= {"rows": shown["rows"][-rows:] if rows else [], "older": True}
    return shown


def expect_as_fresh(chat: Chat) -> dict[str, Any]:
    """The open page becomes what a fresh load shows. Returns what that is."""
    fresh = fresh_load(chat)
    with suppress(AssertionError):  # the assertions below say in what they differ
        until(chat.page, lambda: shown_on(chat.page, len(fresh["rows"])) == fresh)
    shown = shown_on(chat.page, len(fresh["rows"]))
    for part, expected in fresh.items():
        assert shown[part] == expected, f"{part}:\n{shown[part]}\nis not\n{expected}"
    return fresh
