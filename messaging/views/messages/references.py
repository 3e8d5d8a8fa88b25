"""The cards of messages to which others link, for what the server sent to all members alike."""

from django.http import HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from messaging.access.decorators import MemberRequest, sign_in_required
from messaging.models.messages.references import readable_among
from messaging.rendering.references import cards_of
from messaging.views.responses import numbers_in

MOST = 100  # in one request; static/js/references.js knows it too


@require_safe
@never_cache
@sign_in_required
def message_references(request: MemberRequest) -> HttpResponse:
    """The cards of the messages whose ids `of` has, in any order; of those that the person may not read,
    and of those that do not exist, nothing."""
    cards = cards_of(readable_among(request.user, numbers_in(request.GET, "of", MOST)))
    return HttpResponse("".join(cards.values()))
