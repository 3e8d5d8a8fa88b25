"""Laws of what is shown: in every tab at every moment, and in the end as on a page that is loaded then."""

from collections import defaultdict
from collections.abc import Iterator

from tests.faults.delivery.history import History
from tests.faults.delivery.ledger import Ledger, Stored
from tests.faults.delivery.rows import Row
from tests.faults.delivery.view import View

REFUSALS = {404, 502, 503}  # the others while the database or the server cannot answer
PAGE_ROWS = 40  # the newest ones
BADGE_LIMIT = 100  # a badge counts no further


def every_moment(history: History, ledger: Ledger) -> Iterator[str]:
    """No tab ever shows a message twice, in the wrong place, or as nobody wrote it."""
    views: dict[str, View] = defaultdict(View)
    for record in history.records:
        if "tab" not in record:
            continue
        yield from (f"{record['tab']} at {record['at']}: {one}" for one in views[record["tab"]].apply(record))
        for row in [*record.get("rows", []), *record.get("born", []), *record.get("changed", [])]:
            yield from (f"{record['tab']} at {record['at']}: {one}" for one in _strange(Row(*row), ledger))


def _strange(row: Row, ledger: Ledger) -> Iterator[str]:
    one = ledger.messages.get(row.pk)
    if one is None:
        yield f"message {row.pk} ({row.text}) is shown, but not stored"
    elif row.seq != one.seq:
        yield f"message {row.pk} is shown at {row.seq}, but stored at {one.seq}"
    elif row.text and not one.is_removed and row.text not in one.texts:
        yield f"message {row.pk} is shown as {row.text!r}, but had the texts {one.texts}"


def fresh_pages(ledger: Ledger) -> Iterator[str]:
    """A page that is loaded in the end shows what is stored."""
    roots = sorted((one for one in ledger.messages.values() if one.root is None), key=lambda one: one.seq)
    for who, page in ledger.final["pages"].items():
        rows = [Row(*row) for row in page["rows"]]
        expected = [one.pk for one in roots[-PAGE_ROWS:]]
        if [row.pk for row in rows] != expected:
            yield f"the page of {who} shows {[row.pk for row in rows]}, but stored are {expected}"
        for row in rows:
            if row.pk in ledger.messages:
                yield from (
                    f"the page of {who}: {one}" for one in _unlike(row, ledger.messages[row.pk], ledger)
                )


def _unlike(row: Row, one: Stored, ledger: Ledger) -> Iterator[str]:
    replies = sum(other.root == one.pk and not other.is_removed for other in ledger.messages.values())
    summary = f"{replies} {'reply' if replies == 1 else 'replies'}" if replies else ""
    shown = (row.seq, row.version, row.text, row.is_removed, row.is_edited, row.replies)
    stored = (one.seq, one.version, one.text, one.is_removed, len(one.texts) > 1, summary)
    if shown != stored:
        yield f"message {one.pk} is shown as {shown}, but stored as {stored}"


def tabs(history: History, ledger: Ledger) -> Iterator[str]:
    """In the end every tab shows what a fresh page shows."""
    views: dict[str, View] = defaultdict(View)
    for record in history.records:
        if "tab" in record:
            views[record["tab"]].apply(record)
    for tab, view in views.items():
        page = ledger.final["pages"].get(tab.split()[0])
        if page is None:
            continue
        yield from (f"{tab}: {one}" for one in differences(view, [Row(*row) for row in page["rows"]]))
        if view.badges != page["badges"]:
            yield f"{tab} has the badges {view.badges}, its page {page['badges']}"
        for row in view.rows:
            if row.pk in ledger.messages:
                yield from (f"{tab}: {one}" for one in _unlike(row, ledger.messages[row.pk], ledger))


def differences(view: View, fresh: list[Row]) -> Iterator[str]:
    """How the newest rows of a tab differ from those of a page that was just loaded."""
    shown = [row for row in view.rows if not fresh or row.seq >= fresh[0].seq]
    if [row.pk for row in shown] != [row.pk for row in fresh]:
        missing = sorted({row.pk for row in fresh} - {row.pk for row in shown})
        yield f"it shows {len(shown)} rows, a fresh page {len(fresh)}; missing: {missing}"
    for row, other in zip(shown, fresh, strict=False):
        if row.pk == other.pk and row != other:
            yield f"it shows {row}, a fresh page {other}"


def unread(ledger: Ledger) -> Iterator[str]:
    """For everybody, what others wrote for them is unread, except what they saw and what was removed."""
    stored = defaultdict(set)
    for who, message in ledger.final["database"]["unread"]:
        stored[who].add(message)
    for who, page in ledger.final["pages"].items():
        counted = _for(who, ledger) - _seen_by(who, ledger)
        if who in ledger.away:  # which took away what was unread
            counted = stored[who]
        if stored[who] != counted:
            more, less = sorted(stored[who] - counted), sorted(counted - stored[who])
            yield f"of {who} {more} are unread in the database and should not, {less} are not and should"
        badge = sum(page["badges"].values())
        if badge != min(len(counted), BADGE_LIMIT):
            yield f"the badge of {who} says {badge}, unread are {len(counted)}"


def _for(who: str, ledger: Ledger) -> set[int]:
    """What others wrote for this person: all roots, and replies in threads where the person wrote before."""
    first: dict[int, int] = {}  # where the person wrote first, by thread
    for one in ledger.messages.values():
        if one.sender == who:
            root = one.root or one.pk
            first[root] = min(first.get(root, one.seq), one.seq)
    return {
        one.pk
        for one in ledger.messages.values()
        if one.sender != who
        and not one.is_removed
        and (one.root is None or first.get(one.root, one.seq) < one.seq)
    }


def _seen_by(who: str, ledger: Ledger) -> set[int]:
    acts = [act for act in ledger.named("see") if act.who == who and act.is_done]
    return {message for act in acts for message in act.about["messages"]}


def taken_away(history: History, ledger: Ledger) -> Iterator[str]:
    """Somebody who was removed is shown nothing that is written before they are added again."""
    written = {act.about["content"]: act.begun for act in ledger.named("send", "reply", "edit")}
    taken_at: dict[str, float] = {}
    for record in history.records:
        if record["kind"] == "membership" and record["what"] == "taken":
            taken_at[record["who"]] = record["at"]
        elif record["kind"] == "membership":
            del taken_at[record["who"]]
        elif since := taken_at.get(record.get("tab", "").partition(" ")[0]):
            rows = [*record.get("rows", []), *record.get("born", []), *record.get("changed", [])]
            for text in {Row(*row).text for row in rows}:
                if written.get(text, 0) > since:
                    yield f"{record['tab']} is shown {text!r} at {record['at']}, after its person was removed"


def strangers(history: History) -> Iterator[str]:
    """Somebody who may not read gets no word of what was written."""
    for record in history.of("stranger"):
        if record["texts"] or not set(record["statuses"]) <= REFUSALS:
            yield f"a stranger was answered {record['statuses']} and shown {record['texts']}"
