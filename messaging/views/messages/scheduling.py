"""Messages that are sent later: scheduling one, and the person's list of them."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from messaging.access import lookups
from messaging.access.decorators import MemberRequest, member_required, scheduled_required, sign_in_required
from messaging.access.lookups import NotFound
from messaging.access.referrer import page_before
from messaging.forms import ScheduleForm
from messaging.models import Conversation, Message, ScheduledMessage
from messaging.models.messages.conflicts import ClientIdTaken
from messaging.models.messages.group_mentions import HERE, group_mentions_in
from messaging.models.messages.mentions import members_named_in
from messaging.models.messages.room_names import rooms_named_in
from messaging.models.messages.scheduling import (
    REASONS,
    ChangedMeanwhile,
    delete_scheduled,
    reschedule,
    schedule,
    scheduled_ids,
    send_scheduled,
)
from messaging.text.commands import typed_as_text
from messaging.views.messages.group_mentions import must_ask
from messaging.views.page_context import unread_as_of
from messaging.views.responses import (
    error_or_404,
    message_url,
    number_in,
    rate_limited,
    render_page,
    with_retry_after,
)
from messaging.views.zones import zone_of_person

CLOCK = "%Y-%m-%dT%H:%M"  # of a field for date and time


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def message_schedule(request: MemberRequest, conversation: Conversation) -> HttpResponse:
    """Send a message later; with `reply_to` in the query a reply. A POST without a time, as of a composer,
    shows the form with what was typed."""
    parent = _parent(request, conversation)
    now, typed, wait = _now(request), request.POST, 0
    if request.FILES or "uploaded" in typed:
        form = ScheduleForm(typed, now=now)
        form.add_error(None, _("Files cannot be sent later. Send them now, or the text alone later."))
    elif "when" in typed or "at" in typed:
        form = ScheduleForm(typed, now=now)
        wait = rate_limited(request, "send", form)
        if form.is_valid() and _schedule(request, conversation, form, parent):
            return _scheduled(request, conversation, form.cleaned_data["until"], parent)
    else:
        kept = {name: typed[name] for name in ("content", "client_id", "draft") if name in typed}
        form = ScheduleForm(now=now, initial=kept)
    if request.htmx.request_type == "partial" and (form.errors or form.group_question):
        why = " ".join(str(error) for errors in form.errors.values() for error in errors) or _asked(form)
        response = render(request, "messaging/_notice.html", {"text": why}, status=422)
        return with_retry_after(response, wait)
    context = {"conversation": conversation, "form": form, "parent": parent}
    return with_retry_after(_form_page(request, context), wait)


@require_safe
@member_required
@never_cache
def conversation_scheduled(request: MemberRequest, conversation: Conversation) -> HttpResponse:
    """How many messages of the person are to be sent here, for an open page."""
    context = {
        "unread_as_of": unread_as_of(request, request.user.version),
        "conversation": conversation,
        "scheduled_here": scheduled_ids(request.user, conversation),
    }
    return render(request, "messaging/messages/_scheduled_here.html", context)


@require_safe
@sign_in_required
def scheduled_list(request: MemberRequest) -> HttpResponse:
    """What the person has scheduled: first what could not be sent, then by time."""
    mine = sorted(
        request.user.scheduled.select_related("conversation").order_by("due_at", "pk"),
        key=lambda one: not one.refused,
    )
    rows = [{"scheduled": one, "reason": REASONS.get(one.refused)} for one in mine]
    return render_page(request, "messaging/messages/scheduled.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@scheduled_required
def scheduled_edit(request: MemberRequest, scheduled: ScheduledMessage) -> HttpResponse:
    now, wait = _now(request), 0
    due = scheduled.due_at.astimezone(now.tzinfo)
    if request.method == "POST":
        form = ScheduleForm(request.POST, now=now)
        wait = rate_limited(request, "edit", form)
        if form.is_valid() and not _must_ask(request, form, scheduled.conversation):
            reschedule(scheduled, form.cleaned_data["content"], form.cleaned_data["until"])
            messages.success(request, _will_be_sent(form.cleaned_data["until"]))
            return redirect("scheduled_list")
    else:
        form = ScheduleForm(
            now=now, initial={"content": typed_as_text(scheduled.text), "at": f"{due:{CLOCK}}"}
        )
    return with_retry_after(_form_page(request, {"scheduled": scheduled, "form": form}), wait)


@require_POST
@scheduled_required
def scheduled_send(request: MemberRequest, scheduled: ScheduledMessage) -> HttpResponse:
    """Send it now. If that is refused it stays in the list, with the reason."""
    try:
        message = send_scheduled(scheduled.pk, is_now=True)
    except ChangedMeanwhile:
        message = None
    if message:
        messages.success(request, _("Message sent."))
        return redirect(message_url(message))
    messages.error(request, _("The message could not be sent."))
    return redirect("scheduled_list")


@require_http_methods(["GET", "HEAD", "POST"])
@scheduled_required
def scheduled_delete(request: MemberRequest, scheduled: ScheduledMessage) -> HttpResponse:
    """Delete it unsent. GET asks whether to."""
    if request.method == "POST":
        delete_scheduled(scheduled)
        messages.success(request, _("Scheduled message deleted."))
        return redirect("scheduled_list")
    context = {
        "unsent": scheduled,
        "heading": _("Delete scheduled message"),
        "question": _("Delete this message without sending it?"),
        "back": reverse("scheduled_list"),
        "list_name": _("Scheduled messages"),
    }
    return render_page(request, "messaging/messages/unsent_delete.html", context)


def _now(request: MemberRequest) -> datetime:
    return timezone.now().astimezone(zone_of_person(request))


def _parent(request: MemberRequest, conversation: Conversation) -> Message | None:
    if "reply_to" not in request.GET:
        return None
    parent = lookups.message(request.user, number_in(request.GET, "reply_to") or 0)
    if parent.conversation_id != conversation.pk:
        raise NotFound
    return parent


def _schedule(
    request: MemberRequest, conversation: Conversation, form: ScheduleForm, parent: Message | None
) -> bool:
    """Schedule what a valid form holds. If that is refused, the form says why."""
    if _must_ask(request, form, conversation):
        return False
    names = ("content", "until", "client_id", "draft")
    text, until, client_id, draft = (form.cleaned_data[name] for name in names)
    try:
        schedule(request.user, conversation, text, until, client_id, parent, draft)
    except ClientIdTaken as refused:
        form.add_error("content", refused.sentence)
        form.with_fresh_id()
        return False
    except ValidationError as error:
        form.add_error(None, error_or_404(error))
        return False
    return True


def _scheduled(
    request: MemberRequest, conversation: Conversation, until: datetime, parent: Message | None
) -> HttpResponse:
    if request.htmx.request_type == "partial":
        context = {"text": _will_be_sent(until), "is_done": True}
        response = render(request, "messaging/_notice.html", context)
        response["HX-Trigger"] = "scheduled"
        return response
    messages.success(request, _will_be_sent(until), extra_tags="is-scheduled")  # for scheduling.js
    return redirect(_back(request, conversation, parent))


def _must_ask(request: MemberRequest, form: ScheduleForm, conversation: Conversation | None) -> bool:
    """Whether something has to be answered or changed first; the form says what."""
    text = form.cleaned_data["content"]
    if conversation is None:
        return False
    rooms = rooms_named_in(text)
    people = members_named_in(text, conversation.pk, rooms)
    if HERE in group_mentions_in(text, conversation, people, rooms=rooms):
        who = _("@here cannot be sent later, since nobody knows who will be here then. Use @room.")
        form.add_error("content", who)
        return True
    return must_ask(request, form, conversation, text)


def _asked(form: ScheduleForm) -> str:
    """The question for a page that can only show a sentence."""
    asked = form.group_question
    sentence = render_to_string("messaging/messages/_group_sentence.html", {"asked": asked}).strip()
    if asked and asked.is_allowed:
        sentence += " " + _("To send this later, choose “At another time…”.")
    return sentence


def _will_be_sent(at: datetime) -> str:
    """Says when, on the person's clock."""
    day = date_format(at, "WEEKDAY_MONTH_DAY_TIME_FORMAT")
    return _("Your message will be sent on %(day)s.") % {"day": day}


def _back(request: MemberRequest, conversation: Conversation, parent: Message | None) -> str:
    """The page of the composer, or the place where the message will be."""
    before = page_before(request)
    if before and not before.startswith(reverse("message_schedule", args=[conversation.pk])):
        return before
    if parent:
        return reverse("thread", args=[parent.thread_root_id or parent.pk])
    return reverse("conversation", args=[conversation.pk])


def _form_page(request: MemberRequest, context: dict[str, Any]) -> HttpResponse:
    form = context["form"]
    status = 422 if form.errors or form.group_question else 200
    return render_page(request, "messaging/messages/schedule.html", context, status)
