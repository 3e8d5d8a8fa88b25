"""Delays, from the answer to the sender until another member's tab shows the message, for each nemesis."""

from collections import defaultdict

from tests.faults.delivery.history import History
from tests.faults.delivery.ledger import Ledger

QUIET = "nothing"


def latencies(history: History) -> dict[str, list[float]]:
    """The delays in seconds, of each root in each tab that showed it, in order.

    A tab that showed it before its sender was answered counts as 0. The keys are the nemeses that had begun
    last, and were not over, when it was answered.
    """
    ledger = Ledger(history)
    answered = {act.about["client_id"]: act for act in ledger.named("send") if act.is_done}
    found: dict[str, list[float]] = defaultdict(list)
    seen: set[tuple[str, str]] = set()
    for record in history.records:
        for row in [*record.get("rows", []), *record.get("born", [])]:
            act = answered.get(row[3])
            if act and "tab" in record and (record["tab"], row[3]) not in seen:
                seen.add((record["tab"], row[3]))
                if act.who not in record["tab"]:
                    phase = _phase(history, act.ended)
                    found[phase].append(max(0.0, record["at"] - act.ended))
    return {phase: sorted(seconds) for phase, seconds in found.items()}


def _phase(history: History, moment: float) -> str:
    names = [record["what"] for record in history.of("nemesis") if record["at"] <= moment]
    return QUIET if not names or names[-1].endswith("is over") else str(names[-1])


def table(history: History) -> str:
    lines = [f"{'seconds from the answer to a tab':<34} {'number':>7} {'p50':>7} {'p99':>7} {'max':>7}"]
    for phase, seconds in sorted(latencies(history).items()):
        p50, p99 = (seconds[int(len(seconds) * share)] for share in (0.5, 0.99))
        lines.append(f"{phase:<34} {len(seconds):>7} {p50:>7.2f} {p99:>7.2f} {seconds[-1]:>7.2f}")
    return "\n".join(lines)
