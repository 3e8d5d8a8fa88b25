from collections.abc import Sequence

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from messaging.access.decorators import MemberRequest, sign_in_required
from messaging.http.rate_limits import take_token
from messaging.models import Attachment, Message
from messaging.models.inbox.sidebar import Sidebar
from messaging.models.inbox.sidebar_entry import NAMED_PEOPLE
from messaging.models.search.query import Operator, Query, parse
from messaging.models.search.searching import Results, search, search_best
from messaging.models.search.sqlite_index import has_index
from messaging.models.search.suggestions import suggestions
from messaging.rendering.found import Piece, found_excerpt
from messaging.views.page_context import page_context
from messaging.views.responses import number_in, page_or_list, too_many_requests, with_retry_after, words_in

LONGEST_QUERY = 400  # characters


@require_safe
@sign_in_required
def search_messages(request: MemberRequest) -> HttpResponse:
    """Search what the reader can see. Without a query, the page explains how to."""
    around = page_context(request, here="search")
    typed = words_in(request.GET, LONGEST_QUERY) or _within(around["sidebar"], number_in(request.GET, "in"))
    query, before = parse(typed), number_in(request.GET, "before")
    seconds = take_token("search", request.user.pk) if query else 0
    is_best = request.GET.get("order") == "best"
    look = search_best if is_best else search
    results = look(request.user, query, before) if query and not seconds else Results([], None, False)
    context = {
        **around,
        "typed": typed,
        "query": query,
        "is_first": before is None,
        "is_best": is_best,
        "has_index": has_index(),
        "longest": LONGEST_QUERY,
        "results": results,
        "found": _found(results.messages, query),
        "notice": too_many_requests(seconds) if seconds else "",
        "typed_so_far": request.GET.get("q", ""),
        "suggestions": [] if seconds else suggestions(request.user, _typed_so_far(request)),
        "examples": _examples(),
    }
    part = "messaging/search/_found_part.html"
    return with_retry_after(page_or_list(request, "messaging/search/search.html", part, context), seconds)


def _found(messages: Sequence[Message], query: Query) -> list[tuple[Message, list[Piece]]]:
    """What was found, each with the part of its text that is shown."""
    files = Attachment.objects.all().of_messages(messages)
    described = {pk: [file.alternative_text for file in its] for pk, its in files.items()}
    return [(message, found_excerpt(message, query, described.get(message.pk, ()))) for message in messages]


def _typed_so_far(request: MemberRequest) -> str:
    """What is typed, with the space after it, which says that the last word is complete."""
    typed = words_in(request.GET, LONGEST_QUERY)
    return f"{typed} " if request.GET.get("q", "").endswith(" ") else typed


def _within(sidebar: Sidebar, conversation_id: int | None) -> str:
    """The beginning of a query that searches in this conversation, to which its page has a link."""
    entry = sidebar.entries.get(conversation_id or 0)
    if entry is None:
        return ""
    if entry.is_room:
        return f"{Operator('in', f'#{entry.title}')} "
    if entry.conversation.is_direct:
        return f"in:@{entry.others[0].username if entry.others else 'me'} "
    return "".join(f"with:@{person.username} " for person in entry.others[:NAMED_PEOPLE])


def _examples() -> list[tuple[str, str]]:
    """Queries that show what can be searched for, and what each finds."""
    return [
        ("from:me", _("what you wrote yourself")),
        ('"high water"', _("exactly these words, one after the other")),
        ("in:#general tide", _("in one room; in:@ada is the conversation with Ada")),
        (
            "to:me is:unread",
            _("what is for you and not read yet; also is:saved, is:later for what you put off, is:pinned"),
        ),
        (
            "has:link during:yesterday",
            _(
                "with a link, on one day; also has:code, has:file, has:image, has:reaction, has:poll, "
                "has:task, during:March, before:2026-03-14"
            ),
        ),
        ("-draft budget", _("without this word; a minus can stand before anything")),
    ]
