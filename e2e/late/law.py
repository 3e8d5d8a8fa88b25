"""Nothing on a page ever goes back: at no moment does a part of it show an older state than before."""

from playwright.sync_api import Page

# Notes the newest version of each message and of each other part (`data-as-of`) that was on the page, and
# reports each one that becomes older. Counts the stream's events by name; what is swapped in is "message".
WATCH = """
window.wentBack = [];
window.streamed = {};
const newest = new Map();
function note(name, numbers) {
  const before = newest.get(name) ?? numbers;
  const differs = numbers.findIndex((number, place) => number !== before[place]);
  if (numbers[differs] < before[differs]) wentBack.push(`${name}: ${before}, then ${numbers}`);
  else newest.set(name, numbers);
}
function compare() {
  for (const message of document.querySelectorAll(".row[id] > .message[data-version]")) {
    const { id } = message.parentElement;
    note(`version of ${id}`, [Number(message.dataset.version)]);
    note(`names of ${id}`, [Number(message.dataset.names)]);
  }
  for (const { id, dataset } of document.querySelectorAll("[id][data-as-of]")) {
    note(id, dataset.asOf.split(".").slice(1).map(Number));
  }
}
new MutationObserver(compare).observe(document, {
  subtree: true,
  childList: true,
  attributes: true,
  attributeFilter: ["data-version", "data-names", "data-as-of"],
});
document.addEventListener("htmx:sse:after:message", ({ detail: { message } }) => {
  const name = message.event || "message";
  streamed[name] = (streamed[name] ?? 0) + 1;
});
"""


def watch(page: Page) -> None:
    """From now on all that the page shows is watched. Call it before the page is loaded."""
    page.add_init_script(WATCH)


def streamed(page: Page, name: str) -> int:
    """How many events with this name the page has received."""
    count: int = page.evaluate("name => streamed[name] ?? 0", name)
    return count


def expect_nothing_went_back(page: Page) -> None:
    found = page.evaluate("wentBack")
    assert not found, f"It went back: {found}"
