"""How soon a room is seen and reacts when its page is loaded, beside an older checkout.

In a real browser whose processor is slowed down: the first contentful paint, and from when on nothing keeps
the page from reacting: the end of the last task of more than 50 ms, or of the scripts that the page waits
for. The two checkouts are loaded in turns, with an empty cache and with a full one. The server, the browser
and this program share the machine, so the ratio counts. Linux only.

    git worktree add --detach /tmp/before HEAD~10
    python -m bench.first_paint ubuntu-dev.jsonl.gz --before /tmp/before
"""

import argparse
import statistics
import tempfile
from collections import defaultdict
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import Page

from bench import results
from bench.scrolling import a_browser, as_one_room, served_room, slowed_page
from tests.served.processes import ROOT

WATCH = """
window.lastTask = 0;
new PerformanceObserver((list) => {
  lastTask = Math.max(lastTask, ...list.getEntries().map((task) => task.startTime + task.duration));
}).observe({ type: "longtask", buffered: true });
"""
QUIET_MS = 1500  # without a long task: nothing more comes
TIMES = """async (quiet) => {
  const { domContentLoadedEventEnd } = performance.getEntriesByType("navigation")[0];
  while (performance.now() - Math.max(lastTask, domContentLoadedEventEnd) < quiet) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const [{ startTime }] = performance.getEntriesByName("first-contentful-paint");
  return [startTime, Math.max(startTime, domContentLoadedEventEnd, lastTask)];
}"""
NAMES = ("first contentful paint", "reacts")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("archive", type=Path, nargs="+", help="JSON lines, as for manage.py import_archive")
    parser.add_argument("--before", type=Path, required=True, help="an older checkout, to compare with")
    parser.add_argument("--runs", type=int, default=15, help="of each kind (%(default)s)")
    parser.add_argument("--slower", type=float, default=4, help="the processor of the browser (%(default)s)")
    results.add_option(parser)
    options = parser.parse_args()
    found: dict[tuple[str, str, str], list[float]] = defaultdict(list)
    lines = [f"{results.how_busy()}; processor slowed {options.slower:g} times; {options.runs} runs", ""]
    with ExitStack() as running:
        folder = Path(running.enter_context(tempfile.TemporaryDirectory(prefix="parley-bench-")))
        archive = as_one_room(options.archive, folder)
        browser = running.enter_context(a_browser())
        pages = {}
        for name, checkout in (("before", options.before), ("now", ROOT)):
            room = running.enter_context(served_room(checkout, folder / name, archive))
            pages[name] = slowed_page(browser, room, 1, WATCH)
            running.callback(pages[name].context.close)  # its stream would keep the server from ending
        for _ in range(options.runs):
            for cache in ("empty", "full"):
                for version, page in pages.items():
                    for name, ms in zip(NAMES, _load(page, cache, options.slower), strict=True):
                        found[cache, name, version].append(ms)
    lines += ["| cache | | before, ms | now, ms | now / before |", "|---|---|---:|---:|---:|"]
    for cache in ("empty", "full"):
        for name in NAMES:
            before, now = (statistics.median(found[cache, name, version]) for version in ("before", "now"))
            lines.append(f"| {cache} | {name} | {before:.0f} | {now:.0f} | {now / before:.2f} |")
    results.write(options.results, "first_paint", "\n".join(lines), {})


def _load(page: Page, cache: str, slower: float) -> tuple[float, float]:
    session = page.context.new_cdp_session(page)
    if cache == "empty":
        session.send("Network.clearBrowserCache")
    # Only for this load: a browser is slowed down by keeping its processor busy, also while it shows nothing.
    session.send("Emulation.setCPUThrottlingRate", {"rate": slower})
    page.reload()
    paint, reacts = page.evaluate(TIMES, QUIET_MS)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    session.detach()
    return paint, reacts


if __name__ == "__main__":
    main()
