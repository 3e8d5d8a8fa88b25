from django.core.paginator import Paginator
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from messaging.access.decorators import MemberRequest, administrator_required
from messaging.models import AuditEntry
from messaging.views.responses import render_page

ENTRIES_SHOWN = 50


@require_safe
@administrator_required
def audit_log(request: MemberRequest) -> HttpResponse:
    """What was done with rights that not everyone has, newest first."""
    entries = AuditEntry.objects.select_related("actor", "person", "conversation").order_by("-pk")
    page = Paginator(entries, ENTRIES_SHOWN).get_page(request.GET.get("page"))
    context = {"entries": page.object_list, "page_obj": page}
    return render_page(request, "messaging/site/audit_log.html", context)
