"""The one gateway: decorators that turn an id in a URL into an object that the visitor may see, or a 404.

A stranger learns nothing, not even that a thing exists. Each check is one query, and it always runs: above
every cache.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.db.models import Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.functional import SimpleLazyObject
from django_htmx.middleware import HtmxDetails

from messaging.models import Conversation, Installation, Message, User

View = Callable[..., HttpResponseBase]


class MemberRequest(HttpRequest):
    """The request of someone signed in, with what the caches' keys are made of."""

    user: User
    htmx: HtmxDetails
    installation: Installation
    conversation: Conversation
    people_version: int


LARGEST_ID = 2**63 - 1

# What every page wants to know of the installation comes along with the question whether it may be seen.
the_one = Installation.objects.filter(pk=Installation.THE_ONE)
COLUMNS = ("name", "epoch", "people_version")
INSTALLATION = {f"installation_{name}": Subquery(the_one.values(name)) for name in COLUMNS}


def sign_in_required(view: View) -> View:
    """Lead who is signed out to the sign-in page, and lose nothing on the way. Who is signed in sees times of
    their own zone; and where the view says nothing else, their browser asks again before it shows a page.

    A fragment for htmx is answered with 401, which the page tells in a notice; a form that was sent without
    script gets its text back, since signing in leads to pages, not to where forms are sent.
    """

    @wraps(view)
    def checked(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            request.installation = SimpleLazyObject(Installation.objects.current)
            with timezone.override(request.user.zone):
                response = view(request, *args, **kwargs)
            if not response.has_header("Cache-Control"):
                patch_cache_control(response, private=True, no_cache=True)
            return response
        if request.htmx.request_type == "partial":
            return HttpResponse("You are signed out.", status=401)
        if text := request.POST.get("content"):
            context = {"text": text, "signed_out": True}
            return render(request, "messaging/messages/lost.html", context, status=401)
        return redirect_to_login(request.get_full_path() if request.method in ("GET", "HEAD") else "/")

    return checked


def member_required(view: View) -> View:
    """Call the view with the conversation whose id is `pk`, for its members."""

    @sign_in_required
    @wraps(view)
    def checked(request: MemberRequest, pk: int, **kwargs: Any) -> HttpResponseBase:
        conversations = Conversation.objects.visible_to(request.user).annotate(**INSTALLATION)
        conversation: Any = get_object_or_404(conversations, pk=small(pk))
        _remember(request, conversation, conversation)
        return view(request, conversation, **kwargs)

    return checked


def message_reader_required(view: View) -> View:
    """Call the view with the message whose id is `pk`, for the members of its conversation."""

    @sign_in_required
    @wraps(view)
    def checked(request: MemberRequest, pk: int, **kwargs: Any) -> HttpResponseBase:
        messages = Message.objects.visible_to(request.user).select_related("conversation", "sender")
        message: Any = get_object_or_404(messages.annotate(**INSTALLATION), pk=small(pk))
        _remember(request, message.conversation, message)
        return view(request, message, **kwargs)

    return checked


def author_required(view: View) -> View:
    """The same for the author alone; a message that was removed has none."""

    @message_reader_required
    @wraps(view)
    def checked(request: MemberRequest, message: Message, **kwargs: Any) -> HttpResponseBase:
        if message.author != request.user:
            raise Http404
        return view(request, message, **kwargs)

    return checked


def remover_required(view: View) -> View:
    """The same for the author and the moderators of where it stands."""

    @message_reader_required
    @wraps(view)
    def checked(request: MemberRequest, message: Message, **kwargs: Any) -> HttpResponseBase:
        if not message.may_be_removed_by(request.user):
            raise Http404
        return view(request, message, **kwargs)

    return checked


def room_required(view: View) -> View:
    """Call the view with the room whose id is `pk`, for everyone who may walk in."""

    @sign_in_required
    @wraps(view)
    def checked(request: MemberRequest, pk: int, **kwargs: Any) -> HttpResponseBase:
        room = get_object_or_404(Conversation.objects.open_to(request.user), pk=small(pk))
        return view(request, room, **kwargs)

    return checked


def person_required(view: View) -> View:
    """Call the view with the person whose id is `pk`: all who are signed in may see each other, but guests
    only those whom they share a conversation with."""

    @sign_in_required
    @wraps(view)
    def checked(request: MemberRequest, pk: int, **kwargs: Any) -> HttpResponseBase:
        people = User.objects.visible_to(request.user)
        return view(request, get_object_or_404(people, pk=small(pk)), **kwargs)

    return checked


def administrator_required(view: View) -> View:
    """Call the view for the installation's administrators; to everybody else it is not there."""

    @sign_in_required
    @wraps(view)
    def checked(request: MemberRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_administrator:
            raise Http404
        return view(request, *args, **kwargs)

    return checked


def notification_required(view: View) -> View:
    """Call the view with the notification whose id is `pk`, for the person whom it is for."""

    @sign_in_required
    @wraps(view)
    def checked(request: MemberRequest, pk: int, **kwargs: Any) -> HttpResponseBase:
        mine = request.user.notifications.select_related("message__sender")
        return view(request, get_object_or_404(mine, pk=small(pk)), **kwargs)

    return checked


def _remember(request: MemberRequest, conversation: Conversation, found: Any) -> None:
    """What the caches' keys are made of, read before anything that is shown.

    An installation's first page makes its row. Its other columns are fetched by who wants one.
    """
    request.conversation = conversation
    if found.installation_epoch:
        known = [getattr(found, name) for name in INSTALLATION]
        request.installation = Installation.from_db(
            "default", ["id", *COLUMNS], [Installation.THE_ONE, *known]
        )
    request.people_version = request.installation.people_version


def small(pk: int) -> int:
    """An id that a database can be asked about; beyond it there is nothing."""
    if pk > LARGEST_ID:
        raise Http404
    return pk
