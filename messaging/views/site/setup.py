"""The first visit: with the link from the console, somebody creates the first account and names the team."""

from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from messaging.access.lookups import NotFound
from messaging.forms import SetUpForm
from messaging.models import AuditEntry, Conversation, Installation, User
from messaging.models.people.first_steps import begin
from messaging.views.accounts.email_address import after_signing_up


@sensitive_post_parameters("password1", "password2")
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def set_up(request: HttpRequest, token: str) -> HttpResponse:
    """Create the first account and a room for everybody, to which it leads. The link works once, and only as
    long as there is no account."""
    if User.objects.exists() or not Installation.objects.is_setup_token(token):
        raise NotFound
    form: Any = SetUpForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        status = 422 if form.errors else 200
        return render(request, "messaging/site/setup.html", {"form": form, "token": token}, status=status)
    with transaction.atomic():
        if not Installation.objects.set_up(token, form.cleaned_data["site_name"]):
            raise NotFound
        owner = form.save(request)
        owner.role = User.Role.OWNER
        begin(owner)
        owner.save(update_fields=["role", "first_steps"])
        AuditEntry.objects.record(owner, AuditEntry.Act.SET_UP)
        first_page = _make_first_room(owner)
    login(request, owner, settings.AUTHENTICATION_BACKENDS[0])
    return after_signing_up(request, form, first_page)


def _make_first_room(owner: User) -> HttpResponse:
    """Create the first room and redirect to it; to the list of rooms if there is one of this name already.

    That can be: rooms stay when the accounts of all their people are deleted.
    """
    try:
        room = Conversation.objects.create_room(
            _("general"), by=owner, topic=_("For everyone, about everything")
        )
    except ValidationError:
        return redirect("room_list")
    return redirect("conversation", room.pk)
