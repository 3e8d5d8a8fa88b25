"""Groups of people: the list, a group with who is in it, and what administrators do with them."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from messaging.access.decorators import (
    MemberRequest,
    administrator_required,
    group_required,
    sign_in_required,
)
from messaging.access.lookups import NotFound
from messaging.forms import GroupForm
from messaging.models import User, UserGroup
from messaging.models.people.managing_groups import (
    add_to_group,
    change_group,
    create_group,
    delete_group,
    join_group,
    leave_group,
    remove_from_group,
)
from messaging.views.responses import (
    number_in,
    people_form,
    rate_limited,
    render_page,
    with_retry_after,
    words_in,
)

GROUPS_SHOWN = 100
PEOPLE_SHOWN = 50


@require_safe
@sign_in_required
def group_list(request: MemberRequest) -> HttpResponse:
    """All groups, for all but guests."""
    if request.user.is_guest:
        raise NotFound
    number = Count("memberships", filter=Q(memberships__user__is_active=True))
    groups = UserGroup.objects.all().existing().annotate(number=number).order_by("name", "pk")
    page = Paginator(groups, GROUPS_SHOWN).get_page(request.GET.get("page"))
    mine = set(request.user.group_memberships.values_list("group", flat=True))
    context = {"groups": page.object_list, "page_obj": page, "mine": mine}
    return render_page(request, "messaging/people/groups.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@administrator_required
def group_new(request: MemberRequest) -> HttpResponse:
    form = GroupForm(request.POST if request.method == "POST" else None)
    wait = rate_limited(request, "create", form) if form.is_bound else 0
    if form.is_valid():
        try:
            group = create_group(request.user, **_values(form))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Group created. Add the people who are in it."))
            return redirect("group", group.pk)
    return with_retry_after(_form_page(request, form), wait)


@require_http_methods(["GET", "HEAD", "POST"])
@group_required
def group(request: MemberRequest, group: UserGroup) -> HttpResponse:
    """Who is in a group. Administrators add people, with a form whose search is posted too."""
    if group.deleted_at:
        return render_page(request, "messaging/people/group_deleted.html", {"group": group}, status=410)
    form, wait, can_manage = None, 0, request.user.is_administrator
    if can_manage:
        candidates = User.objects.active().exclude(pk__in=group.memberships.values("user")).by_name()
        form, wait = people_form(request, request.POST, candidates)
        if form.is_bound and form.is_valid():
            add_to_group(group, form.cleaned_data["people"], request.user)
            messages.success(request, _("The group was changed."))
            return redirect("group", group.pk)
    elif request.method == "POST":
        raise NotFound
    people = User.objects.visible_to(request.user).active().filter(group_memberships__group=group).by_name()
    page = Paginator(people, PEOPLE_SHOWN).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "group": group,
        "people": page.object_list,
        "page_obj": page,
        "can_manage": can_manage,
        "is_member": group.memberships.filter(user=request.user).exists(),
        "form": form,
        "words": words_in(request.POST),
    }
    status = 422 if form and form.errors else 200
    if form and request.htmx.request_type == "partial":
        return with_retry_after(render(request, "messaging/people/_found.html", context, status=status), wait)
    return with_retry_after(render_page(request, "messaging/people/group.html", context, status), wait)


@require_http_methods(["GET", "HEAD", "POST"])
@administrator_required
@group_required
def group_edit(request: MemberRequest, group: UserGroup) -> HttpResponse:
    """What a group is called, and whether people join it themselves."""
    if group.deleted_at:
        raise NotFound
    initial = {"name": group.name, "handle": group.handle, "is_open": group.is_open}
    form = GroupForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        try:
            change_group(group, request.user, **_values(form))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The group was changed."))
            return redirect("group", group.pk)
    return _form_page(request, form, group)


@require_http_methods(["GET", "HEAD", "POST"])
@administrator_required
@group_required
def group_delete(request: MemberRequest, group: UserGroup) -> HttpResponse:
    """Delete a group. The page asks first, and says what stays."""
    if group.deleted_at:
        raise NotFound
    if request.method != "POST":
        return render_page(request, "messaging/people/group_delete.html", {"group": group})
    delete_group(group, request.user)
    messages.success(request, _("The group was deleted."))
    return redirect("group_list")


@require_POST
@administrator_required
@group_required
def group_remove(request: MemberRequest, group: UserGroup) -> HttpResponse:
    """Take a `person` out of a group."""
    person = User.objects.filter(pk=number_in(request.POST, "person") or 0).first()
    if person:
        remove_from_group(group, person, request.user)
    return redirect("group", group.pk)


@require_POST
@group_required
def group_join(request: MemberRequest, group: UserGroup) -> HttpResponse:
    join_group(group, request.user)
    return redirect("group", group.pk)


@require_POST
@group_required
def group_leave(request: MemberRequest, group: UserGroup) -> HttpResponse:
    leave_group(group, request.user)
    return redirect("group", group.pk) if not request.user.is_guest else redirect("conversation_list")


def _values(form: GroupForm) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in ("handle", "name", "is_open")}


def _form_page(request: MemberRequest, form: GroupForm, group: UserGroup | None = None) -> HttpResponse:
    context = {"form": form, "group": group}
    return render_page(request, "messaging/people/group_form.html", context, 422 if form.errors else 200)
