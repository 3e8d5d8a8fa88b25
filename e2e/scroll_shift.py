"""Scrolls through a list, and measures how far anything moves that should stay."""

from typing import TypedDict

from playwright.sync_api import Page

# Scrolls by a step, and compares where the text of each visible row is at once and where it is when nothing
# is being loaded any more. (The row itself may lose the name above its text, when the message before it
# comes.) A row that is gone counts as moved by a thousand pixels.
SCROLL = """async ([area, pixels]) => {
  const scroll = document.querySelector(area);
  const { top, bottom } = scroll.getBoundingClientRect();
  const rows = () => [...scroll.querySelectorAll(".row[id]")];
  const place = (row) => (row.querySelector(".prose") ?? row).getBoundingClientRect();
  const frame = () => new Promise(requestAnimationFrame);
  const first = scroll.scrollTop;
  scroll.scrollTop += pixels;
  const scrolled = scroll.scrollTop - first;
  const seen = rows().filter((row) => place(row).bottom > top && place(row).top < bottom);
  const before = seen.map((row) => place(row).top);
  for (let quiet = 0; quiet < 3; quiet++) {
    await frame();
    if (document.querySelector(".htmx-request:not(#live), .references:not([data-filled])")) quiet = 0;
  }
  const moved = (row, number) => (row.isConnected ? Math.abs(place(row).top - before[number]) : 1000);
  const shifts = seen.map(moved);
  return { shift: Math.max(0, ...shifts), rows: rows().length, scrolled: Math.abs(scrolled) };
}"""


class Step(TypedDict):
    """How far a row moved that should have stayed, how many rows there are, and how far it was scrolled."""

    shift: float
    rows: int
    scrolled: float


def scroll_by(page: Page, pixels: int, area: str = ".newest-first") -> Step:
    """Scroll a list, down or (a negative number) up, and wait for what is loaded then."""
    step: Step = page.evaluate(SCROLL, [area, pixels])
    return step


def scroll_to_end(page: Page, pixels: int, area: str = ".newest-first") -> list[Step]:
    """Scroll in steps of this size until the list goes no further."""
    steps: list[Step] = []
    while not steps or steps[-1]["scrolled"]:
        steps.append(scroll_by(page, pixels, area))
    return steps
