"""What it costs to scroll through a long conversation, and whether anything moves that should stay.

In a real browser whose processor is slowed down, on a server with SQLite and an imported archive as one
room, without replies. First towards the beginning in leaps: each goes to the top of what is loaded, until
enough messages were loaded; on an older checkout, whose pages do not load by themselves, with a click on
"Older messages". That is the comparison. Then in small steps through all messages, up and down, comparing
where each visible row is before and after more is loaded and what is far away is removed.

A long task is one of more than 50 ms, in which the page does not respond. The server, the browser and this
program share the machine, so the ratio counts. Linux only.

    git worktree add --detach /tmp/before HEAD~10
    python -m bench.scrolling ubuntu-dev.jsonl.gz --before /tmp/before
"""

import argparse
import gzip
import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, Page, sync_playwright

from bench import results
from e2e.scroll_shift import Step, scroll_to_end
from tests import chromium
from tests.served.processes import PROGRAM, ROOT, outside

SET_UP = """
from django.conf import settings
from django.test import Client
from messaging.models import Conversation, User
from messaging.models.rooms.members import join
room, user = Conversation.objects.get(kind="room"), User.objects.create_user("reader")
join(room, user)
client = Client()
client.force_login(user)
print(room.pk, settings.SESSION_COOKIE_NAME, client.cookies[settings.SESSION_COOKIE_NAME].value)
"""
WATCH = """
window.longTasks = [];
new PerformanceObserver((list) => longTasks.push(...list.getEntries().map(({ duration }) => duration)))
  .observe({ type: "longtask" });
"""
# Goes to the top of what is loaded, until this many messages were loaded since; resolves to how many.
LEAP = """async (wanted) => {
  const scroll = document.querySelector(".newest-first");
  const first = () => document.querySelector("#timeline > .row");
  const frame = () => new Promise(requestAnimationFrame);
  let loaded = document.querySelectorAll("#timeline > .row").length;
  while (loaded < wanted) {
    const [before, began] = [first(), performance.now()];
    scroll.scrollTop = -scroll.scrollHeight;
    while (first() === before) {
      const link = document.querySelector("#timeline > .more.older a");
      if (!link) return loaded;
      const isIdle = !document.querySelector(".htmx-request") && performance.now() - began > 500;
      if (isIdle && !link.dataset.asked) {
        link.dataset.asked = "";
        link.click();
      }
      await frame();
    }
    const isNew = (row) => row && row !== before;
    for (let row = first(); isNew(row); row = row.nextElementSibling) loaded += row.matches(".row");
  }
  return loaded;
}"""


@dataclass
class Cost:
    """Of reading back through some messages: milliseconds of long tasks, the longest of them, and at the end
    the rows and nodes of the page and its memory in MB."""

    messages: int
    long_tasks: float
    longest: float
    rows: int
    nodes: int
    memory: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("archive", type=Path, nargs="+", help="JSON lines, as for manage.py import_archive")
    parser.add_argument("--before", type=Path, help="an older checkout, to compare with")
    parser.add_argument("--messages", type=int, default=2000, help="in leaps, compared (%(default)s)")
    parser.add_argument("--slower", type=float, default=4, help="the processor of the browser (%(default)s)")
    results.add_option(parser)
    options = parser.parse_args()
    lines = [f"{results.how_busy()}; processor slowed {options.slower:g} times", ""]
    with tempfile.TemporaryDirectory(prefix="parley-bench-") as folder:
        archive = as_one_room(options.archive, Path(folder))
        costs = {}
        for name, checkout in (("before", options.before), ("now", ROOT)):
            if checkout:
                with served_room(checkout, Path(folder) / name, archive) as room, a_browser() as browser:
                    page = slowed_page(browser, room, options.slower, WATCH)
                    costs[name] = _leap(page, options.messages)
                    print(costs[name], flush=True)
                    if name == "now":
                        page.reload()
                        lines += [*_table(costs), "", _steps(page)]
    results.write(options.results, "scrolling", "\n".join(lines), {})


def as_one_room(archives: list[Path], folder: Path) -> Path:
    """The messages of the archives as one file, in one room and without replies."""
    target = folder / "archive.jsonl"
    with target.open("w") as out:
        for archive in archives:
            with (gzip.open if archive.suffix == ".gz" else open)(archive, "rt") as source:
                for line in source:
                    print(json.dumps(json.loads(line) | {"room": "long", "reply_to": None}), file=out)
    return target


