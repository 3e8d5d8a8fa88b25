"""The settings of a conversation: each member's own, and those that a room's administrators change."""

from copy import copy

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from messaging.access import lookups
from messaging.access.decorators import (
    MemberRequest,
    member_required,
    removed_room_required,
    room_administrator_required,
    sign_in_required,
)
from messaging.forms import MembershipSettingsForm, RenameForm
from messaging.models import Conversation
from messaging.models.conversations.permissions import can_administer
from messaging.models.inbox.sections import arrange
from messaging.models.rooms.settings import archive, remove_room, rename, unarchive, undo_room_removal
from messaging.views.responses import render_page
from messaging.views.retention.announcement import can_change_retention, retention_of

REMOVED_SHOWN = 50


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def conversation_settings(request: MemberRequest, conversation: Conversation) -> HttpResponse:
    """The member's own settings; for a room's administrators also its name, archiving and removal."""
    membership = lookups.member(conversation, request.user.pk)
    data = request.POST if request.method == "POST" else None
    form = MembershipSettingsForm(data, instance=membership)
    if form.is_valid():
        arrange(request.user, conversation, **form.cleaned_data)
        messages.success(request, _("Settings saved."))
        return redirect("conversation", conversation.pk)
    return _page(request, conversation, form, RenameForm(instance=conversation))


@require_POST
@room_administrator_required
def room_rename(request: MemberRequest, room: Conversation) -> HttpResponse:
    # A form writes what was typed into its instance, and the page shows the room's name elsewhere too.
    form = RenameForm(request.POST, instance=copy(room))
    if form.is_valid():
        try:
            rename(room, form.cleaned_data["name"], form.cleaned_data["topic"], by=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Name and topic saved."))
            return redirect("conversation", room.pk)
    membership = lookups.member(room, request.user.pk)
    return _page(request, room, MembershipSettingsForm(instance=membership), form)


@require_POST
@room_administrator_required
def room_archive(request: MemberRequest, room: Conversation) -> HttpResponse:
    archive(room, by=request.user)
    messages.success(request, _("The room was archived."))
    return redirect("conversation", room.pk)


@require_POST
@room_administrator_required
def room_unarchive(request: MemberRequest, room: Conversation) -> HttpResponse:
    unarchive(room, by=request.user)
    messages.success(request, _("The room was unarchived."))
    return redirect("conversation", room.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@room_administrator_required
def room_remove(request: MemberRequest, room: Conversation) -> HttpResponse:
    """Remove a room. The page says what is removed, and for how long that can be undone."""
    if request.method == "POST":
        remove_room(room, by=request.user)
        messages.success(
            request, _("#%(room)s was removed. You can restore it within 30 days.") % {"room": room.name}
        )
        return redirect("removed_rooms")
    counts = {"message_count": room.messages.filter(removed_at=None).count()}
    counts["member_count"] = room.memberships.count()
    return render_page(request, "messaging/rooms/remove.html", {"conversation": room, **counts})


@require_safe
@sign_in_required
def removed_rooms(request: MemberRequest) -> HttpResponse:
    """The removed rooms that the person can restore."""
    rooms = Conversation.objects.removal_undoable_by(request.user).select_related("removed_by")
    context = {"rooms": rooms.order_by("-removed_at")[:REMOVED_SHOWN]}
    return render_page(request, "messaging/rooms/removed.html", context)


@require_POST
@removed_room_required
def room_undo_removal(request: MemberRequest, room: Conversation) -> HttpResponse:
    try:
        undo_room_removal(room, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("#%(room)s was restored with its members.") % {"room": room.name})
    return redirect("removed_rooms")


def _page(
    request: MemberRequest, conversation: Conversation, form: MembershipSettingsForm, rename: RenameForm
) -> HttpResponse:
    context = {
        "conversation": conversation,
        "form": form,
        "retention": retention_of(request, conversation),
        "can_change_retention": can_change_retention(request, conversation),
        "rename": rename if conversation.allows(can_administer(request.user)) else None,
    }
    status = 422 if form.errors or rename.errors else 200
    return render_page(request, "messaging/rooms/settings.html", context, status=status)
