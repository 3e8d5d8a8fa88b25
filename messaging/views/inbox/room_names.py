"""The rooms that are offered where somebody types a # (static/js/completion.js)."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import conditional_page, require_safe

from messaging.access.decorators import MemberRequest, sign_in_required
from messaging.models.db.text_match import fold
from messaging.models.inbox.room_names import nameable_rooms
from messaging.views.responses import words_in


@require_safe
@conditional_page
@sign_in_required
def room_names(request: MemberRequest) -> HttpResponse:
    """Rooms as options. `q` is what stands behind the #: with it only those whose name contains it."""
    rooms, has_more = nameable_rooms(request.user, words_in(request.GET))
    options = [(one.room, one.is_mine, fold(one.room.name)) for one in rooms]
    return render(request, "messaging/inbox/_room_names.html", {"options": options, "has_more": has_more})
