"""How a person arranges their sidebar: sections of their own, folding, and where a conversation stands."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from messaging.access.decorators import MemberRequest, member_required, sign_in_required
from messaging.access.lookups import NotFound
from messaging.forms import SectionForm
from messaging.models import Conversation
from messaging.models.inbox.sections import (
    arrange,
    create_section,
    delete_section,
    fold_section,
    move_section,
    rename_section,
    sections_of,
    unmuted_level,
)
from messaging.models.people.preferences import NotificationLevel
from messaging.views.responses import back_or, number_in, render_page, sidebar_response

STEPS = {"up": -1, "down": 1}


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_required
def section_list(request: MemberRequest) -> HttpResponse:
    """The person's sections, and a form to make one."""
    form = SectionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            create_section(request.user, form.cleaned_data["name"])
        except ValidationError as error:
            form.add_error("name", error)
        else:
            messages.success(request, _("Section created. Conversations have it in their menu now."))
            return redirect("section_list")
    return _page(request, form)


@require_POST
@sign_in_required
def section_change(request: MemberRequest, pk: int) -> HttpResponse:
    """Rename a section, move it `up` or `down`, or `delete` it."""
    if "delete" in request.POST:
        delete_section(request.user, pk)
        messages.success(request, _("Section deleted. Its conversations are in the other sections."))
    elif steps := [step for name, step in STEPS.items() if name in request.POST]:
        move_section(request.user, pk, steps[0])
    else:
        form = _form_of(pk, request.POST)
        if not form.is_valid():
            return _page(request, SectionForm(), {pk: form})
        rename_section(request.user, pk, form.cleaned_data["name"])
        messages.success(request, _("Section renamed."))
    return redirect("section_list")


@require_POST
@sign_in_required
def section_fold(request: MemberRequest) -> HttpResponse:
    """Fold a section of the sidebar (`fold` is its key), or unfold it (`unfold`)."""
    is_folded = "fold" in request.POST
    fold_section(request.user, request.POST.get("fold" if is_folded else "unfold", ""), is_folded)
    if request.htmx.request_type == "partial":
        return sidebar_response(request)
    return back_or(request, "conversation_list")


@require_POST
@member_required
def conversation_arrange(request: MemberRequest, conversation: Conversation) -> HttpResponse:
    """Change where the conversation stands in the person's sidebar.

    `starred` and `muted` are 1 or 0, `section` is an id or 0. `hidden` leaves a conversation with people out
    until something new is said in it.
    """
    data, changes = request.POST, dict[str, object]()
    if (starred := number_in(data, "starred")) is not None:
        changes["is_starred"] = bool(starred)
    if (muted := number_in(data, "muted")) is not None:
        usual = unmuted_level(request.user, conversation)
        changes["notification_level"] = NotificationLevel.MUTED if muted else usual
    if (section := number_in(data, "section")) is not None:
        changes["section"] = section
    if "hidden" in data:
        if conversation.is_room:
            raise NotFound
        changes["hidden_at"] = conversation.last_message_at or timezone.now()
    if changes:
        arrange(request.user, conversation, **changes)
    if request.htmx.request_type == "partial":
        return sidebar_response(request)
    return redirect("conversation_list") if "hidden" in data else redirect("conversation", conversation.pk)


def _form_of(pk: int, data: QueryDict | None = None, initial: dict[str, str] | None = None) -> SectionForm:
    return SectionForm(data, initial=initial, auto_id=f"section-{pk}-%s")


def _page(
    request: MemberRequest, form: SectionForm, refused: dict[int, SectionForm] | None = None
) -> HttpResponse:
    forms = [
        (section, (refused or {}).get(section.pk) or _form_of(section.pk, initial={"name": section.name}))
        for section in sections_of(request.user)
    ]
    status = 422 if form.errors or refused else 200
    return render_page(request, "messaging/inbox/sections.html", {"form": form, "forms": forms}, status)
