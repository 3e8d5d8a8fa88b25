"""The HTML of one message. It is the same for everybody, whatever stands around it, at any time."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from django.template.loader import render_to_string
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from messaging.models import Attachment, LinkPreview, Message, Tick, User
from messaging.models.inbox.destinations import Shown
from messaging.models.messages.attachment import number_of_files
from messaging.models.messages.poll_results import PollResult
from messaging.models.messages.reaction_summaries import ReactionSummary
from messaging.models.messages.thread_summaries import Summary
from messaging.rendering.code_blocks import with_copy_buttons
from messaging.rendering.long_texts import is_long
from messaging.rendering.part_template import PartTemplate, Value
from messaging.rendering.polls import poll_html
from messaging.rendering.reactions import reactions_html
from messaging.rendering.reference_places import place_html
from messaging.rendering.spoilers import with_checkboxes
from messaging.rendering.tasks import with_ticks
from messaging.rendering.times import time_values

TEMPLATE = PartTemplate("messaging/messages/_message.html")
_FACE: Final = PartTemplate("messaging/people/_face.html")
_GONE: Final = re.compile(r'\s*<article class="message message-\d+ removed gone"')


def message_html(
    message: Message,
    people_version: int,
    summary: Summary | None = None,
    is_in_thread: bool = False,
    files: Sequence[Attachment] = (),
    reactions: Sequence[ReactionSummary] = (),
    poll: PollResult | None = None,
    previews: Sequence[LinkPreview] = (),
    ticks: Sequence[Tick] = (),
) -> SafeString:
    """A message as it is shown in the timeline or in a thread.

    Args:
        message: with its sender loaded.
        people_version: the installation's, read before the message.
        summary: of its thread, which the timeline shows below a root.
        is_in_thread: its time is shown with the day, since a thread has no lines between days.
        files: in order.
        reactions: to the message.
        poll: of which the message is the question.
        previews: of the pages that it links to.
        ticks: of its tasks.
    """
    author = message.author
    values: dict[str, Value] = {
        "pk": message.pk,
        "author_pk": author.pk if author else 0,
        "name": author.name if author else "",
        "face": face(author) if author else "",
        "seq": message.seq,
        "version": message.version,
        "people_version": people_version,
        "client_id": str(message.client_id or ""),
        "content_html": prose_html(with_ticks(message, ticks)),
        "references": place_html(message.content_html),
        "files": files_html(files),
        "poll": poll_html(poll) if poll else "",
        "link_previews": previews_html(previews),
        "reason": message.removal_reason,
        **time_values("sent", message.timestamp, with_day=is_in_thread),
        **time_values("edited", message.edited_at, with_day=True),
        **_summary(summary),
        "reactions": reactions_html(message.pk, reactions) if reactions else "",
        "conversation_pk": message.conversation_id,
    }
    return TEMPLATE.render(
        values,
        has_author=author is not None,
        is_removed=message.is_removed,
        is_gone=message.is_removed and not (message.removal_reason or summary or is_in_thread),
        has_reason=bool(message.removal_reason),
        is_expired=message.is_expired,
        is_long=is_long(message.content),
        is_edited=message.edited,
        is_pinned=message.is_pinned,
        has_files=bool(files),
        has_poll=poll is not None,
        has_link_previews=bool(previews),
        has_summary=summary is not None,
        has_reactions=bool(reactions),
    )


def prose_html(content_html: str) -> SafeString:
    """The HTML of a text, as `messaging.text` made it, with its controls."""
    return with_checkboxes(with_copy_buttons(content_html))


def files_html(files: Sequence[Attachment]) -> SafeString | str:
    """The files of a message, which are the same for everybody."""
    if not files:
        return ""
    context = {"files": files, "label": number_of_files(len(files))}
    return render_to_string("messaging/messages/_files.html", context)


def previews_html(previews: Sequence[LinkPreview]) -> SafeString | str:
    """The previews of the pages that a message links to, which are the same for everybody."""
    if not previews:
        return ""
    return render_to_string("messaging/messages/_link_previews.html", {"previews": previews})


def is_gone(html: str) -> bool:
    """Whether this is the HTML of a root of which nothing is shown: removed, with no reason and no answer."""
    return _GONE.match(html) is not None


def face(person: User | Shown) -> SafeString:
    """A person's picture or initials."""
    return _face(person.pk, person.avatar_name, person.avatar_colour, person.initials)


@lru_cache(maxsize=1000)
def _face(pk: int, avatar_name: str, colour: int, initials: str) -> SafeString:
    values: dict[str, Value] = {"pk": pk, "avatar_name": avatar_name, "avatar_colour": colour}
    return _FACE.render({**values, "initials": initials}, avatar=bool(avatar_name))


def _summary(summary: Summary | None) -> dict[str, Value]:
    count = summary.count if summary else 0
    return {
        "faces": format_html_join("", "{}", ((face(author),) for author in summary.authors))
        if summary
        else "",
        "replies": ngettext("%(number)d reply", "%(number)d replies", count) % {"number": count},
        **time_values("last", summary.last_at if summary else None, with_day=True),
    }
