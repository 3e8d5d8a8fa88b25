from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from messaging.access import MemberRequest, member_required, room_required, sign_in_required
from messaging.models import Conversation, Membership
from messaging.views.answers import shell

ROOMS_SHOWN = 50


@require_safe
@sign_in_required
def room_list(request: MemberRequest) -> HttpResponse:
    """The directory: every room that the person may walk into."""
    mine = Membership.objects.filter(conversation=OuterRef("pk"), user=request.user)
    rooms = Conversation.objects.open_to(request.user).order_by("name", "pk")
    # Counted for the rooms of one page only: a join would count every room's members first.
    members = Membership.objects.filter(conversation=OuterRef("pk")).order_by().values("conversation")
    count = Subquery(members.annotate(count=Count("pk")).values("count"))
    rooms = rooms.annotate(is_member=Exists(mine), member_count=Coalesce(count, 0))
    page = Paginator(rooms, ROOMS_SHOWN).get_page(request.GET.get("page"))
    return shell(request, "messaging/rooms/page.html", {"rooms": page.object_list, "page_obj": page})


@require_POST
@room_required
def conversation_join(request: MemberRequest, room: Conversation) -> HttpResponse:
    room.add(request.user)
    return redirect("conversation", room.pk)


@require_POST
@member_required
def conversation_leave(request: MemberRequest, conversation: Conversation) -> HttpResponse:
    if conversation.is_direct:
        return redirect("conversation", conversation.pk)
    conversation.remove(request.user)
    return redirect("conversation_list")
