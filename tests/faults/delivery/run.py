"""A run: members talk while a nemesis strikes, then all is compared."""

import random
import re
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from tests.faults.delivery.history import History
from tests.faults.delivery.laws_of_pages import differences
from tests.faults.delivery.member import Member
from tests.faults.delivery.nemeses import Stage, strike
from tests.faults.delivery.site import Site, running_site
from tests.faults.delivery.syscalls import traced
from tests.faults.delivery.tab import FAILURES, Tab, shown_by
from tests.live.stream_client import StreamClient
from tests.served.browser import Browser

TABS = 2
TEXTS = re.compile(rb"person\d+ says \d+;")


@dataclass(frozen=True)
class Plan:
    """What a run does.

    Args:
        strikes: the names of nemeses, one after the other.
        pause: the seconds between two strikes, about.
        members: how many people talk.
        rate: how many acts a second each of them begins, about.
        is_traced: whether the syncs of the first server are recorded, which must not be killed.
        patience: the seconds that a tab may take in the end to show what a fresh page shows.
    """

    seed: int
    strikes: tuple[str, ...] = ()
    pause: float = 2.0
    members: int = 4
    servers: int = 1
    on_postgresql: bool = False
    rate: float = 3.0
    patience: float = 60.0
    is_traced: bool = False


def play(plan: Plan, prepare: str = "", **environment: str) -> History:
    """Play a run.

    Args:
        prepare: code that is run in a shell of the installation before its servers start.
        environment: more variables of the servers.
    """
    chance = random.Random(plan.seed)
    with ExitStack() as running:
        site = running.enter_context(
            running_site(
                servers=plan.servers,
                members=plan.members,
                on_postgresql=plan.on_postgresql,
                prepare=prepare,
                **environment,
            )
        )
        history = History()
        history.add("plan", **{name: getattr(plan, name) for name in plan.__dataclass_fields__})
        if plan.is_traced:
            running.enter_context(traced(site.servers[0].process, history))
        with _people(plan, site, history, chance) as people:
            stage = Stage(site, people, history, chance, threading.Event().wait)
            for name in plan.strikes:
                stage.wait(chance.uniform(0.5, 1.5) * plan.pause)
                strike(name, stage)
                _try_as_stranger(site, history)
            stage.wait(plan.pause)
            for member in people:
                member.finish(plan.patience)
            tabs = [tab for member in people for tab in member.tabs]
            _wait_until_settled(tabs, site, plan.patience)
        pages = {name: _fresh(site, name) for name in site.members}
        final = {"pages": pages, "database": site.database()}
    history.add("final", **final)
    return history


@contextmanager
def _people(plan: Plan, site: Site, history: History, chance: random.Random) -> Iterator[list[Member]]:
    """The members, who talk until the block ends."""
    people: list[Member] = []
    for name in site.members:
        tabs = []
        for number in range(TABS):
            address = site.proxies[(len(people) + number) % len(site.proxies)].address
            luck = random.Random(chance.random())
            tabs.append(Tab(f"{name} {number}", address, site.sessions[name], site.room, history, luck))
        luck = random.Random(chance.random())
        people.append(Member(name, tabs, site.room, history, luck, plan.rate))
    for member in people:
        for tab in member.tabs:
            tab.open()
        member.start()
    try:
        yield people
    finally:
        for member in people:
            member.finish(0)
            for tab in member.tabs:
                tab.close()


def _fresh(site: Site, name: str) -> dict[str, Any]:
    """What a fresh page of the room shows to this member."""
    browser = Browser(site.servers[0].address, site.sessions[name])
    try:
        return shown_by(browser.get(f"/conversations/{site.room}/"))
    finally:
        browser.close()


def _wait_until_settled(tabs: list[Tab], site: Site, patience: float) -> None:
    """Wait until every tab shows what a fresh page shows, or patience is over: the laws say which."""
    deadline = time.monotonic() + patience
    for tab in tabs:
        while time.monotonic() < deadline:
            page, view = _fresh(site, tab.name.split()[0]), tab.shown()
            if view.badges == page["badges"] and not list(differences(view, page["rows"])):
                break
            time.sleep(0.1)


def _try_as_stranger(site: Site, history: History) -> None:
    """Somebody who is not in the room asks for all of it."""
    statuses, shown = [], b""
    address, session = site.servers[0].address, site.sessions[site.stranger]
    browser = Browser(address, session)
    room = f"/conversations/{site.room}"
    try:
        for path in (f"{room}/", f"{room}/messages/", f"{room}/fresh/"):
            answer = browser.get(path)
            statuses.append(answer.status_code)
            shown += answer.content
        cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
        stream = StreamClient(f"http://{address}", f"/live/?conversation={site.room}", Cookie=cookie)
        statuses.append(stream.status)
        stream.close()
    except FAILURES:
        pass
    finally:
        browser.close()
    texts = sorted({text.decode() for text in TEXTS.findall(shown)})
    history.add("stranger", statuses=statuses, texts=texts)
