"""Polls: making one, voting, ending it, and the page that says who voted for what."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from messaging.access.decorators import MemberRequest, member_required, message_reader_required
from messaging.access.lookups import NotFound
from messaging.forms import PollForm
from messaging.models import Conversation, Message
from messaging.models.messages.conflicts import ClientIdTaken
from messaging.models.messages.permissions import can_remove
from messaging.models.messages.poll_ends import post_poll
from messaging.models.messages.poll_results import choices_of, poll_results
from messaging.models.messages.voting import end_poll, unvote, vote
from messaging.rendering.polls import voters_text
from messaging.rendering.reactions import names
from messaging.rendering.rows import timeline_row
from messaging.views.messages.changing import NotChanged, change
from messaging.views.messages.group_mentions import answer_in, must_ask
from messaging.views.responses import (
    changed_message_response,
    error_or_404,
    message_url,
    number_in,
    page_or_part,
    rate_limited,
    render_page,
    with_retry_after,
)
from messaging.views.zones import zone_of_person


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def poll_new(request: MemberRequest, conversation: Conversation) -> HttpResponse:
    """Send a poll to the timeline. GET: its form, with the `question` and the `choices` of the address."""
    return _new(request, conversation)


@require_http_methods(["GET", "HEAD", "POST"])
@message_reader_required
def poll_reply(request: MemberRequest, message: Message) -> HttpResponse:
    """Send a poll as a reply to a message; otherwise as `poll_new`."""
    return _new(request, message.conversation, message)


def _new(request: MemberRequest, conversation: Conversation, parent: Message | None = None) -> HttpResponse:
    now = timezone.now().astimezone(zone_of_person(request))
    data = request.POST if request.method == "POST" else None
    begun = {name: request.GET[name] for name in ("question", "choices") if name in request.GET}
    form = PollForm(data, now=now, auto_id="poll-%s", initial=begun)
    form.fields["ends_at"].help_text = _("In your time zone: %(zone)s.") % {"zone": now.tzinfo}
    status, wait = 200, 0
    if data is not None:
        wait = rate_limited(request, "send", form)
        if form.is_valid() and (message := _sent(request, conversation, form, parent)):
            if parent is None and request.htmx.request_type == "partial":
                row = timeline_row(message, request.people_version)
                context = {"row": row, "conversation_pk": message.conversation_id}
                return render(request, "messaging/messages/_sent.html", context)
            if message.parent_message_id:
                return redirect(message_url(message))
            return redirect(f"{reverse('conversation', args=[message.conversation_id])}#m-{message.pk}")
        status = 422
    context = {"conversation": conversation, "form": form, "message": parent}
    page, part = "messaging/messages/poll_new.html", "messaging/messages/_poll_form.html"
    return with_retry_after(page_or_part(request, page, part, context, status), wait)


@require_safe
@message_reader_required
def message_poll(request: MemberRequest, message: Message) -> HttpResponse:
    """The votes, and forms to vote; for htmx only these."""
    page, part = "messaging/messages/poll.html", "messaging/messages/_ballot.html"
    return page_or_part(request, page, part, _context(request, message))


@require_POST
@message_reader_required
def message_vote(request: MemberRequest, message: Message) -> HttpResponse:
    """Vote for the `choice`."""
    choice = number_in(request.POST, "choice") or 0
    return _change(request, message, lambda: vote(message, request.user, choice))


@require_POST
@message_reader_required
def message_unvote(request: MemberRequest, message: Message) -> HttpResponse:
    """Take the vote for the `choice` back."""
    choice = number_in(request.POST, "choice") or 0
    return _change(request, message, lambda: unvote(message, request.user, choice))


@require_POST
@message_reader_required
def poll_end(request: MemberRequest, message: Message) -> HttpResponse:
    """End the poll now. For its author and moderators."""
    if not can_remove(message, request.user):
        raise NotFound
    return _change(request, message, lambda: end_poll(message, request.user))


def _sent(
    request: MemberRequest, conversation: Conversation, form: PollForm, parent: Message | None
) -> Message | None:
    """Send what the form holds. None if it is refused; the form then says why."""
    question, client_id = form.cleaned_data["question"], form.cleaned_data["client_id"]
    if must_ask(request, form, conversation, question):
        return None
    try:
        answer = answer_in(request)
        return post_poll(conversation, request.user, question, form.poll, client_id, parent, **answer)
    except ClientIdTaken as refused:
        form.add_error(None, refused.sentence)
        form.with_fresh_id()
    except ValidationError as error:
        form.add_error(None, error_or_404(error))
    return None


def _change(request: MemberRequest, message: Message, act: Callable[[], Message]) -> HttpResponse:
    if message.is_removed or not message.has_poll:
        raise NotFound
    try:
        changed = change(request, act)
    except NotChanged as refused:
        return with_retry_after(_refused(request, message, refused.why), refused.wait)
    if request.htmx.request_type != "partial":
        return redirect(message_url(changed))
    response = changed_message_response(request, changed)
    if "ballot" in request.POST:
        ballot = render(request, "messaging/messages/_ballot.html", _context(request, changed))
        response.write(ballot.content)
    return response


def _refused(request: MemberRequest, message: Message, why: str) -> HttpResponse:
    """Says why nothing was changed: to htmx in a notice, else on the page of the poll."""
    if request.htmx.request_type == "partial":
        return render(request, "messaging/_notice.html", {"text": why}, status=422)
    context = {**_context(request, message), "refused": why}
    return render_page(request, "messaging/messages/poll.html", context, status=422)


def _context(request: MemberRequest, message: Message) -> dict[str, Any]:
    """Raises NotFound: the message has no poll, or was removed."""
    result = poll_results([message]).get(message.pk)
    if message.is_removed or result is None:
        raise NotFound
    mine = choices_of(message, request.user)
    is_open = result.poll.is_open and message.conversation.archived_at is None
    choices = [
        {
            "pk": choice.pk,
            "text": choice.text,
            "votes": choice.votes,
            "is_mine": choice.pk in mine,
            "names": names(choice.people, named=len(choice.people)) if choice.people else "",
        }
        for choice in result.choices
    ]
    return {
        "conversation": message.conversation,
        "message": message,
        "poll": result.poll,
        "choices": choices,
        "voters": voters_text(result),
        "can_vote": is_open,
        "can_end": is_open and can_remove(message, request.user),
        "in_slot": request.htmx.request_type == "partial",
    }
