"""Which branches of a thread are folded before the page's script has run.

The script (`static/js/threads.js`) folds the same branches. Without JavaScript every reply is shown.
"""

from collections.abc import Collection, Sequence

from messaging.rendering.rows import ThreadRow

FOLDED_LEVEL = 3  # the only level at which branches are folded at first
FOLDED_SIZE = 3  # a branch with at least this many replies is long


def fold_long_branches(rows: Sequence[ThreadRow], keep_open: Collection[int | None]) -> None:
    """Mark the rows that have a folded branch, and those in it.

    Args:
        keep_open: the ids of messages whose branches stay open: those that the page was opened for.
    """
    for place, row in enumerate(rows):
        if row.indent != FOLDED_LEVEL or row.below < FOLDED_SIZE:
            continue
        branch = _branch(rows, place)
        if branch and not any(one.pk in keep_open for one in branch):
            row.is_folded = True
            for one in branch:
                one.is_in_fold = True


def _branch(rows: Sequence[ThreadRow], place: int) -> list[ThreadRow]:
    """The rows after this one that are below it in the tree."""
    branch = []
    for row in rows[place + 1 :]:
        if row.indent <= rows[place].indent:
            break
        branch.append(row)
    return branch
