"""The messages that a person saved: saving one, removing it again, and the list."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from messaging.access.decorators import MemberRequest, message_reader_required, sign_in_required
from messaging.access.lookups import NotFound
from messaging.access.referrer import page_before
from messaging.http.rate_limits import take_token
from messaging.models import Message
from messaging.models.inbox.reminders import reminders_of
from messaging.models.inbox.saved import save_message, saved_by, unsave_message
from messaging.rendering.inbox import saved_parts
from messaging.views.page_context import page_context
from messaging.views.responses import number_in, page_or_list, too_many_requests, with_retry_after

SAVED_SHOWN = 20
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


@require_safe
@sign_in_required
def saved_list(request: MemberRequest) -> HttpResponse:
    """What the person saved, the last saved first. `undo` in the query offers to save that message again."""
    return _list_response(request, number_in(request.GET, "undo"), number_in(request.GET, "at"))


@require_POST
@message_reader_required
def message_save(request: MemberRequest, message: Message) -> HttpResponse:
    """Save a message. With `toggle`, remove it from what is saved if it is there; with `at`, to its former
    place in the list."""
    if message.is_removed:
        raise NotFound
    if wait := take_token("react", request.user.pk):
        return with_retry_after(notice(request, too_many_requests(wait), is_done=False), wait)
    if "toggle" in request.POST and request.user.saved.filter(message=message).exists():
        unsave_message(request.user, message)
        return answer(request, _("Removed from saved messages."))
    save_message(request.user, message, _moment_in(request.POST))
    if "list" in request.POST:
        return _list_response(request) if is_for_list(request) else _to_list(request)
    return answer(request, _("Saved. You find it in “Saved messages”."))


@require_POST
@message_reader_required
def message_unsave(request: MemberRequest, message: Message) -> HttpResponse:
    """Remove a message from what is saved, with its reminder; with `list`, from the list, where that can be
    undone."""
    if message.is_removed:
        raise NotFound
    gone = unsave_message(request.user, message)
    if "list" not in request.POST:
        return answer(request, _("Removed from saved messages."))
    at = (gone.saved_at - EPOCH) // MICROSECOND if gone else 0
    undo = {"undo": message.pk, "at": at} if gone else {}
    if is_for_list(request):
        return _list_response(request, **undo)
    return _to_list(request, **undo)


def is_for_list(request: MemberRequest) -> bool:
    """Whether the response replaces the list of the page."""
    return request.htmx.request_type == "partial" and (request.htmx.target or "").endswith("#list")


def notice(request: MemberRequest, text: str, is_done: bool = True) -> HttpResponse:
    """A response for htmx with a notice. Lists of saved messages and reminders are loaded again."""
    context = {"text": text, "is_done": is_done}
    response = render(request, "messaging/_notice.html", context, status=200 if is_done else 422)
    if is_done:
        response["HX-Trigger"] = "list-changed"
    return response


def answer(request: MemberRequest, text: str) -> HttpResponse:
    """Say what was done: where the person was, or in the list if that was the page of the form itself."""
    if request.htmx.request_type == "partial":
        return notice(request, text)
    messages.success(request, text)
    before = page_before(request)
    return redirect(before if before and not before.startswith(request.path) else "saved_list")


def _page_in(request: MemberRequest, **more: int) -> str:
    """The query of the list's address: the page that the request is about, and what else it says."""
    page = number_in(request.GET, "page")
    query = urlencode({"page": page, **more} if page else more)
    return f"?{query}" if query else ""


def _to_list(request: MemberRequest, **more: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("saved_list") + _page_in(request, **more))


def _moment_in(fields: QueryDict) -> datetime | None:
    """When the message had been saved, as `at` says; None if that is missing, or not in the past."""
    number, now = number_in(fields, "at"), timezone.now()
    if number is None or number > (now - EPOCH) // MICROSECOND:
        return None
    return EPOCH + number * MICROSECOND


def _list_response(request: MemberRequest, undo: int | None = None, at: int | None = None) -> HttpResponse:
    around = page_context(request, here="saved")
    page = Paginator(saved_by(request.user), SAVED_SHOWN).get_page(request.GET.get("page"))
    saved = list(page.object_list)
    reminders = reminders_of(request.user, [one.message_id for one in saved])
    context: dict[str, Any] = {
        **around,
        "parts": saved_parts(saved, reminders, request.people_version),
        "page_obj": page,
        "query": _page_in(request),  # which page is shown, also after a change
        "undo": undo,
        "at": at,
    }
    return page_or_list(request, "messaging/inbox/saved.html", "messaging/inbox/_saved.html", context)