class Room(NamedTuple):
    """A room that a server serves, and the name and value of the session cookie of a member."""

    address: str
    path: str
    cookie: str
    session: str


@contextmanager
def served_room(checkout: Path, folder: Path, archive: Path) -> Iterator[Room]:
    """The room of the archive, served by a checkout."""
    environment = outside() | {"PARLEY_VAR": str(folder), "DJANGO_SETTINGS_MODULE": "site_config.settings"}
    folder.mkdir()

    def manage(*command: str) -> str:
        arguments = [sys.executable, "manage.py", *command]
        done = subprocess.run(arguments, cwd=checkout, env=environment, stdout=subprocess.PIPE, check=True)
        return done.stdout.decode()

    manage("migrate", "-v0")
    manage("collectstatic", "--noinput", "-v0")
    manage("import_archive", str(archive))
    pk, name, value = manage("shell", "-v0", "-c", SET_UP).splitlines()[-1].split()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        server = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(listening.fileno())],
            cwd=checkout,
            env=environment | {"PARLEY_URL": f"http://127.0.0.1:{port}"},
            stdin=subprocess.PIPE,
            pass_fds=[listening.fileno()],
        )
    address = f"http://127.0.0.1:{port}"
    try:
        yield Room(address, f"/conversations/{pk}/", name, value)
    finally:
        server.communicate()  # closes its standard input and waits


@contextmanager
def a_browser() -> Iterator[Browser]:
    flags = ["--disable-gpu", *["--no-sandbox"] * (os.geteuid() == 0)]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=flags)
        yield browser
        browser.close()


def slowed_page(browser: Browser, room: Room, slower: float, script: str) -> Page:
    """The room's page, in a browser whose processor is slowed down so many times. The script runs first."""
    context = browser.new_context(base_url=room.address)
    context.set_default_timeout(600_000)
    context.add_cookies([{"name": room.cookie, "value": room.session, "url": room.address}])
    page = context.new_page()
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slower})
    page.add_init_script(script)
    page.goto(room.path)
    return page


def _leap(page: Page, wanted: int) -> Cost:
    page.evaluate("() => { longTasks.length = 0 }")
    loaded: int = page.evaluate(LEAP, wanted)
    tasks: list[float] = page.evaluate("longTasks")
    rows: int = page.locator("#timeline > .row").count()
    nodes, memory = _kept(page)
    return Cost(loaded, sum(tasks), max(tasks, default=0), rows, nodes, memory)


def _kept(page: Page) -> tuple[int, float]:
    """The nodes and the megabytes that the page keeps."""
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    nodes: int = session.send("Memory.getDOMCounters")["nodes"]
    memory: float = session.send("Runtime.getHeapUsage")["usedSize"] / 1e6
    session.detach()
    return nodes, memory


def _table(costs: dict[str, Cost]) -> list[str]:
    lines = [
        "| | messages loaded | long tasks, ms | longest, ms | rows | nodes | memory, MB |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for name, cost in costs.items():
        numbers = (
            f"{cost.long_tasks:.0f} | {cost.longest:.0f} | {cost.rows} | {cost.nodes} | {cost.memory:.1f}"
        )
        lines.append(f"| {name} | {cost.messages} | {numbers} |")
    if "before" in costs:
        before, now = costs["before"], costs["now"]
        ratio = (now.long_tasks / now.messages) / (before.long_tasks / before.messages)
        lines += ["", f"Long tasks for each message, now / before: {ratio:.2f}"]
    return lines


def _steps(page: Page) -> str:
    """Scroll through all messages in steps, up and down."""
    said = []
    for direction, pixels in (("up", -2500), ("down", 2500)):
        steps: list[Step] = scroll_to_end(page, pixels)
        shift, rows = (max(step[name] for step in steps) for name in ("shift", "rows"))
        height = sum(step["scrolled"] for step in steps)
        nodes, memory = _kept(page)
        said.append(
            f"All messages, {direction}: {height:,.0f} pixels; largest unwanted shift {shift:.2f} pixels; "
            f"at most {rows} rows; at the end {nodes} nodes, {memory:.1f} MB."
        )
    return "\n\n".join(said)


if __name__ == "__main__":
    main()
