"""The rows of a message list. The HTML of each message is cached, since it is the same for every reader."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, tzinfo

from messaging.caching.fragments import rendered_messages
from messaging.models import Message
from messaging.models.messages.thread_summaries import thread_summaries
from messaging.models.messages.threads import Node
from messaging.models.messages.timeline import Page
from messaging.rendering.runs import continues_run

INDENT_LEVELS = 6  # replies at deeper levels are shown on a page of their own


@dataclass
class Row:
    """A message in the timeline.

    `day` is set for the first message of a day. `run` is true if the message continues a run.
    """

    pk: int
    seq: int
    message_html: str
    day: date | None = None
    run: bool = False


@dataclass
class ThreadRow:
    """A message in a thread.

    `depth` counts the levels below the first message, `below` all replies under this one. `continues` is true
    if these are too deep to be shown in the same list. `is_folded` and `is_in_fold` are set by `folds.py`.
    """

    pk: int
    message_html: str
    depth: int
    below: int
    is_folded: bool = False
    is_in_fold: bool = False

    @property
    def indent(self) -> int:
        return min(self.depth, INDENT_LEVELS)

    @property
    def is_last_level(self) -> bool:
        return self.depth == INDENT_LEVELS

    @property
    def continues(self) -> bool:
        return self.is_last_level and self.below > 0


def timeline_rows(page: Page, people_version: int, zone: tzinfo = UTC) -> list[Row]:
    """The rows of a page of the timeline.

    Args:
        people_version: the installation's, read before the messages.
        zone: where days begin and end. A list that is shared by all readers has those of UTC.
    """
    html = rendered_messages(page.messages, people_version, _timeline_context)
    rows: list[Row] = []
    day, previous = None, page.previous
    for message in page.messages:
        its_day = message.timestamp.astimezone(zone).date()
        run = continues_run(message, previous)
        is_new_day = day is None or its_day > day
        rows.append(Row(message.pk, message.seq, html[message.pk], its_day if is_new_day else None, run))
        day, previous = its_day, message
    return rows


def thread_rows(nodes: Sequence[Node], people_version: int) -> list[ThreadRow]:
    messages = Message.objects.filter(pk__in=[node.pk for node in nodes]).select_related("sender")
    html = rendered_messages(list(messages), people_version, _thread_context, variant="thread")
    return [ThreadRow(node.pk, html[node.pk], node.depth, node.below) for node in nodes if node.pk in html]


def changed_rows(messages: Sequence[Message], people_version: int) -> list[Row]:
    """These roots as rows of the timeline, without days and runs, because their neighbours are not known."""
    html = rendered_messages(messages, people_version, _timeline_context)
    return [Row(message.pk, message.seq, html[message.pk]) for message in messages]


def timeline_row(message: Message, people_version: int) -> Row:
    """One root as the timeline shows it."""
    return changed_rows([message], people_version)[0]


def changed_html(message: Message, people_version: int) -> dict[str, str]:
    """The current HTML of a message, by the CSS selector of each element that may show it on a page.

    Only the message is replaced and not its row, so that a form that is open in the row stays open.
    """
    in_thread = rendered_messages([message], people_version, _thread_context, variant="thread")
    changes = {f"#t-{message.pk} > .message": in_thread[message.pk]}
    if message.thread_root_id is None:
        in_timeline = rendered_messages([message], people_version, _timeline_context)
        changes[f"#m-{message.pk} > .message"] = in_timeline[message.pk]
    return changes


def _timeline_context(messages: Sequence[Message]) -> dict[int, dict]:
    summaries = thread_summaries([message.pk for message in messages])
    return {message.pk: {"summary": summaries.get(message.pk)} for message in messages}


def _thread_context(messages: Sequence[Message]) -> dict[int, dict]:
    return {message.pk: {"is_in_thread": True} for message in messages}
