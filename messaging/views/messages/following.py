from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from messaging.access.decorators import MemberRequest, message_reader_required
from messaging.models import Message
from messaging.models.messages.following import follow


@require_POST
@message_reader_required
def thread_follow(request: MemberRequest, message: Message) -> HttpResponse:
    """Follow the message's thread, or stop following it if `follow` is empty."""
    is_following = bool(request.POST.get("follow"))
    follow(request.user, message, is_following)
    root = message.thread_root_id or message.pk
    if request.htmx.request_type == "partial":
        context = {"root_pk": root, "is_following": is_following}
        return render(request, "messaging/messages/_follow.html", context)
    return redirect("thread", root)
