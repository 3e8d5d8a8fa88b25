"""Running what was typed as a command, and the list of commands."""

from difflib import get_close_matches

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_safe
from django_htmx.http import HttpResponseClientRedirect

from messaging.access.decorators import MemberRequest, member_required, message_reader_required
from messaging.forms import ComposerForm
from messaging.http.rate_limits import take_token
from messaging.models import Conversation, Message
from messaging.text import clean_text
from messaging.text.commands import TypedCommand, command_in
from messaging.views.messages.command_given import Given, Outcome
from messaging.views.messages.command_list import all_commands, run
from messaging.views.responses import page_or_part, too_many_requests
from messaging.views.zones import zone_of_person


@require_safe
@conditional_page
@member_required
def conversation_commands(request: MemberRequest, conversation: Conversation) -> HttpResponse:
    """The commands that the person can type in a conversation; for htmx as options of completion."""
    return _list(request, Given(request.user, conversation))


@require_safe
@conditional_page
@message_reader_required
def message_commands(request: MemberRequest, message: Message) -> HttpResponse:
    """Those that the person can type in a reply to a message."""
    return _list(request, Given(request.user, message.conversation, message))


def _list(request: MemberRequest, given: Given) -> HttpResponse:
    context = {
        "conversation": given.conversation,
        "commands": [command for command in all_commands() if command.may(given)],
    }
    page, part = "messaging/messages/commands.html", "messaging/messages/_command_options.html"
    return page_or_part(request, page, part, context)


def run_typed(
    request: MemberRequest, form: ComposerForm, conversation: Conversation, parent: Message | None = None
) -> HttpResponse | None:
    """Run what was typed, if it is a command.

    Returns:
        What answers the request. None if it is no command, or if it is refused; then the form says why, and
        still has what was typed.
    """
    typed = request.POST.get("content", "")
    if command_in(typed.rstrip()) is None:  # by the same rule as the script, which sees no cleaned text
        return None
    try:
        command = command_in(clean_text(typed))
    except ValidationError:  # which the form says
        return None
    if command is None or (command.is_text and (command.rest or command.name != "me")):
        return None
    try:
        outcome = _run(request, command, form, conversation, parent)
    except ValidationError as error:
        form.refusal = error
        return None
    if request.htmx.request_type == "partial":
        if outcome.address:
            return HttpResponseClientRedirect(outcome.address)
        context = {"text": outcome.sentence, "is_done": True}
        return render(request, "messaging/_notice.html", context)
    if outcome.sentence:
        messages.success(request, outcome.sentence)
    return redirect(outcome.address or _place(conversation, parent))


def _run(
    request: MemberRequest,
    typed: TypedCommand,
    form: ComposerForm,
    conversation: Conversation,
    parent: Message | None,
) -> Outcome:
    if request.FILES or "uploaded" in request.POST:
        raise ValidationError(_("A command takes no files. Remove them, or write a text."), code="command")
    commands = {name: command for command in all_commands() for name in (command.name, *command.others)}
    command = commands.get(typed.name)
    if command is None:
        raise ValidationError(_unknown(typed.name, list(commands)), code="command")
    if wait := take_token("send", request.user.pk):
        raise ValidationError(too_many_requests(wait), code="command")
    now = timezone.now().astimezone(zone_of_person(request))
    given = Given(request.user, conversation, parent, typed.rest, form.typed_id, now)
    return run(command, given)


def _unknown(name: str, names: list[str]) -> str:
    word = name.rstrip("@:")
    near = get_close_matches(word, names, n=2, cutoff=0.6) or [one for one in names if one.startswith(word)]
    sentences = [_("There is no command /%(name)s.") % {"name": name}]
    if near:
        which = _(" or ").join(f"/{one}" for one in near[:2])
        sentences.append(_("Did you mean %(commands)s?") % {"commands": which})
    else:
        sentences.append(_("/help lists all."))
    sentences.append(_("To send it as a text, begin with // or with a space."))
    return " ".join(sentences)


def _place(conversation: Conversation, parent: Message | None) -> str:
    if parent:
        return reverse("thread", args=[parent.thread_root_id or parent.pk])
    return reverse("conversation", args=[conversation.pk])
