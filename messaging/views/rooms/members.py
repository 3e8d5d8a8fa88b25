from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from messaging.access import lookups
from messaging.access.decorators import (
    MemberRequest,
    joinable_room_required,
    member_required,
    room_administrator_required,
)
from messaging.access.lookups import NotFound
from messaging.models import Conversation, Membership, User
from messaging.models.conversations.permissions import can_add_members, can_administer
from messaging.models.db.refusals import Refused
from messaging.models.people.queryset import by_name
from messaging.models.rooms.handover import successor_of
from messaging.models.rooms.members import add_people, change_role, join, leave, remove_member
from messaging.text.lists import join_names
from messaging.views.responses import people_form, render_page, with_retry_after, words_in

MEMBERS_SHOWN = 50
NEW = "new"  # in the address of the page that follows the making of a room: it leads to the room
ROLES = Membership.Role
LAST_ADMINISTRATOR = gettext_lazy(
    "%(name)s is the only administrator of this room. Make another member administrator first."
)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def conversation_members(request: MemberRequest, conversation: Conversation) -> HttpResponse:
    """The members of a conversation, or those that a search in the address finds. Those who may add people
    get a form, whose own search is posted. `people` in the address is who is chosen in it at first.

    For a room that was just made there is only the form (`NEW`).
    """
    form, wait = None, 0
    data = request.POST if request.method == "POST" else _chosen_in(request)
    if can_add := conversation.allows(can_add_members(request.user)):
        candidates = User.objects.active().exclude(pk__in=conversation.memberships.values("user")).by_name()
        form, wait = people_form(request, data, candidates)
        if form.is_bound and form.is_valid():
            return _add(request, conversation, form.cleaned_data["people"])
    elif request.method == "POST":
        raise NotFound
    can_manage = conversation.allows(can_administer(request.user))
    context: dict[str, Any] = {"conversation": conversation, "can_add": can_add, "can_manage": can_manage}
    is_new = can_add and conversation.is_room and NEW in request.GET
    context |= {"form": form, "words": words_in(data), "is_new": is_new}
    status = 422 if form and form.errors else 200
    if form and request.htmx.request_type == "partial":
        return with_retry_after(render(request, "messaging/people/_found.html", context, status=status), wait)
    context["picker_words"] = context["words"]
    if is_new:
        return with_retry_after(render_page(request, "messaging/rooms/made.html", context, status), wait)
    context |= _members(request, conversation)
    return with_retry_after(render_page(request, "messaging/rooms/members.html", context, status), wait)


@require_http_methods(["GET", "HEAD", "POST"])
@room_administrator_required
def room_member(request: MemberRequest, room: Conversation, person: int) -> HttpResponse:
    """A member's role in the room, and removing them."""
    if "remove" in request.POST and not room.memberships.filter(user=person).exists():
        # It was sent again, since its answer was lost; or somebody else was faster.
        messages.info(request, _("This person is no longer in the room."))
        return redirect("conversation_members", room.pk)
    membership = lookups.member(room, person)
    if request.method != "POST":
        successor = successor_of(room, membership.user_id)
        context: dict[str, Any] = {"conversation": room, "membership": membership, "successor": successor}
        return render_page(request, "messaging/rooms/member.html", {**context, "roles": ROLES.choices})
    if "remove" not in request.POST:
        _change_role(request, room, membership.user)
        return redirect("conversation_members", room.pk)
    successor_user = remove_member(room, membership.user, by=request.user)
    notice = _("%(name)s was removed from the room.")
    if successor_user:
        notice = _("%(name)s was removed from the room. %(successor)s is now its administrator.")
    names = {"name": membership.user.name, "successor": successor_user and successor_user.name}
    messages.success(request, notice % names)
    if membership.user == request.user:
        return redirect("conversation_list")
    return redirect("conversation_members", room.pk)


def _chosen_in(request: MemberRequest) -> QueryDict:
    """Who is chosen in the address, and nothing else of it."""
    chosen = QueryDict(mutable=True)
    chosen.setlist("people", request.GET.getlist("people"))
    return chosen


def _members(request: MemberRequest, conversation: Conversation) -> dict[str, Any]:
    """A page of the members, or of those whom the search finds."""
    words = words_in(request.GET)
    everybody = conversation.memberships.all()
    found = everybody.called(words) if words else everybody
    found = found.select_related("user").order_by(by_name("user__"), "pk")
    page = Paginator(found, MEMBERS_SHOWN).get_page(request.GET.get("page"))
    count = everybody.count() if words else page.paginator.count
    return {"members": page.object_list, "page_obj": page, "member_count": count, "words": words}


def _add(request: MemberRequest, conversation: Conversation, people: list[User]) -> HttpResponse:
    add_people(conversation, people, by=request.user)
    names = join_names(person.name for person in people)
    messages.success(request, _("Added: %(names)s") % {"names": names})
    return redirect("conversation" if NEW in request.GET else "conversation_members", conversation.pk)


def _change_role(request: MemberRequest, room: Conversation, member: User) -> None:
    role = request.POST.get("role", "")
    if role not in ROLES or member.is_guest:
        raise NotFound
    try:
        change_role(room, member, role, by=request.user)
    except Refused as refused:
        if refused.code != "last_administrator":
            raise
        messages.error(request, LAST_ADMINISTRATOR % {"name": member.name})
    else:
        notice = _("Role of %(name)s: %(role)s") % {"name": member.name, "role": ROLES(role).label}
        messages.success(request, notice)


@require_POST
@joinable_room_required
def conversation_join(request: MemberRequest, room: Conversation) -> HttpResponse:
    join(room, request.user)
    return redirect("conversation", room.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def conversation_leave(request: MemberRequest, conversation: Conversation) -> HttpResponse:
    """Leave a room or a group. GET asks for a confirmation, and says who can add the person again and who
    becomes administrator."""
    if conversation.is_direct:
        return redirect("conversation", conversation.pk)
    if request.method == "POST":
        leave(conversation, request.user)
        return redirect("conversation_list")
    successor = successor_of(conversation, request.user.pk)
    others = conversation.memberships.active_non_guests().exclude(user=request.user)
    context = {
        "conversation": conversation,
        "successor": successor,
        # Whether the room has an administrator after the person has left; then only they add people.
        "administrators_add": successor or others.filter(role=Membership.Role.ADMIN).exists(),
    }
    return render_page(request, "messaging/rooms/leave.html", context)
