"""What a page tells while nobody looks at it: asked by `static/js/alert.js` when something came."""

from django.http import JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from messaging.access.decorators import MemberRequest, sign_in_required
from messaging.models.inbox.page_alert import PageAlert, alert_for
from messaging.models.people.quiet_hours import is_quiet
from messaging.pushing.composing import body_of, shows_words, why_of


@require_safe
@sign_in_required
@never_cache
def push_alert(request: MemberRequest) -> JsonResponse:
    """The notice, its sound, and the id of what it is about; `alert` is null if there is none.

    Ids can be compared within the same `epoch`: after a restored backup they are used again. `quiet` says
    that it is the person's quiet time, so that a reminder makes no sound either.
    """
    now = timezone.now()
    found = alert_for(request.user, now)
    content = found and _content(request, found)
    return JsonResponse({"alert": content, "quiet": is_quiet(request.user, now), "sound": request.user.sound})


def _content(request: MemberRequest, alert: PageAlert) -> dict[str, object]:
    conversation, with_words = alert.message.conversation, shows_words(request.user, request.installation)
    words = body_of(alert.message, alert.count, conversation.is_direct, with_words)
    return {
        "id": alert.newest,
        "epoch": request.installation.epoch.hex,
        "tag": f"conversation-{conversation.pk}",
        "title": f"#{alert.title}" if conversation.is_room else alert.title,
        "body": "\n".join(filter(None, [words, why_of(alert.cause, with_words)])),
        "url": reverse("message", args=[alert.message.pk]),
    }
