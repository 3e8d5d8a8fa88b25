"""What a page shows while nobody looks at it: asked by `static/js/desktop-notification.js`."""

from django.http import JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from messaging.access.decorators import MemberRequest, sign_in_required
from messaging.models.inbox.desktop_notification import DesktopNotification, desktop_notification_for
from messaging.models.people.quiet_hours import is_quiet
from messaging.pushing.composing import body_of, why_of


@require_safe
@sign_in_required
@never_cache
def desktop_notification(request: MemberRequest) -> JsonResponse:
    """The notification, and the sound that the person chose; `notification` is null if there is none.

    `quiet` says that it is the person's quiet time, so that a reminder makes no sound either.
    """
    now = timezone.now()
    found = desktop_notification_for(request.user, now)
    content = found and _content(request, found)
    return JsonResponse(
        {"notification": content, "quiet": is_quiet(request.user, now), "sound": request.user.sound}
    )


def _content(request: MemberRequest, found: DesktopNotification) -> dict[str, object]:
    conversation, shows_text = found.message.conversation, request.installation.push_texts
    words = body_of(found.message, found.count, conversation.is_direct, request.user, shows_text)
    return {
        "id": found.newest,
        "tag": f"conversation-{conversation.pk}",
        "title": f"#{found.title}" if conversation.is_room else found.title,
        "body": "\n".join(filter(None, [words, why_of(found.cause)])),
        "url": reverse("message", args=[found.message.pk]),
    }
