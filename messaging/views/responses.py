"""What views have in common: rendering a page or a part of it, reading a query, rate limits and errors."""

from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import ngettext

from messaging.access.decorators import MemberRequest
from messaging.access.lookups import NotFound
from messaging.forms import PeopleForm
from messaging.http.rate_limits import take_token
from messaging.models import Message
from messaging.models.db.numbers import LARGEST_ID
from messaging.models.db.text_match import LONGEST_SEARCH
from messaging.models.messages.references import readable_among
from messaging.models.people.queryset import UserQuerySet
from messaging.rendering.inbox import inbox_row
from messaging.rendering.reference_places import BEGIN
from messaging.rendering.references import filled
from messaging.rendering.rows import INDENT_LEVELS, changed_html
from messaging.text.cleaning import remove_forbidden
from messaging.views.page_context import page_context

# The pages to which the sidebar links, and the names of their addresses.
PAGES = {"search": "search", "inbox": "inbox", "drafts": "draft_list", "saved": "saved_list"}
NOT_A_MEMBER = {"sender", "editor"}


def page_or_part(
    request: MemberRequest, page: str, part: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """Render `part` if htmx asks for a fragment, otherwise `page`, which includes it."""
    if request.htmx.request_type == "partial":
        return with_references(request, render(request, part, context, status=status))
    return render_page(request, page, context, status)


def render_page(
    request: MemberRequest, page: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """Render a page with the person's sidebar.

    Args:
        context: `conversation` is the open one, `here` the name of a page to which the sidebar links.
    """
    around = page_context(request, context.get("conversation"), context.get("here"))
    return with_references(request, render(request, page, {**around, **context}, status=status))


def with_references(request: MemberRequest, response: HttpResponse) -> HttpResponse:
    """The response to one person, with the cards of the messages that are linked to and that they may read.

    Never call it for a response that is cached or shared between members.
    """
    if BEGIN not in response.content:
        return response
    html = response.content.decode()
    shown = filled(html, request.get_host(), partial(readable_among, request.user))
    if shown is not html:
        response.content = shown
    return response


def page_or_list(request: MemberRequest, page: str, part: str, context: dict[str, Any]) -> HttpResponse:
    """A page that lists what is unread or for the person; for htmx, only what changes by itself on it.

    Args:
        context: includes `page_context`, since the list names conversations as the sidebar does.
    """
    part_or_page = part if request.htmx.request_type == "partial" else page
    response = with_references(request, render(request, part_or_page, context))
    patch_vary_headers(response, ["HX-Request-Type"])  # both have the same address
    return response


def auto_id_for(request: MemberRequest, name: str) -> str:
    """The `auto_id` of a form: a message can have its form open in the timeline and in a thread at once, and
    an id must be unique on the page."""
    place = "thread-" if "slot-t-" in (request.htmx.target or "") else ""
    return f"{place}{name}-%s"


def is_in_inbox(request: MemberRequest) -> bool:
    """Whether a form of htmx is in a slot of the inbox: of a message, or of a group."""
    target = request.htmx.target or ""
    return any(part in target for part in ("#i-", "slot-i-", "slot-g-"))


def changed_message_response(
    request: MemberRequest, message: Message, thread_root: int | None = None, answer: Message | None = None
) -> HttpResponse:
    """The response for htmx to a change of a message, which is replaced wherever the page shows it.

    Args:
        thread_root: the id of the root whose thread changed too: if it is open, it is loaded again.
        answer: the person's new reply in it, which the inbox shows below what was answered.
    """
    in_inbox = is_in_inbox(request)
    context: dict[str, Any] = {"changes": changed_html(message, request.people_version, in_inbox)}
    if in_inbox and answer:
        context["answer"] = inbox_row(answer, request.people_version)
    response = with_references(request, render(request, "messaging/messages/_changed.html", context))
    if thread_root:
        response["HX-Trigger"] = f"thread-{thread_root}"
    return response


def sidebar_response(request: MemberRequest) -> HttpResponse:
    """Only the sidebar, for htmx: with the mark at what the page that asks shows (`page_in`)."""
    around = page_context(request, here=page_in(request.POST or request.GET))
    return render(request, "messaging/inbox/_sidebar.html", around)


def page_in(query: QueryDict) -> int | str | None:
    """What the page that loads its sidebar shows: the id of a conversation, or the name of a page."""
    current = query.get("current", "")
    return number(current) or (current if current in PAGES else None)


def words_in(query: QueryDict, longest: int = LONGEST_SEARCH) -> str:
    """What somebody searches for, in one line of at most `longest` characters."""
    return " ".join(remove_forbidden(query.get("q", "")).split())[:longest]


def number_in(query: QueryDict, name: str) -> int | None:
    """A number from a query; None if it is missing or is no number."""
    return number(query.get(name, ""))


def numbers_in(query: QueryDict, name: str, most: int) -> list[int]:
    """At most `most` ids, separated by spaces; anything else is skipped."""
    words = query.get(name, "").split(None, most)[:most]
    return [found for word in words if (found := number(word)) is not None]


def number(value: str) -> int | None:
    if value.isascii() and value.isdigit() and len(value) <= len(str(LARGEST_ID)):
        return min(int(value), LARGEST_ID)
    return None


def people_form(request: MemberRequest, data: QueryDict, candidates: UserQuerySet) -> tuple[PeopleForm, int]:
    """The form in which people are chosen, and the seconds to wait if it was sent too often.

    A search among the candidates keeps who was chosen, and sends nothing: the form is not bound.
    """
    if request.method != "POST" or "search" in data:
        chosen = {"people": data.getlist("people")}
        return PeopleForm(initial=chosen, search=words_in(data), candidates=candidates), 0
    form = PeopleForm(data, search=words_in(data), candidates=candidates)
    return form, rate_limited(request, "create", form)


def rate_limited(request: MemberRequest, act: str, form: BaseForm) -> int:
    """Take a rate-limit token if the form is valid. If none is left, add an error that says how long to wait.

    Args:
        act: a key of `settings.LIMITS`.

    Returns:
        The seconds to wait: 0 if it may be done, or if the form is invalid and nothing is done anyway.
    """
    seconds = take_token(act, request.user.pk) if form.is_valid() else 0
    if seconds:
        form.add_error(None, too_many_requests(seconds))
    return seconds


def too_many_requests(seconds: int) -> str:
    notice = ngettext(
        "Too many requests. Nothing was lost: try again in %(number)d second.",
        "Too many requests. Nothing was lost: try again in %(number)d seconds.",
        seconds,
    )
    return notice % {"number": seconds}


def with_retry_after(response: HttpResponse, seconds: int) -> HttpResponse:
    """Make the response a 429 with Retry-After, unless `seconds` is 0."""
    if seconds:
        response.status_code = 429
        response["Retry-After"] = str(seconds)
    return response


def error_or_404(error: ValidationError) -> ValidationError:
    """The error of a refused change, for the form to show.

    Raises:
        NotFound: the visitor is no member (any more), and learns nothing else. The middleware's page
            contains the text, so that it is not lost.
    """
    if getattr(error, "code", None) in NOT_A_MEMBER:
        raise NotFound from error
    return error


def message_link(request: MemberRequest, pk: int) -> str:
    """The address of a message as "Copy link" gives it, which a text shows as a reference."""
    return request.build_absolute_uri(reverse("message", args=[pk]))


def message_url(message: Message) -> str:
    """The URL of a message: in the timeline around it, in its thread, or on the thread page of its parent."""
    if message.thread_root_id is None:
        timeline = reverse("conversation", args=[message.conversation_id])
        return f"{timeline}?around={message.seq}#m-{message.pk}"
    drawn = message.depth <= INDENT_LEVELS
    top = message.thread_root_id if drawn else message.parent_message_id
    return f"{reverse('thread', args=[top])}?at={message.pk}#t-{message.pk}"


def back_or(request: MemberRequest, otherwise: str) -> HttpResponse:
    """To the page from which the form was sent (`next`), if it is one of this site; else to the page of this
    name."""
    place = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(place, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(place) if is_ours else redirect(otherwise)
