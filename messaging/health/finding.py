from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    WELL = "ok"
    WARNING = "warning"  # it works, but something is to be done
    FAULT = "fault"  # it does not work


@dataclass(frozen=True)
class Finding:
    """One result of a check.

    Attributes:
        says: the state, in a sentence.
        advice: what to do; empty if it is well.
    """

    state: State
    says: str
    advice: str = ""


def well(says: str) -> Finding:
    return Finding(State.WELL, says)


def warning(says: str, advice: str) -> Finding:
    return Finding(State.WARNING, says, advice)


def fault(says: str, advice: str) -> Finding:
    return Finding(State.FAULT, says, advice)
