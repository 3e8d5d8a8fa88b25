"""Personal stylesheets, since the HTML of a message is the same for everybody.

They show which messages are yours, which mention you, and which are by people whom you block. The URL of each
contains a hash of its rules, so that browsers can cache it.
"""

import hashlib
import json
from collections.abc import Iterable

from django.utils.translation import gettext as _

VIEWER = """\
[data-author~="{id}"] .author-only {{ display: inline-flex; }}
.mention[href="/people/{id}/"] {{ color: var(--accent); background: var(--accent-soft); }}
"""
# Its permalink opens a folded message (`:target`), without a script. `--folded` tells the script of the
# typing line whom to leave out.
FOLDED = ":root {{ --folded: {ids}; }}\n"
FOLD = """\
.row:not(:target) > [data-author~="{id}"] .prose, .line-excerpt[data-author~="{id}"] {{ display: none; }}
.row:not(:target) > [data-author~="{id}"]:not(.removed) .moment::after {{
  content: {show}; margin-inline-start: 0.5em; text-decoration: underline;
}}
"""


def _hash(rules: str) -> str:
    return hashlib.sha256(rules.encode()).hexdigest()[:8]


def _show() -> str:
    """What opens a folded message, as a string of CSS."""
    return json.dumps(_("blocked: show"), ensure_ascii=False)


VIEWER_HASH = _hash(VIEWER)


def fold_hash() -> str:
    return _hash(FOLDED + FOLD + _show())


def viewer_css(user_id: int) -> str:
    """The rules for a reader. They depend on the id only, so they reveal nothing and never change."""
    return VIEWER.format(id=user_id)


def fold_css(blocked: Iterable[int]) -> str:
    """The rules that fold away what these people wrote."""
    ids, show = list(blocked), _show()
    return FOLDED.format(ids=" ".join(map(str, ids))) + "".join(FOLD.format(id=one, show=show) for one in ids)
