"""Reporting messages, the queue of those who decide, and a person's own reports."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from messaging.access.decorators import (
    MemberRequest,
    message_reader_required,
    report_required,
    sign_in_required,
)
from messaging.access.lookups import NotFound
from messaging.forms.accounts.reports import DecisionForm, ReportForm
from messaging.models import Message, Report, User
from messaging.models.accounts.reporting import decide, decisions_for
from messaging.models.accounts.reporting import report as report_message
from messaging.models.accounts.reports import reviews_reports
from messaging.models.db.refusals import Refused
from messaging.views.responses import rate_limited, render_page, with_retry_after

REPORTS_SHOWN = 30
EARLIER_SHOWN = 5


@require_http_methods(["GET", "HEAD", "POST"])
@message_reader_required
def message_report(request: MemberRequest, message: Message) -> HttpResponse:
    """Report a message of somebody else. Nobody but those who may decide sees it."""
    if message.is_removed or message.sender_id == request.user.pk:
        raise NotFound
    form = ReportForm(request.POST if request.method == "POST" else None)
    wait = rate_limited(request, "report", form)
    if form.is_valid():
        report_message(message, request.user, form.cleaned_data["reason"], form.cleaned_data["note"])
        messages.success(request, _("Message reported. You will be told the decision."))
        return redirect("message", message.pk)
    context = {"conversation": message.conversation, "message": message, "form": form}
    status = 422 if form.errors else 200
    return with_retry_after(render_page(request, "messaging/accounts/report_new.html", context, status), wait)


@require_safe
@sign_in_required
@never_cache
def report_list(request: MemberRequest) -> HttpResponse:
    """The queue: what waits, the oldest first, and then what was decided, the newest first."""
    if not reviews_reports(request.user):
        raise NotFound
    if request.user.has_new_reports:
        User.objects.filter(pk=request.user.pk).update(has_new_reports=False)
        request.user.has_new_reports = False
    reports = Report.objects.all().to_review_by(request.user).select_related("conversation", "author")
    waiting = reports.open().count()
    ordered = reports.order_by(F("decided_at").desc(nulls_first=True), "pk")
    page = Paginator(ordered, REPORTS_SHOWN).get_page(request.GET.get("page"))
    context = {"reports": page.object_list, "page_obj": page, "waiting": waiting}
    return render_page(request, "messaging/accounts/reports.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@report_required
@never_cache
def report(request: MemberRequest, report: Report) -> HttpResponse:
    """A report with the message as it was, and the decision. Of a conversation that the reader is not in,
    nothing else is shown."""
    data = request.POST if request.method == "POST" else None
    form = DecisionForm(data, decisions=decisions_for(report, request.user))
    if form.is_valid():
        try:
            decide(report, form.cleaned_data["decision"], request.user, form.cleaned_data["words"])
        except ValidationError as error:
            form.add_error("words" if error.code == "empty" else None, error)
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, _("Decision saved."))
            return redirect("report_list")
    about_author = Report.objects.all().to_review_by(request.user).filter(author=report.author)
    is_member = report.conversation.memberships.filter(user=request.user).exists()
    context = {
        "report": report,
        "form": form,
        "is_member": is_member,
        "names_place": is_member or (report.conversation.is_room and not report.conversation.is_private),
        "earlier": about_author.exclude(pk=report.pk).order_by("-pk")[:EARLIER_SHOWN],
        "still_there": Message.rows.filter(pk=report.about, removed_at=None).exists(),
    }
    return render_page(request, "messaging/accounts/report.html", context, 422 if form.errors else 200)


@require_safe
@sign_in_required
@never_cache
def own_reports(request: MemberRequest) -> HttpResponse:
    """What the person reported, and what was decided."""
    reports = request.user.reports.select_related("author").order_by("-at", "-pk")
    page = Paginator(reports, REPORTS_SHOWN).get_page(request.GET.get("page"))
    context = {"reports": page.object_list, "page_obj": page}
    return render_page(request, "messaging/accounts/own_reports.html", context)
