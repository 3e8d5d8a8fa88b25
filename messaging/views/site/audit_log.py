from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from messaging.access import lookups
from messaging.access.decorators import MemberRequest, administrator_required
from messaging.models import AuditEntry, Conversation
from messaging.views.responses import number_in, render_page

ENTRIES_SHOWN = 50


@require_safe
@administrator_required
def audit_log(request: MemberRequest) -> HttpResponse:
    """What was done with rights that not everyone has, newest first; with `?person=` by or to this person.

    Of each room, administrators see the name if they may know it (`named_to`).
    """
    entries = AuditEntry.objects.select_related("actor", "person", "conversation").order_by("-pk")
    person = None
    if pk := number_in(request.GET, "person"):
        person = lookups.person(request.user, pk)
        entries = entries.filter(Q(actor=person) | Q(person=person))
    page = Paginator(entries, ENTRIES_SHOWN).get_page(request.GET.get("page"))
    rooms = Conversation.objects.filter(pk__in=[entry.conversation_id for entry in page.object_list])
    named = set(rooms.named_to(request.user).values_list("pk", flat=True))
    context = {"entries": page.object_list, "page_obj": page, "named": named, "about": person}
    return render_page(request, "messaging/site/audit_log.html", context)
