"""Reminders of messages: choosing a time, and being done with one that has come to the inbox."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import reswap, retarget

from messaging.access.decorators import MemberRequest, message_reader_required, reminder_required
from messaging.access.lookups import NotFound
from messaging.forms import LaterForm
from messaging.models import Message, Reminder
from messaging.models.inbox.reminders import dismiss, forget_reminder, remind, remind_again
from messaging.models.inbox.saved import readable
from messaging.views.inbox.inbox import inbox_response
from messaging.views.inbox.saved import answer, is_for_list
from messaging.views.responses import page_or_part, rate_limited, with_retry_after
from messaging.views.zones import zone_of_person


@require_http_methods(["GET", "HEAD", "POST"])
@message_reader_required
def message_remind(request: MemberRequest, message: Message) -> HttpResponse:
    """Remind the person of a message, which is saved by that. GET: the times that can be chosen."""
    if message.is_removed:
        raise NotFound
    now, wait = timezone.now().astimezone(zone_of_person(request)), 0
    data = request.POST if request.method == "POST" else None
    form = LaterForm(data, now=now, auto_id=f"remind-{message.pk}-%s")
    if data is not None:
        wait = rate_limited(request, "react", form)
        if form.is_valid():
            remind(request.user, message, form.cleaned_data["until"])
            day = date_format(form.cleaned_data["until"], "WEEKDAY_MONTH_DAY_TIME_FORMAT")
            return answer(request, _("Saved. You will be reminded on %(day)s.") % {"day": day})
    context = {
        "conversation": message.conversation,
        "message": message,
        "form": form,
        "errors_id": f"remind-errors-{message.pk}",
        "reminder": request.user.reminders.filter(about=message.pk, is_due=False).first(),
    }
    page, status = "messaging/inbox/remind.html", 422 if form.errors else 200
    if data is None:
        return page_or_part(request, page, "messaging/inbox/_remind.html", context)
    response = page_or_part(request, page, "messaging/inbox/_later_errors.html", context, status)
    response = reswap(retarget(response, f"#{context['errors_id']}"), "innerHTML")
    return with_retry_after(response, wait)


@require_POST
@message_reader_required
def message_forget_reminder(request: MemberRequest, message: Message) -> HttpResponse:
    """Do not remind the person of this message. It stays saved."""
    forget_reminder(request.user, message)
    return answer(request, _("You will not be reminded. The message stays saved."))


@require_POST
@message_reader_required
def message_remind_again(request: MemberRequest, message: Message) -> HttpResponse:
    """Bring a reminder that was done back to the inbox."""
    if message.is_removed:
        raise NotFound
    remind_again(request.user, message)
    return inbox_response(request) if is_for_list(request) else redirect("inbox")


@require_POST
@reminder_required
def reminder_done(request: MemberRequest, reminder: Reminder) -> HttpResponse:
    """The reminder leaves the inbox. The message stays saved. That can be undone, if it can be read."""
    dismiss(reminder)
    undo = {"reminded": reminder.about} if readable(request.user, [reminder.about]).exists() else {}
    if is_for_list(request):
        return inbox_response(request, **undo)
    return redirect("?".join(filter(None, [reverse("inbox"), urlencode(undo)])))
