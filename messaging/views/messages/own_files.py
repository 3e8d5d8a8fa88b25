from django.http import HttpResponse
from django.views.decorators.http import require_safe

from messaging.access.decorators import MemberRequest, sign_in_required
from messaging.models import Message
from messaging.views.responses import number_in, render_page

PAGE_SIZE = 50


@require_safe
@sign_in_required
def account_files(request: MemberRequest) -> HttpResponse:
    """The files that the person uploaded, newest first, and how much room they take."""
    mine = request.user.files.order_by("-pk")
    before = number_in(request.GET, "before")
    found = list((mine.filter(pk__lt=before) if before else mine)[: PAGE_SIZE + 1])
    files = found[:PAGE_SIZE]
    sent = [file.message_id for file in files if file.message_id]
    context = {
        "files": files,
        "older": files[-1].pk if len(found) > PAGE_SIZE else None,
        "used": mine.total_bytes(),
        # Not those of conversations that the person has left.
        "readable": set(
            Message.objects.visible_to(request.user).filter(pk__in=sent).values_list("pk", flat=True)
        ),
    }
    return render_page(request, "messaging/messages/own_files.html", context)
