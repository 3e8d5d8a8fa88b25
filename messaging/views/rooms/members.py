from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from messaging.access.decorators import MemberRequest, member_required
from messaging.forms import PeopleForm
from messaging.models import Conversation, User
from messaging.models.people.user import by_name
from messaging.views.responses import shell, words_in

MEMBERS_SHOWN = 50


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def conversation_members(request: MemberRequest, conversation: Conversation) -> HttpResponse:
    """Who is in; and a form to put further people in, for those who may."""
    form = None
    data = request.POST if request.method == "POST" else request.GET
    if may_add := conversation.may_add(request.user):
        outside = User.objects.active().exclude(pk__in=conversation.memberships.values("user")).by_name()
        options: Any = {"words": words_in(data), "outside": outside}
        if request.method != "POST" or "search" in data:
            form = PeopleForm(initial={"people": data.getlist("people")}, **options)
        else:
            form = PeopleForm(data, **options)
            if form.is_valid():
                return _add(request, conversation, form.cleaned_data["people"])
    elif request.method == "POST":
        raise Http404
    may_keep = conversation.may_keep(request.user)
    context: dict[str, Any] = {"conversation": conversation, "may_add": may_add, "may_keep": may_keep}
    context |= {"form": form, "words": words_in(data)}
    status = 422 if form and form.errors else 200
    if form and request.htmx.request_type == "partial":
        return render(request, "messaging/people/_found.html", context, status=status)
    members = conversation.memberships.select_related("user").order_by(by_name("user__"), "pk")
    page = Paginator(members, MEMBERS_SHOWN).get_page(request.GET.get("page"))
    context |= {"members": page.object_list, "page_obj": page}
    return shell(request, "messaging/rooms/members.html", context, status)


def _add(request: MemberRequest, conversation: Conversation, people: list[User]) -> HttpResponse:
    """Raises Http404 for who may not."""
    try:
        conversation.add_people(people, by=request.user)
    except Conversation.Refused as refusal:
        raise Http404 from refusal
    names = ", ".join(person.name for person in people)
    messages.success(request, f"Added: {names}")
    return redirect("conversation_members", conversation.pk)
