"""Invariants of the database, checked without the reference model, because the product and that model could
share a mistake.
"""

from collections import Counter
from typing import Any

from tests.models.agreement import Line, State


def check(before: State, now: State) -> None:
    """Assert the invariants of a state, and those of the step from the state before it."""
    _check_state(now)
    versions = {pk: numbers[1] for pk, numbers in now["places"].items()}
    for pk, (_, version, _, _) in before["places"].items():
        if pk in versions:
            assert versions[pk] - version in (0, 1), "a version falls or jumps"
            changed = _conversation_looks(before, pk) != _conversation_looks(now, pk)
            assert changed == (versions[pk] != version), (
                "a version is raised exactly if something visible changed"
            )
    looked, looks = _message_looks(before), _message_looks(now)
    older = {line.pk: line for line in before["messages"]}
    for line in now["messages"]:
        version = versions[line.conversation]
        earlier = older.get(line.pk)
        if earlier is None:
            assert line.seq == line.version == version, "a new message has the next version"
        elif looked[line.pk] != looks[line.pk]:
            assert line.version == version > earlier.version, "a change has the version that it was made at"
        if earlier:
            assert (line.seq, line.depth) == (earlier.seq, earlier.depth), "a message keeps its place"


def _check_state(now: State) -> None:
    lines: list[Line] = now["messages"]
    waiting = {message for (message, _), (*_, unread) in now["rows"].items() if unread}
    by_pk = {line.pk: line for line in lines}
    for line in lines:
        assert line.seq <= line.version <= now["places"][line.conversation][1]
        assert line.read == (line.pk not in waiting), "`read` means that no row is unread"
    for (message, user), (conversation, root, *_) in now["rows"].items():
        line = by_pk[message]
        assert not line.removed
        assert (line.conversation, line.thread_root) == (conversation, root), "a row's copies are true"
        assert user != line.sender, "nobody is notified of their own message"
        assert (conversation, user) in now["members"], "no row without a membership"


def _message_looks(state: State) -> dict[int, tuple[Any, ...]]:
    """What a reader sees of each message; of a root also how many replies it has."""
    replies = Counter(line.thread_root for line in state["messages"] if not line.removed)
    texts = Counter(message for message, _ in state["histories"])
    return {
        line.pk: (line.sender, line.content_html, line.removed, texts[line.pk], replies[line.pk])
        for line in state["messages"]
    }


def _conversation_looks(state: State, pk: int) -> tuple[Any, ...]:
    """What a member sees of a conversation; `reset_version` makes every open page reload."""
    looks = _message_looks(state)
    seen = {line.pk: looks[line.pk] for line in state["messages"] if line.conversation == pk}
    members = {member for conversation, member in state["members"] if conversation == pk}
    return seen, members, state["places"][pk][2]
