"""The list of a person's threads."""

from typing import Final

from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from messaging.models.inbox.sidebar_entry import SidebarEntry
from messaging.models.inbox.threads import Thread
from messaging.rendering.message_html import face
from messaging.rendering.part_template import PartTemplate
from messaging.rendering.sidebar_html import NOBODY, badge
from messaging.rendering.times import moment
from messaging.rendering.words import excerpt

LINE: Final = PartTemplate("messaging/inbox/_thread_line.html")


def line_html(thread: Thread, entry: SidebarEntry | None, csrf_token: str) -> SafeString:
    """The line of a thread.

    Args:
        entry: its conversation in the person's sidebar; None if they have hidden it.
    """
    root, last = thread.root, thread.last
    author, latest = root.author, last.author or NOBODY
    replies = ngettext("%(number)s reply", "%(number)s replies", thread.replies)
    new = ngettext("%(number)s new", "%(number)s new", thread.unread)
    return LINE.render(
        {
            "pk": root.pk,
            "face": face(author or NOBODY),
            "author": author.pk if author else 0,
            "author_name": author.name if author else "",
            "excerpt": excerpt(root, 160),
            "title": entry.title if entry else "",
            "replies": replies % {"number": thread.replies},
            "new": new % {"number": badge(thread.unread)},
            "last_author": latest.pk or 0,
            "last_name": latest.name,
            "last_excerpt": excerpt(last, 120),
            "time": moment(last.timestamp),
            "csrf_token": csrf_token,
        },
        is_unread=thread.unread > 0,
        is_removed=author is None,
        is_room=entry is not None and entry.is_room,
        is_followed=thread.is_followed,
    )
