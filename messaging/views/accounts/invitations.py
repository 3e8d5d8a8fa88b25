from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core.ratelimit import consume_or_429
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.core.paginator import Paginator
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from messaging.access import lookups
from messaging.access.decorators import MemberRequest, administrator_required
from messaging.access.lookups import NotFound
from messaging.auth.account_adapter import NotDelivered
from messaging.forms import InvitationForm, SignUpForm
from messaging.models import Conversation, Installation, Invitation, User
from messaging.models.db.refusals import Refused
from messaging.models.people.first_steps import Step, tick
from messaging.views.accounts.email_address import after_signing_up
from messaging.views.accounts.identity_provider import provider_buttons
from messaging.views.responses import number_in, rate_limited, render_page, with_retry_after

INVITATIONS_SHOWN = 20
LINK = "invitation_link"  # in the session of the person who made it, until it is shown


@require_http_methods(["GET", "HEAD", "POST"])
@administrator_required
@never_cache
def invitation_list(request: MemberRequest) -> HttpResponse:
    """Invite people, and see the invitations that are open. A new link is shown once."""
    data = request.POST if request.method == "POST" else None
    room = number_in(request.GET, "room")
    form = InvitationForm(data, user=request.user, can_mail=settings.HAS_MAIL_SERVER, room=room)
    wait = rate_limited(request, "invite", form)
    if form.is_valid():
        make_link(request, form.cleaned_data)
        return redirect("invitation_list")
    waiting = Invitation.objects.open().select_related("created_by").prefetch_related("rooms").order_by("-pk")
    page = Paginator(waiting, INVITATIONS_SHOWN).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "link": None if form.errors else request.session.pop(LINK, None),
        "invitations": page.object_list,
        "page_obj": page,
    }
    status = 422 if form.errors else 200
    return with_retry_after(
        render_page(request, "messaging/accounts/invitations.html", context, status=status), wait
    )


@require_http_methods(["GET", "HEAD", "POST"])
@administrator_required
def invitation_revoke(request: MemberRequest, pk: int) -> HttpResponse:
    """Revoke a link. The page asks first: people who have it will be turned away."""
    invitation = lookups.open_invitation(pk)
    if request.method == "POST":
        invitation.revoke(request.user)
        messages.success(request, _("Invitation revoked."))
        return redirect("invitation_list")
    return render_page(request, "messaging/accounts/invitation_revoke.html", {"invitation": invitation})


@sensitive_post_parameters("password1", "password2")
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Follow a link: create an account, or, for people who have one, join its rooms."""
    if request.method == "POST" and (refusal := consume_or_429(request, action="signup")):
        return refusal
    found = Invitation.objects.by_token(token)
    try:
        if found is None:
            raise NotFound
        if request.user.is_authenticated:
            return _join_rooms_page(request, found)
        return _sign_up_page(request, found, token)
    except Refused:
        return render(request, "messaging/accounts/invitation_over.html", status=404)


def make_link(request: MemberRequest, wanted: dict[str, Any]) -> None:
    """Create an invitation, which `invitation_list` then shows, and mail it if an address was entered. The
    link works even if the mail failed.

    Args:
        wanted: as for `Invitation.objects.invite`.
    """
    made, token = Invitation.objects.invite(request.user, **wanted)
    link = settings.PARLEY_URL + reverse("invitation", args=[token])
    if not settings.SECURE:
        link = request.build_absolute_uri(reverse("invitation", args=[token]))
    if email := wanted.get("email"):
        context = {"link": link, "site_name": request.installation.name, "by": request.user.name}
        context["expires"] = made.expires_at is not None
        try:
            get_adapter().deliver("account/email/invitation", email, context)
        except NotDelivered as error:
            notice = _(
                "The email to %(email)s could not be sent: %(error)s. You can share the link yourself."
            ) % {"email": email, "error": error}
            messages.error(request, notice)
        else:
            messages.success(request, _("Invitation sent to %(email)s.") % {"email": email})
    request.session[LINK] = link
    tick(request.user, Step.LINK)


def _join_rooms_page(request: Any, found: Invitation) -> HttpResponse:
    """Somebody who has an account sees which rooms they would join, and confirms. If they are in all of them
    already, they are led there, and nothing is used up."""
    rooms = found.rooms_for(request.user).order_by("name", "pk")
    if rooms and not rooms.exclude(pk__in=request.user.conversations.values("pk")).exists():
        return _redirect_to_first(list(rooms))
    if request.method == "POST":
        with transaction.atomic():
            found.use()
            joined = found.add_to_rooms(request.user)
            if not joined:  # the person joined no room, so the invitation is not used up
                transaction.set_rollback(True)
        if joined:
            return _redirect_to_first(joined)
    context = {"invitation": found, "rooms": rooms}
    return render(request, "messaging/accounts/invitation_rooms.html", context)


def _sign_up_page(request: HttpRequest, found: Invitation, token: str) -> HttpResponse:
    data = request.POST if request.method == "POST" and settings.TAKES_PASSWORDS else None
    form: Any = SignUpForm(data, initial={"email": found.email})
    if form.is_valid():
        try:
            with transaction.atomic():
                found.use()
                person = form.save(request)
                person.role = found.role
                person.save(update_fields=["role"])
                rooms = found.add_to_rooms(person)
        except IntegrityError:
            if not User.objects.filter(username=form.cleaned_data["username"]).exists():
                raise
            form.add_error("username", _("This username is already taken."))
        else:
            login(request, person, settings.AUTHENTICATION_BACKENDS[0])
            return after_signing_up(request, form, _redirect_to_first(rooms))
    site_name = Installation.objects.current().name
    context = {"invitation": found, "form": form, "token": token, "site_name": site_name}
    context |= provider_buttons(token)
    status = 422 if form.errors else 200
    return render(request, "messaging/accounts/invitation_sign_up.html", context, status=status)


def _redirect_to_first(rooms: list[Conversation]) -> HttpResponse:
    return redirect("conversation", rooms[0].pk) if rooms else redirect("room_list")
