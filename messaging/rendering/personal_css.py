"""Personal stylesheets, since the HTML of a message is the same for everybody.

They show which messages, reactions and votes are yours, which tasks you alone can tick, which messages
mention you, and what is by people whom you block. The URL of each contains a hash of its rules, so that
browsers can cache it.
"""

import hashlib
import json
from collections.abc import Iterable

from django.utils.translation import gettext as _

VIEWER = """\
[data-author~="{id}"] .author-only {{ display: inline-flex; }}
[data-author~="{id}"] .own-box {{ display: inline-block; }}
[data-author~="{id}"] .own-box + span {{ display: none; }}
.mention[href="/people/{id}/"] {{ color: var(--accent); background: var(--accent-soft); }}
.reaction[data-by~="{id}"] {{
  border-color: var(--accent); background: var(--accent-soft); color: var(--accent);
}}
.poll-choice[data-by~="{id}"] {{
  border-color: var(--accent); background: var(--accent-soft); --bar: var(--accent);
}}
:is(.reaction, .poll-choice)[data-by~="{id}"] .reacted::after {{ content: attr(data-mine); }}
@media (forced-colors: active) {{
  :is(.reaction, .poll-choice)[data-by~="{id}"] {{ border-color: Highlight; border-width: 2px; }}
}}
"""
# The permalink of a hidden message shows it (`:target`), without a script. `--blocked` says whom typing.js
# leaves out.
BLOCKED = ":root {{ --blocked: {ids}; }}\n"
HIDE = """\
.row:not(:target) > [data-author~="{id}"] :is(.prose, .long, .references, .files, .link-previews, .poll),
:is(.line-excerpt, .line-parent, .reference, .file-line)[data-author~="{id}"] {{ display: none; }}
.row:not(:target) > [data-author~="{id}"]:not(.removed) .moment::after {{
  content: {show}; margin-inline-start: 0.5em; text-decoration: underline;
}}
.reaction[data-by="{id}"] {{ display: none; }}
"""


GROUP = '.mention[href="/groups/{id}/"] {{ color: var(--accent); background: var(--accent-soft); }}\n'


def _hash(rules: str) -> str:
    return hashlib.sha256(rules.encode()).hexdigest()[:8]


def _show() -> str:
    """The text that opens a hidden message, as a string of CSS."""
    return json.dumps(_("blocked: show"), ensure_ascii=False)


VIEWER_HASH = _hash(VIEWER)


def blocked_hash() -> str:
    return _hash(BLOCKED + HIDE + _show())


def groups_hash() -> str:
    return _hash(GROUP)


def viewer_css(user_id: int) -> str:
    """The rules for a reader. They depend on the id only, so they reveal nothing and never change."""
    return VIEWER.format(id=user_id)


def blocked_css(blocked: Iterable[int]) -> str:
    """The rules that hide what these people wrote."""
    ids, show = list(blocked), _show()
    hidden = "".join(HIDE.format(id=one, show=show) for one in ids)
    return BLOCKED.format(ids=" ".join(map(str, ids))) + hidden


def groups_css(groups: Iterable[int]) -> str:
    """The rules that highlight mentions of these groups, in which the reader is."""
    return "".join(GROUP.format(id=one) for one in groups)
