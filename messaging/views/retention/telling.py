from messaging.access.decorators import MemberRequest
from messaging.models import Conversation
from messaging.models.retention.announcement import Announcement, announcement
from messaging.models.site.retention import retention_from


def retention_of(request: MemberRequest, conversation: Conversation) -> Announcement | None:
    """What the page of a conversation says about how long its messages are kept. No query: both columns were
    read by the access check."""
    site, own = request.installation.retention, conversation.retention
    return announcement(retention_from(site), retention_from(own)) if site or own else None
