"""Decorators for views: sign-in, time zone, and a look-up that turns the id in the URL into an object."""

from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from django.contrib.auth.middleware import get_user
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django_htmx.middleware import HtmxDetails

from messaging.access import lookups, own_lookups
from messaging.access.lookups import NotFound
from messaging.access.referrer import page_before
from messaging.models import Conversation, Installation, Message, User

LOGIN = "account_login"
View = Callable[..., HttpResponseBase]


class MemberRequest(HttpRequest):
    """The request of a person who is signed in, with the parts of the cache keys.

    The versions in a cache key are read before anything that is stored under it, so a key is never newer than
    its content. `people_version` is read together with the person's own row.
    """

    user: User
    htmx: HtmxDetails
    installation: Installation
    conversation: Conversation
    people_version: int
    has_joined: bool  # False for somebody who reads a public room of which they are no member
    shell_version: str  # set if the response is a page with the shell around it


def sign_in_required(view: View) -> View:
    """Redirect visitors who are signed out to the sign-in page. For all others, activate their time zone.

    Unless the view sets Cache-Control, browsers must revalidate the page before they show it again.

    After the sign-in, visitors return to the page that they asked for, or to the page of the form they sent.

    A request from htmx gets a 401, which the page shows as a notice. A form that was sent without script gets
    its text back, because after the sign-in a form cannot be sent again.
    """

    @wraps(view)
    def checked(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            if type(request.user) is SimpleLazyObject:  # each access goes through its wrapper
                request.user = get_user(request)
            set_site(request)
            with timezone.override(request.user.zone):
                response = view(request, *args, **kwargs)
            if not response.has_header("Cache-Control"):
                patch_cache_control(response, private=True, no_cache=True)
            return response
        if request.htmx.request_type == "partial":
            return HttpResponse(_("You are signed out."), status=401)
        page = request.get_full_path() if request.method in ("GET", "HEAD") else page_before(request)
        # Somebody who asked for the start page is led to the last conversation, as if they asked for no page.
        to_sign_in = redirect_to_login(page) if page.partition("?")[0] not in ("", "/") else redirect(LOGIN)
        if text := request.POST.get("content"):
            context = {"text": text, "sign_in": to_sign_in.url}
            return render(request, "messaging/messages/lost.html", context, status=401)
        return to_sign_in

    return checked


def set_site(request: Any) -> None:
    """Give the request of a signed-in person the site, and the version of everybody's names."""
    request.installation = SimpleLazyObject(Installation.objects.current)
    request.people_version = _people_version(request.user)


def _people_version(user: Any) -> int:
    """The version of everybody's names when the person was read. Everybody else is read later."""
    read_at = getattr(user, "read_at", None)  # None if they signed in during this request
    if read_at is None:
        read_at = Installation.objects.current().people_version
        user.refresh_from_db()
    return int(read_at)


def set_versions(request: MemberRequest, found: Conversation | Message) -> None:
    """Give the request the conversation and the site. One query read them and `found`, before any content."""
    request.conversation = found.conversation if isinstance(found, Message) else found
    request.installation = lookups.installation_of(found)
    request.has_joined = lookups.has_joined(found)


def _with(
    lookup: Callable[[User, int], Any],
    doc: str,
    before: Callable[[MemberRequest, Any], None] | None = None,
) -> Callable[[View], View]:
    """A decorator that calls the view with what `lookup` finds for the person and the `pk` in the URL.

    Args:
        before: called with the request and what was found, before the view.
    """

    def decorator(view: View) -> View:
        @sign_in_required
        @wraps(view)
        def checked(request: MemberRequest, pk: int, **kwargs: Any) -> HttpResponseBase:
            found = lookup(request.user, pk)
            if before:
                before(request, found)
            return view(request, found, **kwargs)

        return checked

    decorator.__doc__ = doc
    return decorator


_with_versions = partial(_with, before=set_versions)
member_required = _with_versions(lookups.conversation, "Call the view with a conversation, for its members.")
message_reader_required = _with_versions(
    lookups.message, "Call the view with a message, for the members of its conversation."
)
readable_message_required = _with_versions(
    lookups.readable_message,
    "Call the view with a message, for the members of its conversation, and those who may join the room.",
)
author_required = _with_versions(lookups.own_message, "Call the view with a message, for its author.")
remover_required = _with_versions(
    lookups.removable_message, "Call the view with a message, for its author and the room's moderators."
)
room_administrator_required = _with_versions(
    lookups.administered_room, "Call the view with a room, for those who may administer it."
)
file_required = _with(
    lookups.file, "Call the view with a file, for those who can read its message, or who uploaded it."
)
preview_picture_required = _with(
    lookups.preview_with_picture,
    "Call the view with a link preview that has a picture, for those who can read its message.",
)
preview_remover_required = _with(
    lookups.removable_preview,
    "Call the view with a link preview, for the author of its message and the room's moderators.",
    before=lambda request, preview: set_versions(request, preview.message),
)
draft_required = _with(own_lookups.draft, "Call the view with a draft, for its author.")
scheduled_required = _with(own_lookups.scheduled, "Call the view with a scheduled message, for its author.")
report_required = _with(own_lookups.report, "Call the view with a report, for those who may decide it.")
reminder_required = _with(own_lookups.reminder, "Call the view with a reminder, for the person it is for.")
joinable_room_required = _with(
    lookups.room_to_join, "Call the view with a room, for everyone who may join it."
)
removed_room_required = _with(
    lookups.removed_room, "Call the view with a removed room, for those who may undo its removal."
)
person_required = _with(lookups.person, "Call the view with a person, for everyone who may see them.")
group_required = _with(lookups.group, "Call the view with a group of people, for everyone who may see it.")
manager_required = _with(
    lookups.managed_person, "Call the view with a person, for administrators who may manage them."
)


def administrator_required(view: View) -> View:
    """Call the view for the administrators of the site. Everybody else gets a 404."""

    @sign_in_required
    @wraps(view)
    def checked(request: MemberRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_administrator:
            raise NotFound
        return view(request, *args, **kwargs)

    return checked
