from datetime import UTC, date, datetime, time, tzinfo
from typing import Any, NamedTuple

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from messaging.access import lookups
from messaging.access.decorators import (
    MemberRequest,
    member_required,
    set_versions,
    sign_in_required,
)
from messaging.caching.pages import stored_part, versioned_cache_page
from messaging.forms import ComposerForm
from messaging.models import Attachment, Conversation
from messaging.models.conversations.membership import member_count
from messaging.models.inbox.sidebar_entry import SidebarEntry
from messaging.models.messages.attachment import MAX_FILES
from messaging.models.messages.drafting import draft_at
from messaging.models.messages.header_counts import header_counts
from messaging.models.messages.scheduling import scheduled_ids
from messaging.models.messages.timeline import first_since, timeline_page
from messaging.models.messages.unread_queries import unread_threads
from messaging.rendering.new_line import with_new_line
from messaging.rendering.rows import timeline_rows
from messaging.views.page_context import page_context
from messaging.views.responses import (
    message_link,
    message_url,
    number,
    number_in,
    render_page,
    sidebar_response,
    with_references,
)
from messaging.views.retention.announcement import retention_of
from messaging.views.zones import zone_of_browser

COMPOSER = "composer-%s"  # several forms can be on a page, each with ids of its own


@require_safe
@sign_in_required
def conversation_list(request: MemberRequest) -> HttpResponse:
    """The start page. For htmx, only the sidebar."""
    if request.htmx.request_type == "partial":
        return sidebar_response(request)
    return render_page(request, "messaging/conversations/page.html", {"is_start_page": True})


@require_safe
@sign_in_required
def conversation(request: MemberRequest, pk: int) -> HttpResponse:
    """The page of a conversation, for its members. Those who may join the room can read it.

    `?on=2027-03-01` leads to the first message of that day or later. With `?about=12` the composer has
    a link to that message, with `?uploaded=34` this file, which its reader has uploaded and not sent.
    """
    found = lookups.readable_conversation(request.user, pk)
    if "on" in request.GET:
        return redirect(_day_url(found, request.GET["on"], zone_of_browser(request)))
    set_versions(request, found)
    if not request.has_joined:
        return _reading_page(request, found)
    form = ComposerForm(auto_id=COMPOSER).with_draft(draft_at(request.user, found.pk))
    if about := number_in(request.GET, "about"):
        form.with_text(f"{message_link(request, about)}\n\n")
    if ids := list(filter(None, map(number, request.GET.getlist("uploaded")[:MAX_FILES]))):
        form.with_files([], list(Attachment.objects.unsent_by(request.user, ids)))
    return conversation_page(request, found, form)


def _day_url(conversation: Conversation, day: str, zone: tzinfo) -> str:
    """Where a day begins; the newest end if nothing was sent since, or if it is no date."""
    try:
        begin = datetime.combine(date.fromisoformat(day), time.min, zone).astimezone(UTC)
    except (ValueError, OverflowError):
        begin = None
    message = begin and first_since(conversation, begin)
    return message_url(message) if message else reverse("conversation", args=[conversation.pk])


def _reading_page(request: MemberRequest, room: Conversation) -> HttpResponse:
    """What was written in a public room, for somebody who has not joined. Nothing on it leads to what is only
    for members: the list as a fragment, threads, histories, the stream."""
    context = {
        "conversation": room,
        "member_count": member_count(room.pk),
        "timeline": _timeline_of_page(request, room),
        "retention": retention_of(request, room),
    }
    return render_page(request, "messaging/rooms/reading.html", context)


@require_safe
@member_required
@versioned_cache_page
def message_list(request: MemberRequest, conversation: Conversation) -> HttpResponse:
    """Only the list: the same bytes for every member."""
    return HttpResponse(_timeline(request, conversation, _part_in(request)).html)


def conversation_page(
    request: MemberRequest, conversation: Conversation, form: ComposerForm, status: int = 200
) -> HttpResponse:
    context = conversation_context(request, conversation)
    form.with_placeholder(_placeholder(conversation, context["entry"]))
    page = render(request, "messaging/conversations/detail.html", {**context, "form": form}, status=status)
    return with_references(request, page)


def _placeholder(conversation: Conversation, entry: SidebarEntry) -> str:
    if conversation.is_room:
        return _("Message #%(room)s") % {"room": conversation.name}
    return _("Message %(name)s") % {"name": entry.title} if entry.others else _("Write a note")


def conversation_context(request: MemberRequest, conversation: Conversation) -> dict[str, Any]:
    """What a conversation's page shows, apart from the form."""
    around = page_context(request, conversation)
    counts = header_counts(conversation.pk, request.user.pk)
    timeline = _timeline_of_page(request, conversation)
    entry = around.get("entry")  # missing if the person leaves at this moment
    html = with_new_line(timeline.html, entry and entry.first_unread_pk)
    return {
        **around,
        "conversation": conversation,
        "counts": counts,
        "retention": retention_of(request, conversation),
        "scheduled_here": scheduled_ids(request.user, conversation) if counts.scheduled else [],
        "threads_unread": unread_threads(request.user, conversation),
        "timeline": timeline._replace(html=html),
        "has_new_line": html is not timeline.html,
    }


Part = tuple[int | None, int | None, int | None]  # `before`, `after` and `around` of a page's address
NEWEST: Part = (None, None, None)


class Timeline(NamedTuple):
    """One page of the list: its HTML, whether it is the newest page, and whether no message is in it."""

    html: str
    is_newest: bool
    is_empty: bool


def _part_in(request: MemberRequest) -> Part:
    query = request.GET
    return number_in(query, "before"), number_in(query, "after"), number_in(query, "around")


def _timeline_of_page(request: MemberRequest, conversation: Conversation) -> Timeline:
    """The part that the query asks for, in the zone of the browser; the newest part if nothing is there."""
    zone = zone_of_browser(request)
    asked_for = _timeline(request, conversation, _part_in(request), zone)
    return _timeline(request, conversation, NEWEST, zone) if asked_for.is_empty else asked_for


def _timeline(request: MemberRequest, conversation: Conversation, part: Part, zone: tzinfo = UTC) -> Timeline:
    """A part of the timeline, the same for all members in a zone."""

    def render() -> Timeline:
        page = timeline_page(conversation.pk, *part)
        rows = timeline_rows(page, request.people_version, zone)
        context = {"conversation_pk": conversation.pk, "page": page, "rows": rows}
        context["has_joined"] = request.has_joined
        html = render_to_string("messaging/messages/_list.html", context)
        return Timeline(html, not page.newer, not rows)

    name = "timeline" if request.has_joined else "reading"
    return stored_part(request, f"{name}.{zone}", part, render)
