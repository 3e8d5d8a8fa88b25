"""The rows of a message list. The HTML of each message is cached, since it is the same for every reader."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, tzinfo

from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from messaging.caching.fragments import rendered_messages
from messaging.models import Attachment, LinkPreview, Message
from messaging.models.messages.poll_results import poll_results
from messaging.models.messages.reaction_summaries import reaction_summaries
from messaging.models.messages.thread_summaries import thread_summaries
from messaging.models.messages.threads import Node
from messaging.models.messages.ticks import ticks_of
from messaging.models.messages.timeline import Page
from messaging.rendering import runs
from messaging.rendering.message_html import is_gone, message_html
from messaging.rendering.part_template import PartTemplate, Value

INDENT_LEVELS = 6  # replies at deeper levels are shown on a page of their own
ROW = PartTemplate("messaging/messages/_row.html")
THREAD_ROW = PartTemplate("messaging/messages/_thread_row.html")


@dataclass
class Row:
    """A message in the timeline.

    `day` is set for the first message of a day. `continues_run` is true if the message continues a run.
    """

    pk: int
    seq: int
    message_html: SafeString
    day: date | None = None
    continues_run: bool = False

    @property
    def html(self) -> SafeString:
        values: dict[str, Value] = {"pk": self.pk, "seq": self.seq, "message_html": self.message_html}
        return ROW.render(values, continues_run=self.continues_run)


@dataclass
class ThreadRow:
    """A message in a thread.

    `depth` counts the levels below the first message, `below` the replies under this one that are shown.
    `has_own_page` is true if these are too deep to be shown in the same list. Nothing is shown of a message
    that `is_gone`. `is_folded` and `is_in_fold` are set by `folds.py`.
    """

    pk: int
    message_html: SafeString
    depth: int
    below: int
    is_folded: bool = False
    is_in_fold: bool = False
    is_gone: bool = False

    @property
    def indent(self) -> int:
        return min(self.depth, INDENT_LEVELS)

    @property
    def is_last_level(self) -> bool:
        return self.depth == INDENT_LEVELS

    @property
    def has_own_page(self) -> bool:
        return self.is_last_level and self.below > 0

    @property
    def html(self) -> SafeString:
        values: dict[str, Value] = {
            "pk": self.pk,
            "message_html": self.message_html,
            "indent": self.indent,
            "below": self.below,
            "below_in_words": self._below_in_words() if self.below else "",
        }
        return THREAD_ROW.render(
            values,
            is_folded=self.is_folded,
            is_in_fold=self.is_in_fold,
            is_gone=self.is_gone,
            is_last_level=self.is_last_level,
            can_fold=self.below > 0 and not self.has_own_page,
            has_own_page=self.has_own_page,
        )

    def _below_in_words(self) -> str:
        if self.has_own_page:
            text = ngettext(
                "Continue this thread: %(number)d more", "Continue this thread: %(number)d more", self.below
            )
        else:
            text = ngettext("%(number)d more reply", "%(number)d more replies", self.below)
        return text % {"number": self.below}


def timeline_rows(page: Page, people_version: int, zone: tzinfo = UTC) -> list[Row]:
    """The rows of a page of the timeline.

    Args:
        people_version: the installation's, read before the messages.
        zone: where days begin and end. A list that is shared by all readers has those of UTC.
    """
    html = _in_timeline(page.messages, people_version)
    rows: list[Row] = []
    day, previous = None, page.previous
    for message in page.messages:
        if is_gone(html[message.pk]):
            # Marked as a part of a run, which it neither begins nor ends.
            rows.append(Row(message.pk, message.seq, html[message.pk], continues_run=True))
            continue
        its_day = message.timestamp.astimezone(zone).date()
        is_run = runs.continues_run(message, previous)
        is_new_day = day is None or its_day > day
        rows.append(Row(message.pk, message.seq, html[message.pk], its_day if is_new_day else None, is_run))
        day, previous = its_day, message
    return rows


def thread_rows(nodes: Sequence[Node], people_version: int, below: Mapping[int, int]) -> list[ThreadRow]:
    """The rows of a thread. Messages whose HTML is cached are not loaded.

    Args:
        below: how many replies under each are shown (`shown_below`).
        people_version: the installation's, read before the nodes.
    """

    def render(ids: Sequence[int]) -> dict[int, SafeString]:
        messages = Message.objects.filter(pk__in=ids).with_sender()
        return rendered_in_thread(messages, people_version)

    versions = {node.pk: node.version for node in nodes}
    html = rendered_messages(versions, people_version, render, variant="thread")
    rows = [
        ThreadRow(node.pk, html[node.pk], node.depth, below[node.pk]) for node in nodes if node.pk in html
    ]
    without_trace = {node.pk for node in nodes if node.is_removed and node.depth and not node.has_reason}
    for row in rows:
        row.is_gone = row.pk in without_trace and not row.below
    return rows


def changed_rows(messages: Sequence[Message], people_version: int) -> list[Row]:
    """These roots as rows of the timeline, without days and runs, because their neighbours are not known."""
    is_new = all(message.version == message.seq for message in messages)
    html = _in_timeline(messages, people_version, is_new)
    return [Row(message.pk, message.seq, html[message.pk]) for message in messages]


def timeline_row(message: Message, people_version: int) -> Row:
    """One root as the timeline shows it."""
    return changed_rows([message], people_version)[0]


def changed_html(message: Message, people_version: int, is_in_inbox: bool = False) -> dict[str, str]:
    """The current HTML of a message, by the CSS selector of each element that may show it on a page.

    Only the message is replaced and not its row, so that a form that is open in the row stays open.

    Args:
        is_in_inbox: whether the page may be the inbox.
    """
    in_thread = rendered_messages(
        {message.pk: message.version},
        people_version,
        lambda ids: rendered_in_thread([message], people_version),
        variant="thread",
    )
    changes: dict[str, str] = {f"#t-{message.pk} > .message": in_thread[message.pk]}
    if is_in_inbox:
        changes[f"#i-{message.pk} > .message"] = in_thread[message.pk]
        changes[f"#i-r{message.pk} > .message"] = in_thread[message.pk]  # of a reminder
    if message.thread_root_id is None:
        changes[f"#m-{message.pk} > .message"] = _in_timeline([message], people_version)[message.pk]
    return changes


def rendered_in_thread(messages: Iterable[Message], people_version: int) -> dict[int, SafeString]:
    """The HTML of messages by id, as a thread and the inbox show them: with the day, and without a summary of
    the thread below. Not cached."""
    found = list(messages)
    files = Attachment.objects.all().of_messages(found)
    reactions = reaction_summaries([message.pk for message in found])
    polls = poll_results(found)
    previews = LinkPreview.objects.all().of_messages(found)
    ticks = ticks_of(found)
    return {
        message.pk: message_html(
            message,
            people_version,
            is_in_thread=True,
            files=files.get(message.pk, ()),
            reactions=reactions.get(message.pk, ()),
            poll=polls.get(message.pk),
            previews=previews.get(message.pk, ()),
            ticks=ticks.get(message.pk, ()),
        )
        for message in found
    }


def _in_timeline(
    messages: Sequence[Message], people_version: int, is_new: bool = False
) -> dict[int, SafeString]:
    """The HTML of roots by id, with summaries of their threads.

    Args:
        is_new: whether they are as they were sent, so that nobody can have reacted to them yet.
    """
    by_id = {message.pk: message for message in messages}

    def render(ids: Sequence[int]) -> dict[int, str]:
        summaries = thread_summaries(ids)
        files = Attachment.objects.all().of_messages([by_id[pk] for pk in ids])
        reactions = {} if is_new else reaction_summaries(ids)
        polls = poll_results([by_id[pk] for pk in ids])
        previews = LinkPreview.objects.all().of_messages([by_id[pk] for pk in ids])
        ticks = {} if is_new else ticks_of([by_id[pk] for pk in ids])
        return {
            pk: message_html(
                by_id[pk],
                people_version,
                summaries.get(pk),
                files=files.get(pk, ()),
                reactions=reactions.get(pk, ()),
                poll=polls.get(pk),
                previews=previews.get(pk, ()),
                ticks=ticks.get(pk, ()),
            )
            for pk in ids
        }

    versions = {message.pk: message.version for message in messages}
    return rendered_messages(versions, people_version, render)
