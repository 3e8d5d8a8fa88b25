from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from messaging.access.decorators import (
    MemberRequest,
    sign_in_required,
)
from messaging.forms import RoomForm
from messaging.models import Conversation, Membership, User
from messaging.models.people.roles import can_create_rooms
from messaging.views.responses import rate_limited, render_page, with_retry_after, words_in
from messaging.views.rooms.members import NEW

ROOMS_SHOWN = 50


@require_safe
@sign_in_required
def room_list(request: MemberRequest) -> HttpResponse:
    """The rooms that the person may join, or those of them that match a search; archived ones apart."""
    words, archived = words_in(request.GET), "archived" in request.GET
    mine = Membership.objects.filter(conversation=OuterRef("pk"), user=request.user)
    rooms = Conversation.objects.open_to(request.user).order_by("name_order", "pk")
    rooms = rooms.filter(archived_at__isnull=not archived)
    if words:
        rooms = rooms.about(words)
    # Counted for the rooms of one page only: a join would count every room's members first.
    members = Membership.objects.filter(conversation=OuterRef("pk")).order_by().values("conversation")
    count = Subquery(members.annotate(count=Count("pk")).values("count"))
    rooms = rooms.annotate(is_member=Exists(mine), member_count=Coalesce(count, 0))
    page = Paginator(rooms, ROOMS_SHOWN).get_page(request.GET.get("page"))
    context = {"rooms": page.object_list, "page_obj": page, "words": words, "archived": archived}
    context["can_undo_removals"] = Conversation.objects.removal_undoable_by(request.user).exists()
    return render_page(request, "messaging/rooms/directory.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_required
def room_new(request: MemberRequest) -> HttpResponse:
    """Create a room. Then redirect to adding people, since a room is for several."""
    if not can_create_rooms(request.user, request.installation):
        return render_page(request, "messaging/rooms/not_allowed.html", {}, status=403)
    form = RoomForm(request.POST if request.method == "POST" else None)
    wait = rate_limited(request, "create", form)
    if form.is_valid() and (room := _create_or_none(form, request.user)):
        return redirect(f"{reverse('conversation_members', args=[room.pk])}?{NEW}")
    status = 422 if form.errors else 200
    return with_retry_after(render_page(request, "messaging/rooms/new.html", {"form": form}, status), wait)


def _create_or_none(form: RoomForm, by: User) -> Conversation | None:
    """The room that the form describes; or None, with the reason in the form."""
    try:
        return Conversation.objects.create_room(by=by, **form.cleaned_data)
    except ValidationError as error:
        form.add_error(None, error)
        return None
