"""The groups of the inbox, with the rows of their messages."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from messaging.models import Message
from messaging.models.inbox.waiting import Group
from messaging.models.inbox.why import Cause
from messaging.rendering.inbox import InboxRow, rendered_inbox
from messaging.rendering.message_html import face
from messaging.rendering.part_template import PartTemplate, Value
from messaging.rendering.sidebar_html import NOBODY, badge
from messaging.rendering.times import moment
from messaging.rendering.why import Answer, answer_of
from messaging.rendering.words import excerpt

GROUP: Final = PartTemplate("messaging/inbox/_group.html")
WHY: Final = PartTemplate("messaging/inbox/_why.html")


@dataclass
class Around:
    """What each group needs to know of the page around it.

    Attributes:
        until: the id of the newest notification on the page.
        query: what the address says about which part of the inbox is shown.
        opened: the key of the group that is shown whole.
        opening: returns the query, with its "?", of the address that shows the group of a key whole.
    """

    until: int
    query: str
    opened: str
    opening: Callable[[str], str]
    csrf_token: str


@dataclass
class GroupPart:
    """A group as a page shows it. `root` is the first message of its thread; `why` says why its messages are
    for the person, and where that can be changed."""

    group: Group
    root: Message | None
    rows: list[InboxRow]
    why: list[Answer]
    is_followed: bool = False

    def html(self, around: Around) -> SafeString:
        group, entry, later = self.group, self.group.entry, self.group.later
        key = group.place.key
        values: dict[str, Value] = {
            "key": key,
            "pk": entry.conversation.pk,
            "title": entry.title,
            "face": "" if entry.is_room else face(entry.person or NOBODY),
            "count": badge(group.count),
            "show_all": _show_all(group.count),
            "why": format_html_join(" · ", "{}", ((_why_html(answer),) for answer in self.why)),
            "rows": format_html_join("", "{}", ((row.html,) for row in self.rows)),
            "until": around.until,
            "query": around.query,
            "open_query": around.opening(key),
            "csrf_token": around.csrf_token,
            "time": moment(later.until) if later else "",
            "put_off": later.marked.moment if later else 0,
            "first": later.first if later else 0,
        }
        return GROUP.render(
            values | self._root_values(),
            is_room=entry.is_room,
            is_thread=self.root is not None,
            is_removed=self.root is not None and self.root.is_removed,
            is_for_me=group.is_for_me,
            is_followed=self.is_followed,
            is_later=later is not None,
            is_opened=key == around.opened,
            has_more=group.count > len(self.rows),
            has_query=bool(around.query),
        )

    def _root_values(self) -> dict[str, Value]:
        root = self.root
        author = root.author if root else None
        return {
            "thread": root.pk if root else 0,
            "root_name": author.name if author else "",
            "root_author": author.pk if author else 0,
            "root_excerpt": excerpt(root, 120) if root and author else "",
        }


def _show_all(count: int) -> str:
    text = ngettext("Show all %(shown)s", "Show all %(shown)s", count)
    return text % {"shown": badge(count)}


def _why_html(answer: Answer) -> SafeString:
    return WHY.render({"address": answer.address, "sentence": answer.sentence})


def group_parts(
    groups: Sequence[Group],
    messages: Mapping[int, Message],
    followed: Collection[int | None],
    causes: Mapping[int, Cause],
    people_version: int,
) -> list[GroupPart]:
    """The groups with their rows. Groups whose messages were all removed meanwhile are left out.

    Args:
        messages: by id, those that the groups show and the first ones of their threads.
        followed: the ids of the first messages of those threads that the reader follows.
        causes: why each message is for the reader, by its id.
        people_version: the installation's, read before the messages.
    """
    shown = {pk for group in groups for pk in group.shown}
    html = rendered_inbox([message for pk, message in messages.items() if pk in shown], people_version)
    parts = []
    for group in groups:
        found = [messages[pk] for pk in group.shown if pk in html]
        rows, before = [], None
        for message in found:
            rows.append(InboxRow(message, html[message.pk], _answered(message, before)))
            before = message
        if rows:
            thread = group.place.thread
            why = [answer_of(causes[row.message.pk], row.message) for row in rows]
            parts.append(
                GroupPart(
                    group, messages.get(thread or 0), rows, list(dict.fromkeys(why)), thread in followed
                )
            )
    return parts


def _answered(message: Message, before: Message | None) -> Message | None:
    """What a reply answers, unless that is in sight: the thread's first message, or the row before."""
    parent = message.parent_message
    if parent is None or parent.pk in (message.thread_root_id, before and before.pk):
        return None
    return parent
