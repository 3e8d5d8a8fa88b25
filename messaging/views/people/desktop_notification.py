"""What a page shows while nobody looks at it: asked by `static/js/desktop-notification.js`."""

from django.http import JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from messaging.access.decorators import MemberRequest, sign_in_required
from messaging.models.inbox.desktop_notification import DesktopNotification, desktop_notification_for
from messaging.models.people.quiet_hours import is_quiet
from messaging.pushing.composing import body_of, shows_words, why_of


@require_safe
@sign_in_required
@never_cache
def desktop_notification(request: MemberRequest) -> JsonResponse:
    """The notification, and the sound that the person chose; `notification` is null if there is none.

    Ids can be compared within the same `epoch`: after a restored backup they are used again. `quiet` says
    that it is the person's quiet time, so that a reminder makes no sound either.
    """
    now = timezone.now()
    found = desktop_notification_for(request.user, now)
    content = found and _content(request, found)
    return JsonResponse(
        {"notification": content, "quiet": is_quiet(request.user, now), "sound": request.user.sound}
    )


def _content(request: MemberRequest, found: DesktopNotification) -> dict[str, object]:
    conversation, with_words = found.message.conversation, shows_words(request.user, request.installation)
    words = body_of(found.message, found.count, conversation.is_direct, with_words)
    return {
        "id": found.newest,
        "epoch": request.installation.epoch.hex,
        "tag": f"conversation-{conversation.pk}",
        "title": f"#{found.title}" if conversation.is_room else found.title,
        "body": "\n".join(filter(None, [words, why_of(found.cause, with_words)])),
        "url": reverse("message", args=[found.message.pk]),
    }
