from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from messaging.access.decorators import MemberRequest, sign_in_required
from messaging.models import Conversation, User
from messaging.views.responses import page_or_part, people_form, with_retry_after, words_in


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_required
def conversation_new(request: MemberRequest) -> HttpResponse:
    """Choose people and open the conversation of exactly these people; it is created if there is none."""
    data = request.POST if request.method == "POST" else request.GET
    form, wait = people_form(request, data, User.objects.visible_to(request.user).active().by_name())
    if form.is_bound and form.is_valid():
        conversation = Conversation.objects.between(request.user, form.cleaned_data["people"])
        return redirect("conversation", conversation.pk)
    part = "messaging/people/_found.html"
    context = {"form": form, "words": words_in(data)}
    status = 422 if form.errors else 200
    return with_retry_after(
        page_or_part(request, "messaging/people/choose.html", part, context, status), wait
    )
