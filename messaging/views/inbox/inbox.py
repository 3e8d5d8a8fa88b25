"""The inbox: everything that waits for a person, by conversation and thread."""

from collections.abc import Callable
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from messaging.access.decorators import MemberRequest, sign_in_required
from messaging.models import Message, Notification
from messaging.models.inbox.later import put_off_groups
from messaging.models.inbox.new_reactions import NewReactions, new_reactions
from messaging.models.inbox.reminders import due_reminders
from messaging.models.inbox.threads import threads_of
from messaging.models.inbox.waiting import Filter, Group, choose_shown, groups_for, messages_of
from messaging.models.inbox.why import Cause, NotifiedMessage, causes_of
from messaging.models.messages.following import followed_among
from messaging.rendering.inbox import reminder_parts
from messaging.rendering.inbox_groups import Around, group_parts
from messaging.rendering.new_reactions import reaction_lines
from messaging.rendering.thread_lines import line_html
from messaging.views.page_context import page_context
from messaging.views.responses import number_in, page_or_list

GROUPS_SHOWN = 20
ASK_ABOVE = 50  # marking more than this at once as read needs a confirmation
THREADS, LATER = "your-threads", "later"
NOTES = ("undo", "first", "done", "later", "reminded")  # what the page says of what was just done
OF_THE_PAGE = ("show", "page", "open", "before")


@require_safe
@sign_in_required
def inbox(request: MemberRequest) -> HttpResponse:
    """What waits, or with `show` a part of it (`Filter`), what was put off, or the person's threads.

    `open` is the key of the group that is shown whole.
    """
    return inbox_response(request)


@require_safe
@sign_in_required
def moved(request: MemberRequest, show: str = "") -> HttpResponse:
    """Redirect from an old address to the part of the inbox that has replaced its page."""
    if show == Filter.THREADS and request.GET.get("show") == "all":
        show = THREADS
    return redirect(f"{reverse('inbox')}?show={show}" if show else "inbox")


def inbox_response(request: MemberRequest, **note: Any) -> HttpResponse:
    """The inbox as the query of the address asks for it; for htmx only what changes on it.

    Args:
        note: what the page says of what was just done.
    """
    until = newest_notification_id(request)  # before what is listed, so that nothing else is marked as read
    around = page_context(request, here="inbox")
    show = _show_in(request.GET)
    query = page_query(request.GET)
    context = {
        **around,
        "until": until,
        "show": show,
        "query": query,
        "address": f"{reverse('inbox')}?{query}" if query else reverse("inbox"),
        "ask_above": ASK_ABOVE,
        "not_sent": request.user.scheduled.exclude(refused="").count(),
        **(_undo_in(request.GET) | note),
    }
    if show == THREADS:
        threads = threads_of(request.user, before=number_in(request.GET, "before"))
        entries, token = around["sidebar"].entries, get_token(request)
        context["threads"] = threads
        context["thread_lines"] = [
            line_html(thread, entries.get(thread.root.conversation_id), token) for thread in threads.threads
        ]
    else:
        context |= _groups(request, context)
    return page_or_list(request, "messaging/inbox/inbox.html", "messaging/inbox/_inbox.html", context)


def page_query(query: QueryDict) -> str:
    """What an address of the inbox says about which part of it is shown."""
    kept = QueryDict(mutable=True)
    for name in OF_THE_PAGE:
        if name in query:
            kept[name] = str(query[name])
    return kept.urlencode()


def newest_notification_id(request: MemberRequest) -> int:
    """The id of the person's newest notification. Those that come later are not on the page, so no button
    there marks them."""
    latest = request.user.notifications.order_by("-pk").values_list("pk", flat=True).first()
    return latest or 0


def _show_in(query: QueryDict) -> str:
    show = query.get("show", "")
    return show if show in (*Filter, THREADS, LATER) else ""


def _undo_in(query: QueryDict) -> dict[str, int | None]:
    return {name: number_in(query, name) for name in NOTES}


def _groups(request: MemberRequest, context: dict[str, Any]) -> dict[str, Any]:
    sidebar, show = context["sidebar"], context["show"]
    is_later = show == LATER
    groups = put_off_groups(sidebar) if is_later else groups_for(sidebar)
    if show in list(Filter):
        groups = [group for group in groups if show in group.is_in]
    page = Paginator(groups, GROUPS_SHOWN).get_page(request.GET.get("page"))
    opened = request.GET.get("open", "")
    shown = list(page.object_list)
    is_first = show in ("", Filter.FOR_ME) and page.number == 1
    reminders = due_reminders(request.user) if is_first and sidebar.reminders else []
    reactions = new_reactions(request.user) if is_first else NewReactions()
    choose_shown(request.user.pk, shown, opened)
    followed = followed_among(request.user, [group.place.thread for group in shown if group.place.thread])
    messages = messages_of(shown)
    causes = _causes(request.user.pk, shown, messages)
    parts = group_parts(shown, messages, followed, causes, request.people_version)
    around = Around(context["until"], context["query"], opened, _opening(request), get_token(request))
    return {
        "groups": [part.html(around) for part in parts],
        "reminders": reminder_parts(reminders, shown, request.people_version),
        "reactions": reactions,
        "reaction_lines": reaction_lines(reactions),
        "page_obj": page,
        "count": 0 if is_later else sum(group.count for group in groups),
    }


def _opening(request: MemberRequest) -> Callable[[str], str]:
    query = QueryDict(page_query(request.GET), mutable=True)

    def opening(key: str) -> str:
        query["open"] = key
        return f"?{query.urlencode()}"

    return opening


def _causes(reader: int, groups: list[Group], messages: dict[int, Message]) -> dict[int, Cause]:
    """Why each message of these groups is for the person."""
    reasons = {pk: group.reasons.get(pk, Notification.Reason.ROOM) for group in groups for pk in group.shown}
    told = [NotifiedMessage(reader, messages[pk], reason) for pk, reason in reasons.items() if pk in messages]
    return {pk: cause for (_reader, pk), cause in causes_of(told, messages).items()}
