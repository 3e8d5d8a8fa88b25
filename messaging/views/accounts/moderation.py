"""Decisions about a person: their role, whether they may come in, a way back in for who lost theirs."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from messaging.access.decorators import MemberRequest, administrator_required, person_required
from messaging.auth.account_adapter import password_reset_link
from messaging.forms import BanForm
from messaging.leaving import AT_ONCE_SECONDS, finish_in_background
from messaging.models import AuditEntry, Departure, User
from messaging.models.accounts.deletion_batches import written_among_others
from messaging.views.responses import shell


@require_POST
@administrator_required
@person_required
def person_role(request: MemberRequest, person: User) -> HttpResponse:
    """Give somebody another role."""
    role = request.POST.get("role", "")
    if role not in request.user.roles_to_give(person):
        raise Http404
    if _done(request, lambda: person.change_role(role, by=request.user)):
        messages.success(request, f"{person.name} is now {_a(person)}.")
    return redirect("person", person.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@administrator_required
@person_required
def person_deactivate(request: MemberRequest, person: User) -> HttpResponse:
    """Let somebody in no more; the page asks first."""
    if not request.user.may_decide_about(person) or not person.is_active:
        raise Http404
    if request.method != "POST":
        return shell(request, "messaging/accounts/deactivate.html", {"person": person, "verb": "Deactivate"})
    if _done(request, lambda: person.deactivate(by=request.user)):
        messages.success(request, f"{person.name} is signed out everywhere and cannot come in.")
    return redirect("person", person.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@administrator_required
@person_required
def person_ban(request: MemberRequest, person: User) -> HttpResponse:
    """Throw somebody out, and if wanted all that they wrote; the page asks first."""
    if not request.user.may_decide_about(person) or person.banned_at:
        raise Http404
    data = request.POST if request.method == "POST" else None
    form = BanForm(data, written=written_among_others(person).count())
    if not form.is_valid():
        context = {"person": person, "form": form, "verb": "Ban"}
        return shell(request, "messaging/accounts/ban.html", context)
    try:
        departure = person.ban(by=request.user, with_words=form.cleaned_data.get("with_words", False))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("person", person.pk)
    told = f"{person.name} is banned: signed out everywhere, and not let in again."
    if departure and departure.go_on_for(AT_ONCE_SECONDS):
        finish_in_background(Departure.objects.filter(pk=departure.pk))
        told += " What they wrote goes on being removed."
    messages.success(request, told)
    return redirect("person", person.pk)


@require_POST
@administrator_required
@person_required
def person_reactivate(request: MemberRequest, person: User) -> HttpResponse:
    """Let somebody in again."""
    if not request.user.may_decide_about(person) or person.is_active:
        raise Http404
    if _done(request, lambda: person.reactivate(by=request.user)):
        messages.success(request, f"{person.name} can come in again.")
    return redirect("person", person.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@administrator_required
@person_required
@never_cache
def person_reset_link(request: MemberRequest, person: User) -> HttpResponse:
    """A link with which the person chooses a new password, to be passed on: made and shown once."""
    if not request.user.may_decide_about(person) or not person.is_active:
        raise Http404
    context: dict[str, object] = {"person": person}
    if request.method == "POST":
        AuditEntry.objects.record(request.user, AuditEntry.Act.MADE_RESET_LINK, person=person)
        context["link"] = password_reset_link(person)
    return shell(request, "messaging/accounts/reset_link.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@administrator_required
@person_required
def person_second_step(request: MemberRequest, person: User) -> HttpResponse:
    """Take passkeys and codes from somebody who lost them all; the page asks first."""
    if not request.user.may_decide_about(person) or not person.is_active:
        raise Http404
    if request.method != "POST":
        context = {"person": person, "has_any": person.has_second_step()}
        return shell(request, "messaging/accounts/two_factor_reset.html", context)
    if _done(request, lambda: person.reset_second_step(by=request.user)):
        messages.success(request, f"{person.name} signs in with the password alone now.")
    return redirect("person", person.pk)


def _done(request: MemberRequest, decide: Callable[[], None]) -> bool:
    """Decide; or say why that was refused."""
    try:
        decide()
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return False
    return True


def _a(person: User) -> str:
    label = person.get_role_display().lower()
    return f"an {label}" if label[0] in "aeiou" else f"a {label}"
