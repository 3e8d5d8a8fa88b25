"""A message's delay is the time from the answer to its sender until a tab of somebody else shows it."""

from typing import Any

from tests.faults.delivery.history import History
from tests.faults.delivery.latency import latencies, table

ROW = [1, 1, 1, "id", "1", "Ahoy", False, False, ""]


def act(number: int, client: str, begun: float, ended: float) -> list[dict[str, Any]]:
    about = {"content": "Ahoy", "client_id": client}
    return [
        {"kind": "begin", "at": begun, "op": number, "who": "ada", "act": "send", **about},
        {"kind": "end", "at": ended, "op": number, "status": 200},
    ]


def swap(at: float, tab: str, client: str) -> dict[str, Any]:
    row = [*ROW[:3], client, *ROW[4:]]
    return {"kind": "swap", "at": at, "tab": tab, "born": [row], "changed": [], "cursor": None}


def test_a_message_counts_once_for_each_tab_of_the_others_in_its_phase() -> None:
    records = [
        *act(1, "quiet", 1.0, 2.0),
        swap(2.0, "ada 0", "quiet"),
        swap(2.5, "ben 0", "quiet"),
        swap(9.0, "ben 0", "quiet"),  # once more, after he came back
        swap(1.5, "ben 1", "quiet"),  # before the answer
        {"kind": "nemesis", "at": 3.0, "what": "kill"},
        *act(2, "loud", 3.5, 4.0),
        {"kind": "nemesis", "at": 5.0, "what": "kill is over"},
        swap(7.0, "ben 0", "loud"),
        {"kind": "plan", "at": 0.0, "is_traced": False},
        {"kind": "final", "at": 9.0, "database": {"messages": [], "texts": []}},
    ]
    history = History(records)
    assert latencies(history) == {"nothing": [0.0, 0.5], "kill": [3.0]}
    assert [line.split()[-1] for line in table(history).splitlines()[1:]] == ["3.00", "0.50"]
