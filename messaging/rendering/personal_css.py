"""What a rendered message cannot say, since it is the same for everybody, said by stylesheets: that it is
yours, that it names you, that you block its author. A hash of the rules is in each address, so that browsers
can keep them."""

import hashlib
import json
from collections.abc import Iterable

from django.utils.translation import gettext as _

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
  content: {show}; margin-left: 0.5em; text-decoration: underline;
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
    """A reader's own rules: a function of the id alone, so it reveals nothing and never changes."""
    return VIEWER.format(id=user_id)


def fold_css(blocked: Iterable[int]) -> str:
    """The rules that fold away what these people wrote."""
    ids, show = list(blocked), _show()
    return FOLDED.format(ids=" ".join(map(str, ids))) + "".join(FOLD.format(id=one, show=show) for one in ids)
