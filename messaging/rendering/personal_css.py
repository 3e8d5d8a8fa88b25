"""What a rendered message cannot say, since it is the same for everybody, said by stylesheets: that it is
yours, that it names you, that you block its author. A hash of the rules is in each address, so that browsers
can keep them."""

import hashlib
from collections.abc import Iterable

VIEWER = """\
[data-author~="{id}"] .author-only {{ display: inline-flex; }}
[data-mentions~="{id}"] .mention {{ color: var(--accent); background: var(--accent-soft); }}
"""
# `:target` opens a folded message by its permalink, without script. The typing line looks people up in
# `--folded`.
FOLDED = ":root {{ --folded: {ids}; }}\n"
FOLD = """\
.row:not(:target) > [data-author~="{id}"] .prose, .line-excerpt[data-author~="{id}"] {{ display: none; }}
.row:not(:target) > [data-author~="{id}"]:not(.removed) .moment::after {{
  content: "blocked: show"; margin-left: 0.5em; text-decoration: underline;
}}
"""


def _hash(rules: str) -> str:
    return hashlib.sha256(rules.encode()).hexdigest()[:8]


VIEWER_HASH = _hash(VIEWER)
FOLD_HASH = _hash(FOLDED + FOLD)


def viewer_css(user_id: int) -> str:
    """A reader's own rules: a function of the id alone, so it reveals nothing and never changes."""
    return VIEWER.format(id=user_id)


def fold_css(blocked: Iterable[int]) -> str:
    """The rules that fold away what these people wrote."""
    ids = list(blocked)
    return FOLDED.format(ids=" ".join(map(str, ids))) + "".join(FOLD.format(id=one) for one in ids)
