"""Forwarding a message: an ordinary message with a comment and a link, whose card those see who may read the
original. And a reply to its author in private, which begins with that link."""

from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from messaging.access import lookups
from messaging.access.decorators import MemberRequest, message_reader_required
from messaging.access.lookups import NotFound
from messaging.forms import ForwardForm
from messaging.http.rate_limits import take_token
from messaging.models import Conversation, Message, User
from messaging.models.db.refusals import Refused
from messaging.models.inbox.forwarding import targets
from messaging.models.messages.conflicts import ClientIdTaken
from messaging.models.messages.saving import post
from messaging.rendering.references import cards_of
from messaging.text.quoting import with_link
from messaging.views.messages.group_mentions import answer_in, must_ask
from messaging.views.responses import (
    message_link,
    message_url,
    rate_limited,
    render_page,
    too_many_requests,
    with_retry_after,
    words_in,
)


@require_http_methods(["GET", "HEAD", "POST"])
@message_reader_required
def message_forward(request: MemberRequest, message: Message) -> HttpResponse:
    """The form, and sending it. A search for a conversation keeps what was chosen and typed."""
    if message.is_removed:
        raise NotFound
    if request.method != "POST" or "search" in request.POST:
        return _form(request, message, ForwardForm(initial=request.POST.dict()))
    form = ForwardForm(request.POST)
    form.full_clean()
    wait = rate_limited_to(request, "send", form)
    if form.is_valid() and (sent := _send(request, message, form)):
        return redirect(message_url(sent))
    return with_retry_after(_form(request, message, form, status=422), wait)


@require_POST
@message_reader_required
def message_reply_in_private(request: MemberRequest, message: Message) -> HttpResponse:
    """Open the direct conversation with the author, whose composer has the message's link."""
    if message.author is None or not can_reply_in_private(request.user, message):
        raise NotFound
    author = lookups.person(request.user, message.author.pk)
    conversation = direct_with(request.user, author)
    return redirect(f"{reverse('conversation', args=[conversation.pk])}?about={message.pk}")


def can_reply_in_private(user: User, message: Message) -> bool:
    """Whether somebody else wrote it, who can be written to elsewhere."""
    author = message.author
    return author is not None and author != user and author.is_active and not message.conversation.is_direct


def direct_with(user: User, person: User) -> Conversation:
    """Their direct conversation. If it is created, that counts against the limit.

    Raises:
        Refused: too many were created in a short time.
    """
    key = Conversation.direct_key_of(user, person)
    if not Conversation.objects.filter(direct_key=key).exists() and (wait := take_token("create", user.pk)):
        raise Refused("too_many", too_many_requests(wait), status=429, retry_after=wait)
    return Conversation.objects.direct(user, person)


def rate_limited_to(request: MemberRequest, act: str, form: BaseForm) -> int:
    """As `rate_limited`. If the form's choice is a person, not a conversation, one is created, which counts
    against its own limit too."""
    is_person = form.is_valid() and form.cleaned_data["to"].startswith("p")
    return (rate_limited(request, "create", form) if is_person else 0) or rate_limited(request, act, form)


def _send(request: MemberRequest, message: Message, form: ForwardForm) -> Message | None:
    """The message that was sent; None if it was refused, or if something has to be answered first. The form
    says which."""
    content, client_id = form.cleaned_data["content"], form.cleaned_data["client_id"]
    text = with_link(content, message_link(request, message.pk))
    try:
        conversation = chosen_conversation(request.user, form.cleaned_data["to"])
        if must_ask(request, form, conversation, text):
            return None
        return post(conversation, request.user, text, client_id=client_id, **answer_in(request))
    except ClientIdTaken as refused:
        form.add_error(None, refused.sentence)
        form.with_fresh_id()
    except ValidationError as error:
        form.add_error(None, error)
    except Refused:  # it was removed, or they left it, after the form was loaded
        form.add_error("to", _("You cannot write there any more. Choose again."))
    return None


def chosen_conversation(user: User, to: str) -> Conversation:
    """The conversation that a `Target.value` names; a direct one is created. Raises NotFound."""
    pk = int(to[1:])
    if to[0] == "c":
        return lookups.conversation(user, pk)
    return Conversation.objects.direct(user, lookups.person(user, pk))


def _form(request: MemberRequest, message: Message, form: ForwardForm, status: int = 200) -> HttpResponse:
    words = words_in(request.POST)
    found, has_more = targets(message, request.user, words, str(form["to"].value() or ""))
    context = {"conversation": message.conversation, "message": message, "form": form, "words": words}
    context |= {"targets": found, "has_more": has_more, "card": cards_of([message])[message.pk]}
    if request.htmx.request_type == "partial":
        return render(request, "messaging/messages/_forward_targets.html", context, status=status)
    return render_page(request, "messaging/messages/forward.html", context, status)
