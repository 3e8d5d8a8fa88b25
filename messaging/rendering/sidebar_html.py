"""The HTML of one line of the sidebar. Its page marks which conversation is open."""

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from messaging.models.inbox.sidebar_entry import SidebarEntry
from messaging.models.inbox.unread_counts import UNREAD_COUNTED
from messaging.models.people.user import User
from messaging.rendering.message_html import face
from messaging.rendering.part_template import PartTemplate

ROW = PartTemplate("messaging/inbox/_sidebar_row.html")
NOBODY = User()  # whose face stands beside a conversation in which nobody else is (any more)


def row_html(entry: SidebarEntry) -> SafeString:
    """The line of a conversation."""
    is_room, other = entry.is_room, entry.other
    return ROW.render(
        {
            "pk": entry.conversation.pk,
            "title": entry.title,
            "face": "" if is_room else face(entry.person or NOBODY),
            "other": other.pk if other else 0,
            "status": _status(other),
            "count": badge(entry.unread),
        },
        is_room=is_room,
        is_private=entry.is_private,
        is_direct=entry.conversation.is_direct,
        has_other=other is not None,
        is_muted=entry.is_muted,
        has_draft=entry.has_draft,
        is_out=entry.is_out,
        is_unread=entry.unread > 0,
        is_for_me=entry.is_for_me,
    )


def badge(unread: int) -> str:
    """A count as a badge shows it: "99+" from 100 on, since it was counted up to 100 only."""
    return f"{UNREAD_COUNTED - 1}+" if unread >= UNREAD_COUNTED else str(unread)


def _status(person: User | None) -> SafeString:
    if person is None or not person.current_status:
        return SafeString("")
    return render_to_string("messaging/people/_status.html", {"person": person})
