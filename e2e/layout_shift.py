"""Measures how much of a page moves while it loads, although nobody has touched it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypedDict

from playwright.sync_api import Page, Route

PAINTED = "() => performance.getEntriesByName('first-contentful-paint').length"
# The sum of all layout shifts, which is at least the page's Cumulative Layout Shift, and what has moved.
SHIFTS = """() => new Promise((resolve) => {
  const entries = [];
  const observer = new PerformanceObserver((list) => entries.push(...list.getEntries()));
  observer.observe({ type: "layout-shift", buffered: true });
  const name = (node) => node?.cloneNode(false).outerHTML ?? node?.nodeName ?? "removed";
  const moved = ({ node, previousRect, currentRect }) =>
    `${name(node)}: ${previousRect.x},${previousRect.y} to ${currentRect.x},${currentRect.y}`;
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => {
    const counted = entries.filter((entry) => !entry.hadRecentInput);
    const sum = counted.reduce((total, { value }) => total + value, 0);
    resolve({ sum, moved: counted.flatMap(({ sources }) => sources.map(moved)) });
  })));
})"""


class LayoutShift(TypedDict):
    """How much has moved, and what."""

    sum: float
    moved: list[str]


@contextmanager
def late_scripts(page: Page) -> Iterator[None]:
    """Until the block ends, the page's scripts and fonts do not arrive, as on a slow connection."""
    waiting: list[Route] = []
    pattern = "**/static/{js,vendor,fonts}/**"
    page.route(pattern, lambda route: waiting.append(route))
    yield
    for route in waiting:  # also those that come meanwhile
        route.continue_()
    page.unroute(pattern)


def load_slowly(page: Page, path: str) -> LayoutShift:
    """Load a page whose scripts and fonts arrive after its first paint, and measure what moves then."""
    with late_scripts(page):
        page.goto(path, wait_until="commit")
        page.wait_for_function(PAINTED)
    page.wait_for_load_state("load")
    page.evaluate("() => document.fonts.ready.then(() => true)")
    found: LayoutShift = page.evaluate(SHIFTS)
    return found
