"""Managing a person: role, deactivation, bans, and password and two-factor resets for people who cannot sign
in."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from messaging.access.decorators import MemberRequest, manager_required
from messaging.access.lookups import NotFound
from messaging.auth.account_adapter import password_reset_link
from messaging.forms import BanForm
from messaging.models import AuditEntry, User
from messaging.models.accounts import two_factor
from messaging.models.accounts.deletion import AT_ONCE_SECONDS
from messaging.models.accounts.deletion_batches import written_among_others
from messaging.models.accounts.identities import unlink_all
from messaging.models.accounts.moderation import ban, change_role, deactivate, reactivate
from messaging.models.db.refusals import Refused
from messaging.models.people.roles import roles_to_give
from messaging.views.responses import render_page


@require_POST
@manager_required
def person_role(request: MemberRequest, person: User) -> HttpResponse:
    """Give somebody another role."""
    role = request.POST.get("role", "")
    if role not in roles_to_give(request.user, person):
        raise NotFound
    if _run_or_show_refusal(request, lambda: change_role(person, role, by=request.user)):
        notice = _("Role of %(name)s: %(role)s") % {"name": person.name, "role": person.get_role_display()}
        messages.success(request, notice)
    return redirect("person", person.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@manager_required
def person_deactivate(request: MemberRequest, person: User) -> HttpResponse:
    """Deactivate somebody; the page asks first."""
    if not person.is_active:
        raise NotFound
    if request.method != "POST":
        question = _("Deactivate %(name)s?") % {"name": person.name}
        context = {"person": person, "question": question, "verb": _("Deactivate")}
        return render_page(request, "messaging/accounts/deactivate.html", context)
    if _run_or_show_refusal(request, lambda: deactivate(person, by=request.user)):
        messages.success(request, _("%(name)s was deactivated.") % {"name": person.name})
    return redirect("person", person.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@manager_required
def person_ban(request: MemberRequest, person: User) -> HttpResponse:
    """Ban a person, and if wanted remove their messages in rooms and groups. The page asks first."""
    if person.banned_at:
        raise NotFound
    data = request.POST if request.method == "POST" else None
    form = BanForm(data, written=written_among_others(person).count())
    if not form.is_valid():
        question = _("Ban %(name)s?") % {"name": person.name}
        context = {"person": person, "form": form, "question": question, "verb": _("Ban")}
        status = 422 if form.errors else 200
        return render_page(request, "messaging/accounts/ban.html", context, status)
    try:
        deletion = ban(person, by=request.user, with_messages=form.cleaned_data.get("with_messages", False))
    except Refused as refused:
        messages.error(request, refused.sentence)
        return redirect("person", person.pk)
    notice = _("%(name)s was banned.")
    if deletion and deletion.run_for(AT_ONCE_SECONDS):
        notice = _("%(name)s was banned. Their messages are still being removed.")
    messages.success(request, notice % {"name": person.name})
    return redirect("person", person.pk)


@require_POST
@manager_required
def person_reactivate(request: MemberRequest, person: User) -> HttpResponse:
    """Undo a deactivation or a ban."""
    if person.is_active:
        raise NotFound
    if _run_or_show_refusal(request, lambda: reactivate(person, by=request.user)):
        messages.success(request, _("%(name)s can sign in again.") % {"name": person.name})
    return redirect("person", person.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@manager_required
@never_cache
def person_reset_link(request: MemberRequest, person: User) -> HttpResponse:
    """A link to choose a new password, which the administrator passes on to the person; shown once."""
    if not (person.is_active and settings.TAKES_PASSWORDS):
        raise NotFound
    context: dict[str, object] = {"person": person}
    if request.method == "POST":
        AuditEntry.objects.record(request.user, AuditEntry.Act.MADE_RESET_LINK, person=person)
        context["link"] = password_reset_link(person)
    return render_page(request, "messaging/accounts/reset_link.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@manager_required
def person_reset_two_factor(request: MemberRequest, person: User) -> HttpResponse:
    """Delete the passkeys and codes of somebody who lost them; the page asks first."""
    if not person.is_active:
        raise NotFound
    if request.method != "POST":
        context = {"person": person, "has_any": two_factor.has_second_factor(person)}
        return render_page(request, "messaging/accounts/two_factor_reset.html", context)
    if _run_or_show_refusal(request, lambda: two_factor.reset(person, by=request.user)):
        messages.success(
            request, _("Two-factor authentication of %(name)s was reset.") % {"name": person.name}
        )
    return redirect("person", person.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@manager_required
def person_unlink(request: MemberRequest, person: User) -> HttpResponse:
    """Unlink somebody's accounts at identity providers; the page asks first."""
    if not (person.is_active and settings.OIDC_PROVIDERS):
        raise NotFound
    if request.method != "POST":
        question = _("Identity providers of %(name)s") % {"name": person.name}
        context = {"person": person, "question": question, "verb": _("Unlink")}
        return render_page(request, "messaging/accounts/unlink.html", context)
    if _run_or_show_refusal(request, lambda: unlink_all(person, by=request.user)):
        notice = _("%(name)s no longer signs in with an identity provider.")
        messages.success(request, notice % {"name": person.name})
    return redirect("person", person.pk)


def _run_or_show_refusal(request: MemberRequest, act: Callable[[], None]) -> bool:
    """Call `act`. If it is refused, show the reason and return False."""
    try:
        act()
    except Refused as refused:
        messages.error(request, refused.sentence)
        return False
    return True
