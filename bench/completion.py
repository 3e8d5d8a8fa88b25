"""How long completion of an @ takes on a site of 5,000 people, in the page and from the server.

One server process with SQLite, and a real browser. Half of the people are in the room; the page has 500 of
them, and asks the server when it knows too few of the name that is typed. "In the page" is the time from the
letter until the list is laid out. The server, the browser and this program share the machine.

    python -m bench.completion --people 5000 --times 40
"""

import argparse
import os
import statistics
from random import Random

from playwright.sync_api import Page, sync_playwright

from bench.installation import Served, serving
from bench.results import how_busy
from tests import chromium

FIRST = [
    "Ada",
    "Ben",
    "Cleo",
    "Dora",
    "Emil",
    "Fay",
    "Gus",
    "Hana",
    "Ines",
    "Jun",
    "Kofi",
    "Lena",
    "Mina",
    "Noor",
]
LAST = [
    "Adler",
    "Brandt",
    "Castro",
    "Dahl",
    "Evans",
    "Fischer",
    "Grieg",
    "Haddad",
    "Jansen",
    "Keller",
    "Novak",
]
NEAR = ["ada", "ben", "fay", "gus", "jun"]  # short names, which the page has
# Both type, and give the milliseconds until the list is there.
IN_PAGE = """(letter) => {
  const list = document.querySelector("#completion");
  const start = performance.now();
  document.execCommand("insertText", false, letter);
  list.getBoundingClientRect();
  return [performance.now() - start, list.children.length];
}"""
FROM_SERVER = """(name) => new Promise((resolve) => {
  const list = document.querySelector("#completion");
  const start = performance.now();
  new MutationObserver((_, observer) => {
    if (![...list.children].some(({ dataset }) => dataset.text === `@${name}`)) return;
    observer.disconnect();
    list.getBoundingClientRect();
    resolve(performance.now() - start);
  }).observe(list, { childList: true });
  document.execCommand("insertText", false, name);
})"""
FETCHED = """async (address) => {
  const start = performance.now();
  const response = await fetch(address, { headers: parley.partHeaders(), cache: "no-store" });
  await response.text();
  return performance.now() - start;
}"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--people", type=int, default=5000)
    parser.add_argument("--times", type=int, default=40)
    options = parser.parse_args()
    print(how_busy())
    with serving(people=2) as served:
        outsiders = _create_people(served.room, options.people)
        measure(served, outsiders, options.times)


def measure(served: Served, outsiders: list[str], times: int) -> None:
    """Measure in the room of the served installation, and print a table.

    Args:
        outsiders: usernames that the page does not have.
    """
    url = f"http://127.0.0.1:{served.port}"
    address = f"/conversations/{served.room}/mentionable/"
    with sync_playwright() as playwright:
        flags = ["--no-sandbox"] * (os.geteuid() == 0)
        with playwright.chromium.launch(executable_path=chromium.find(), args=flags) as browser:
            context = browser.new_context(base_url=url)
            name, _, value = served.cookies[0].partition("=")
            context.add_cookies([{"name": name, "value": value, "url": url}])
            page = context.new_page()
            page.goto(f"/conversations/{served.room}/")
            field = page.locator(".writing textarea")
            field.press_sequentially("@")
            page.wait_for_selector("#completion [role='option']")
            rows = {
                "a letter, in the page": _in_page(page, times),
                "a name, when the server is asked": _from_server(page, outsiders[:times]),
                "the server: the first 500 people": [page.evaluate(FETCHED, address) for _ in range(times)],
                "the server: a name": [
                    page.evaluate(FETCHED, f"{address}?q={one[:2]}") for one in outsiders[:times]
                ],
            }
    print("| | p50 ms | p95 ms |\n|---|---:|---:|")
    for what, took in rows.items():
        print(f"| {what} | {statistics.median(took):.1f} | {statistics.quantiles(took, n=20)[-1]:.1f} |")


def _in_page(page: Page, times: int) -> list[float]:
    measured = []
    for number in range(times):
        page.locator(".writing textarea").fill("@")
        for letter in NEAR[number % len(NEAR)]:
            took, found = page.evaluate(IN_PAGE, letter)
            assert found, f"Nobody was offered for {letter}."
            measured.append(took)
    return measured


def _from_server(page: Page, names: list[str]) -> list[float]:
    measured = []
    for name in names:
        page.locator(".writing textarea").fill("@")
        measured.append(page.evaluate(FROM_SERVER, name))
    return measured


def _create_people(room_id: int, count: int) -> list[str]:
    """People with names, half of them in the room. Returns different names of people outside."""
    from django.db import connections

    from messaging.models import Conversation, Membership, User

    random = Random(17)
    made = []
    for number in range(count):
        first, last = random.choice(FIRST), random.choice(LAST)
        made.append(User(username=f"{first}.{last}{number}".lower(), display_name=f"{first} {last}"))
    people = User.objects.bulk_create(made)
    room = Conversation.objects.get(pk=room_id)
    Membership.objects.bulk_create([Membership(conversation=room, user=one) for one in people[: count // 2]])
    connections.close_all()
    return [one.username for one in people[count // 2 :]]


if __name__ == "__main__":
    main()
