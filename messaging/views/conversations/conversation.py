from datetime import UTC, tzinfo
from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from messaging.access import lookups
from messaging.access.decorators import MemberRequest, member_required, set_versions, sign_in_required
from messaging.caching.pages import stored_part, versioned_cache_page
from messaging.forms import ComposerForm
from messaging.models import Conversation
from messaging.models.conversations.membership import member_count
from messaging.models.inbox.sidebar import SidebarEntry
from messaging.models.messages.timeline import timeline_page
from messaging.models.messages.unread import unread_threads
from messaging.models.people.time_zones import zone_named
from messaging.rendering.new_line import with_new_line
from messaging.rendering.rows import timeline_rows
from messaging.views.responses import number_in, page_context, page_in, render_page

COMPOSER = "composer-%s"  # several forms can be on a page, each with ids of its own


@require_safe
@sign_in_required
def conversation_list(request: MemberRequest) -> HttpResponse:
    """The start page. For htmx, only the sidebar."""
    if request.htmx.request_type == "partial":
        around = page_context(request, here=page_in(request.GET))
        return render(request, "messaging/inbox/_sidebar.html", around)
    return render_page(request, "messaging/conversations/page.html", {"is_start_page": True})


@require_safe
@sign_in_required
def conversation(request: MemberRequest, pk: int) -> HttpResponse:
    """The page of a conversation, for its members. Those who may join the room are asked whether to."""
    found = lookups.conversation_or_none(request.user, pk)
    if found is None:
        return _join_page(request, lookups.room_to_join(request.user, pk))
    set_versions(request, found)
    return conversation_page(request, found, ComposerForm(auto_id=COMPOSER))


def _join_page(request: MemberRequest, room: Conversation) -> HttpResponse:
    context = {"room": room, "member_count": member_count(room.pk)}
    return render_page(request, "messaging/rooms/join.html", context)


@require_safe
@member_required
@versioned_cache_page
def message_list(request: MemberRequest, conversation: Conversation) -> HttpResponse:
    """Only the list: the same bytes for every member."""
    return HttpResponse(_timeline(request, conversation).html)


def conversation_page(
    request: MemberRequest, conversation: Conversation, form: ComposerForm, status: int = 200
) -> HttpResponse:
    context = conversation_context(request, conversation)
    form.with_placeholder(_placeholder(conversation, context["entry"]))
    return render(request, "messaging/conversations/detail.html", {**context, "form": form}, status=status)


def _placeholder(conversation: Conversation, entry: SidebarEntry) -> str:
    if conversation.is_room:
        return _("Message #%(room)s") % {"room": conversation.name}
    return _("Message %(name)s") % {"name": entry.title} if entry.others else _("Write a note")


def conversation_context(request: MemberRequest, conversation: Conversation) -> dict[str, Any]:
    """What a conversation's page shows, apart from the form."""
    around = page_context(request, conversation)
    timeline = _timeline(request, conversation, _zone_of_browser(request))
    entry = around.get("entry")  # missing if the person leaves at this moment
    html = with_new_line(timeline.html, entry and entry.first_unread_pk)
    return {
        **around,
        "conversation": conversation,
        "member_count": member_count(conversation.pk),
        "threads_unread": unread_threads(request.user, conversation),
        "timeline": timeline._replace(html=html),
        "has_new_line": html is not timeline.html,
    }


class Timeline(NamedTuple):
    """One page of the list: its HTML, and whether it is the newest page."""

    html: str
    is_newest: bool


def _zone_of_browser(request: MemberRequest) -> tzinfo:
    """The zone in which the browser's script shows times, so that the days of a page need not be drawn again.

    UTC, like the times of messages, if there is no script.
    """
    return zone_named(request.COOKIES.get(settings.ZONE_COOKIE_NAME, "")) or UTC


def _timeline(request: MemberRequest, conversation: Conversation, zone: tzinfo = UTC) -> Timeline:
    """The part of the timeline that the query asks for, the same for all members in a zone."""
    query = [number_in(request.GET, name) for name in ("before", "after", "around")]

    def render() -> Timeline:
        page = timeline_page(conversation.pk, *query)
        rows = timeline_rows(page, request.people_version, zone)
        context = {"conversation_pk": conversation.pk, "page": page, "rows": rows}
        html = render_to_string("messaging/messages/_list.html", context)
        return Timeline(html, not page.newer)

    return stored_part(request, f"timeline.{zone}", query, render)
