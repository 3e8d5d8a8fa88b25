"""A room from within: what it is for oneself, and how its administrators look after it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from messaging.access.decorators import MemberRequest, member_required, sign_in_required, small
from messaging.forms import MineForm, RenameForm
from messaging.models import Conversation, Membership, User
from messaging.views.responses import shell

View = Callable[..., HttpResponseBase]
ROLES = Membership.Role
LAST_ADMINISTRATOR = "{name} is the only administrator of this room. Make somebody else one first."


def keeper_required(view: View) -> View:
    """Call the view with the room whose id is `pk`, for those who look after it. Somebody may have lost that
    right by the time that it is used: a 404 then too."""

    @member_required
    @wraps(view)
    def checked(request: MemberRequest, conversation: Conversation, **kwargs: Any) -> HttpResponseBase:
        if not conversation.may_keep(request.user):
            raise Http404
        try:
            return view(request, conversation, **kwargs)
        except Conversation.Refused as refusal:
            raise Http404 from refusal

    return checked


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def conversation_about(request: MemberRequest, conversation: Conversation) -> HttpResponse:
    """How loud a conversation is for oneself; for its keepers also its name, and what becomes of it."""
    membership = request.user.memberships.get(conversation=conversation)
    data = request.POST if request.method == "POST" else None
    form = MineForm(data, instance=membership)
    if form.is_valid():
        form.save()
        User.objects.filter(pk=request.user.pk).moved()
        messages.success(request, "That is how it is for you from now on.")
        return redirect("conversation", conversation.pk)
    return _about(request, conversation, form, RenameForm(instance=conversation))


@require_POST
@keeper_required
def room_rename(request: MemberRequest, room: Conversation) -> HttpResponse:
    form = RenameForm(request.POST, instance=Conversation.objects.get(pk=room.pk))
    if form.is_valid():
        try:
            room.rename(form.cleaned_data["name"], form.cleaned_data["topic"], by=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, "The room has its new name and topic.")
            return redirect("conversation", room.pk)
    membership = request.user.memberships.get(conversation=room)
    return _about(request, room, MineForm(instance=membership), form)


@require_POST
@keeper_required
def room_archive(request: MemberRequest, room: Conversation) -> HttpResponse:
    room.archive(request.user)
    messages.success(
        request, "The room is archived, and nothing in it is unread. It stays readable, under Rooms."
    )
    return redirect("conversation", room.pk)


@require_POST
@keeper_required
def room_restore(request: MemberRequest, room: Conversation) -> HttpResponse:
    room.restore(request.user)
    messages.success(request, "The room is open again.")
    return redirect("conversation", room.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@keeper_required
def room_remove(request: MemberRequest, room: Conversation) -> HttpResponse:
    """Remove a room: the page names what goes, and how long it can be had back."""
    if request.method == "POST":
        room.take_away(request.user)
        messages.success(request, f"# {room.name} is removed. For 30 days you can bring it back.")
        return redirect("removed_rooms")
    counts = {"message_count": room.messages.filter(removed_at=None).count()}
    counts["member_count"] = room.memberships.count()
    return shell(request, "messaging/rooms/remove.html", {"conversation": room, **counts})


@require_safe
@sign_in_required
def removed_rooms(request: MemberRequest) -> HttpResponse:
    """The rooms that one can bring back."""
    rooms = Conversation.objects.removed_for(request.user).select_related("removed_by")
    return shell(request, "messaging/rooms/removed.html", {"rooms": rooms.order_by("-removed_at")[:50]})


@require_POST
@sign_in_required
def room_bring_back(request: MemberRequest, pk: int) -> HttpResponse:
    room = get_object_or_404(Conversation.objects.removed_for(request.user), pk=small(pk))
    try:
        room.bring_back(request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("removed_rooms")
    except Conversation.Refused as refusal:
        raise Http404 from refusal
    messages.success(request, f"# {room.name} is back, with everybody who was in it.")
    return redirect("removed_rooms")


@require_http_methods(["GET", "HEAD", "POST"])
@keeper_required
def room_member(request: MemberRequest, room: Conversation, person: int) -> HttpResponse:
    """What a member is in the room, and the way out for them."""
    membership = get_object_or_404(room.memberships.select_related("user"), user=small(person))
    member = membership.user
    if request.method == "POST" and "remove" in request.POST:
        successor = room.remove_member(member, by=request.user)
        instead = f" {successor.name} is its administrator now." if successor else ""
        messages.success(request, f"{member.name} is not in the room any more.{instead}")
        if member == request.user:
            return redirect("conversation_list")
        return redirect("conversation_members", room.pk)
    if request.method == "POST":
        _give_role(request, room, member)
        return redirect("conversation_members", room.pk)
    context: dict[str, Any] = {"conversation": room, "membership": membership, "roles": ROLES.choices}
    context["successor"] = room.successor_of(member.pk)
    return shell(request, "messaging/rooms/member.html", context)


def _give_role(request: MemberRequest, room: Conversation, member: User) -> None:
    role = request.POST.get("role", "")
    if role not in ROLES or member.is_guest:
        raise Http404
    try:
        room.give_role(member, role, by=request.user)
    except Conversation.Refused as refusal:
        if refusal.args != ("last_administrator",):
            raise
        messages.error(request, LAST_ADMINISTRATOR.format(name=member.name))
    else:
        messages.success(request, f"{member.name}: {ROLES(role).label.lower()}.")


def _about(
    request: MemberRequest, conversation: Conversation, form: MineForm, rename: RenameForm
) -> HttpResponse:
    context = {
        "conversation": conversation,
        "form": form,
        "rename": rename if conversation.may_keep(request.user) else None,
    }
    status = 422 if form.errors or rename.errors else 200
    return shell(request, "messaging/rooms/settings.html", context, status=status)
