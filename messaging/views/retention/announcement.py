from messaging.access.decorators import MemberRequest
from messaging.models import Conversation
from messaging.models.retention.announcement import Announcement, announcement
from messaging.models.site.retention import RoomRules, Rule, retention_from


def retention_of(request: MemberRequest, conversation: Conversation) -> Announcement | None:
    """What the page of a conversation says about how long its messages are kept. No query: both columns were
    read by the access check."""
    site, own = request.installation.retention, conversation.retention
    return announcement(retention_from(site), retention_from(own)) if site or own else None


def can_change_retention(request: MemberRequest, room: Conversation) -> bool:
    """Whether the room's administrators have something to decide: the site allows rules of rooms, or one was
    announced that can be withdrawn. No query, as above."""
    site = retention_from(request.installation.retention).rule or Rule()
    return site.rooms != RoomRules.NONE or retention_from(room.retention).is_pending
