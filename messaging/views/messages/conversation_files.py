from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from messaging.access.decorators import MemberRequest, member_required
from messaging.models import Conversation
from messaging.models.messages.conversation_files import KINDS, conversation_files
from messaging.views.responses import number_in, render_page


@require_safe
@member_required
def conversation_files_page(request: MemberRequest, conversation: Conversation) -> HttpResponse:
    """The files that were sent in the conversation, the newest first; with `kind`, some of them."""
    kind = request.GET.get("kind", "")
    kind = kind if kind in KINDS else ""
    seq, order = number_in(request.GET, "before") or 0, number_in(request.GET, "order") or 0
    context = {
        "conversation": conversation,
        "kind": kind,
        "kinds": _kinds(),
        "page": conversation_files(conversation.pk, kind, seq, order),
    }
    return render_page(request, "messaging/messages/conversation_files.html", context)


def _kinds() -> dict[str, str]:
    return {
        "": _("All"),
        "pictures": _("Pictures"),
        "videos": _("Videos"),
        "sounds": _("Sounds"),
        "documents": _("Documents"),
    }
