"""How long a click on a room takes until the room is on the screen, beside a load of its page.

In a real browser on one server process with SQLite: two rooms of 40 messages, in turns, among others in the
sidebar. A switch ends when the browser has drawn the first frame that shows the new room; so does Back, which
restores the place as it was left. What the server sends is in bytes, compressed, as the browser receives it.
The server, the browser and this program share the machine, so the ratio to the page load counts. Linux only.

    python -m bench.switching --switches 100 --rooms 27 --slower 1
"""

import argparse
import os
import statistics

from playwright.sync_api import CDPSession, Page, Request, sync_playwright

from bench.installation import Served, serving
from bench.results import how_busy
from tests import chromium

MESSAGES = 40
# Resolves to the milliseconds from `act` until a frame is drawn in which a conversation is `shown`.
TIMED = """([act, conversation]) => new Promise((resolve) => {
  const start = performance.now();
  const look = () => {
    const isShown = document.querySelector("#main").dataset.conversation === conversation;
    if (isShown) requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - start)));
    else requestAnimationFrame(look);
  };
  if (act === "back") history.back();
  else document.querySelector(`#sidebar a[href="/conversations/${conversation}/"]`).click();
  look();
})"""
LOADED = """() => new Promise((resolve) => {
  const [load] = performance.getEntriesByType("navigation");
  new PerformanceObserver((list) => resolve([list.getEntries()[0].startTime, load.transferSize]))
    .observe({ type: "paint", buffered: true });
})"""
FETCHED = """() => performance.getEntriesByType("resource")
  .filter(({ initiatorType, name }) => initiatorType === "fetch" && /conversations.[0-9]+.$/.test(name))
  .map(({ transferSize }) => transferSize)"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--switches", type=int, default=100)
    parser.add_argument("--rooms", type=int, default=27, help="in the sidebar (%(default)s)")
    parser.add_argument("--slower", type=float, default=1, help="the processor of the browser (%(default)s)")
    options = parser.parse_args()
    print(how_busy())
    with serving(people=2) as served:
        pair = _create_rooms(options.rooms)
        measure(served, pair, options.switches, options.slower)


def measure(served: Served, pair: list[int], switches: int, slower: float) -> None:
    """Measure page loads, switches and Back between the two rooms, and print a table."""
    with sync_playwright() as playwright:
        flags = ["--no-sandbox"] * (os.geteuid() == 0)
        with playwright.chromium.launch(executable_path=chromium.find(), args=flags) as browser:
            context = browser.new_context(base_url=f"http://127.0.0.1:{served.port}")
            name, _, value = served.cookies[0].partition("=")
            context.add_cookies([{"name": name, "value": value, "url": f"http://127.0.0.1:{served.port}"}])
            page = context.new_page()
            session = context.new_cdp_session(page)
            session.send("Emulation.setCPUThrottlingRate", {"rate": slower})
            loads, sizes = _load(page, pair, switches // 2)
            documents = _count_documents(page)
            went = [_go(page, str(pair[number % 2]), "go") for number in range(switches)]
            before = _kept(session)
            went += [_go(page, str(pair[number % 2]), "go") for number in range(switches)]
            after = _kept(session)
            backs = [_go(page, str(pair[number % 2]), "back") for number in range(min(9, 2 * switches - 1))]
            fetched = page.evaluate(FETCHED)
    print("| | p50 ms | p95 ms | bytes |\n|---|---:|---:|---:|")
    for what, times, size in [
        ("load of the page", loads, statistics.median(sizes)),
        ("switch", went, statistics.median(fetched)),
        ("Back", backs, 0),
    ]:
        p95 = statistics.quantiles(times, n=20)[-1]
        print(f"| {what} | {statistics.median(times):.0f} | {p95:.0f} | {size:,.0f} |")
    print(f"{len(documents)} documents were loaded in {2 * switches} switches.")
    print(f"After {switches} and {2 * switches} switches the page held {before} and {after}.")


def _create_rooms(rooms: int) -> list[int]:
    """Rooms with messages, and others for the sidebar. Returns the ids of the two that are measured."""
    from django.db import connections

    from messaging.models import Conversation, User
    from messaging.models.messages.saving import post
    from messaging.models.rooms.members import add

    writer, reader = User.objects.order_by("pk")
    made = [Conversation.objects.create_room(f"room {number}", by=writer) for number in range(rooms - 1)]
    for room in made:
        add(room, reader)
    for room in made[:2]:
        for number in range(MESSAGES):
            post(room, (writer, reader)[number % 2], f"Message {number}: the ferry comes at noon. " * 3)
    connections.close_all()
    return [room.pk for room in made[:2]]


def _load(page: Page, pair: list[int], times: int) -> tuple[list[float], list[int]]:
    """Milliseconds until the browser has drawn the page of a room for the first time, and its bytes."""
    measured = []
    for number in range(times):
        page.goto(f"/conversations/{pair[number % 2]}/")
        measured.append(page.evaluate(LOADED))
    return [took for took, _ in measured], [size for _, size in measured]


def _count_documents(page: Page) -> list[str]:
    found: list[str] = []

    def note(request: Request) -> None:
        if request.resource_type == "document":
            found.append(request.url)

    page.on("request", note)
    return found


def _go(page: Page, conversation: str, act: str) -> float:
    took: float = page.evaluate(TIMED, [act, conversation])
    page.wait_for_selector("body[data-live]", state="attached")  # so that each begins with an open stream
    return took


def _kept(session: CDPSession) -> str:
    session.send("HeapProfiler.collectGarbage")
    counts = session.send("Memory.getDOMCounters")
    heap = session.send("Runtime.getHeapUsage")["usedSize"] / 2**20
    return f"{counts['nodes']} nodes, {counts['jsEventListeners']} listeners, {heap:.1f} MB"


if __name__ == "__main__":
    main()
