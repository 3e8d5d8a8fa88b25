"""Push notifications in the person's settings: their browsers, a test, and what is still unread."""

from threading import BoundedSemaphore
from typing import Final

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from messaging.access.decorators import MemberRequest, sign_in_required
from messaging.fetching.errors import NotFetched
from messaging.http.rate_limits import take_token
from messaging.models import Installation, PushSetup, PushSubscription
from messaging.models.db.refusals import Refused
from messaging.models.inbox.push_notice import start_scanning
from messaging.models.people.push_subscription import is_known, subscribe
from messaging.models.people.user_agents import device_of
from messaging.pushing import sending
from messaging.pushing.composing import content_of_test
from messaging.pushing.encryption import check_keys, encrypt
from messaging.pushing.sending import GONE, LATER, failure_of, headers_for, refuses_site
from messaging.pushing.service import NOT_SENT, Answer, PushClient, checked
from messaging.pushing.vapid import contact, public_key
from messaging.views.responses import numbers_in

ASKED_AT_ONCE: Final = 100  # conversations of the notices that a browser shows
ENDPOINT_LENGTH: Final = 1000
TEST_SECONDS: Final = 5.0  # a person waits for the answer
_tests = BoundedSemaphore(2)  # at once, since each holds a worker of the server


def push_context(request: HttpRequest) -> dict[str, object]:
    """What the section of the settings shows. Without a contact push is off, and it says why."""
    user = request.user
    session = request.session.session_key
    return {
        "push_key": public_key() if contact() else "",
        "push_browsers": [(one, one.session_id == session) for one in _mine(request).order_by("pk")],
        "push_problem_is_mine": user.is_authenticated and user.is_administrator,
    }


@require_POST
@sign_in_required
def push_subscribe(request: MemberRequest) -> HttpResponse:
    """A browser's script stores its subscription. The answer is the section of the settings, as it is now.

    With `known`, the endpoint that the browser had, only an existing subscription is updated: 404 if that one
    was removed, or has ended with its session. Then the browser forgets it too.
    """
    _limit(request)
    fields = [request.POST.get(name, "") for name in ("endpoint", "public_key", "secret")]
    known = request.POST.get("known")
    if known is not None and not is_known(request.user, known):
        raise Refused("not_subscribed")
    try:
        if not contact() or len(fields[0]) > ENDPOINT_LENGTH:
            raise ValueError("no push")
        checked(fields[0], sending.NETWORK)
        check_keys(fields[1], fields[2])
    except (NotFetched, ValueError):
        raise Refused("no_push", _("This browser's push service cannot be used."), 422) from None
    keys = (fields[0], fields[1], fields[2])
    device = device_of(request.headers.get("User-Agent", ""))
    subscribe(request.user, request.session.session_key or "", keys, device, start_scanning())
    return render(request, "messaging/people/_push.html", push_context(request))


@require_POST
@sign_in_required
def push_remove(request: MemberRequest, pk: int) -> HttpResponse:
    """Turn push off in one of the person's browsers. It need not be there any more."""
    if _mine(request).filter(pk=pk).delete()[0]:
        messages.success(request, _("Push notifications are turned off in that browser."))
    return redirect("account_notifications")


@require_POST
@sign_in_required
def push_test(request: MemberRequest, pk: int) -> HttpResponse:
    """Send a test notice, and say what became of it."""
    _limit(request)
    subscription = get_object_or_404(_mine(request), pk=pk)
    if not _tests.acquire(blocking=False):
        raise Refused("busy", _("Other tests are being sent. Try again in a moment."), 503, 5)
    try:
        answer = _send_test(subscription)
    finally:
        _tests.release()
    if answer.is_taken:
        text = _(
            "The push service accepted the test for “%(device)s”. If no notification appears there, check "
            "the settings of that browser and of its system: a focus mode or a blocked permission hides them."
        )
        messages.success(request, text % {"device": subscription.device})
    else:
        messages.error(request, _explanation(answer, subscription))
    return redirect("account_notifications")


@require_safe
@sign_in_required
@never_cache
def push_unread(request: MemberRequest) -> JsonResponse:
    """Which of these conversations have something unread for the person, and how much there is in all.

    The service worker asks for those whose notices it shows, closes the notices of the others, and shows the
    number (`badge`) on the icon.
    """
    asked = numbers_in(request.GET, "conversations", ASKED_AT_ONCE)
    rows = request.user.notifications.personal().filter(read_at=None)
    unread = rows.filter(conversation__in=asked).order_by().values_list("conversation", flat=True).distinct()
    return JsonResponse({"viewer": request.user.pk, "unread": list(unread), "badge": rows.count()})


def _mine(request: HttpRequest) -> QuerySet[PushSubscription]:
    return PushSubscription.objects.filter(user=request.user.pk)


def _limit(request: MemberRequest) -> None:
    if seconds := take_token("push", request.user.pk):
        raise Refused("too_fast", _("Too many requests. Try again in a moment."), 429, seconds)


def _send_test(subscription: PushSubscription) -> Answer:
    if not (sub := contact()):
        return Answer(NOT_SENT, "no contact")
    content = content_of_test(subscription.user_id, Installation.objects.current().name)
    body = encrypt(content, subscription.public_key, subscription.secret)
    headers = headers_for(subscription.endpoint, PushSetup.objects.current().private_key, sub)
    client = PushClient(sending.NETWORK)
    try:
        return client.post(subscription.endpoint, body, headers, TEST_SECONDS)
    finally:
        client.close()


def _explanation(answer: Answer, subscription: PushSubscription) -> str:
    """Why the test failed, and what helps."""
    what = {"device": subscription.device, "failure": failure_of(answer, subscription.endpoint)}
    if answer.status in GONE:
        subscription.delete()
        text = _("“%(device)s” no longer accepts notifications and was removed. Turn them on there again.")
        return text % what
    if answer.status >= 500 or answer.status in LATER:
        return _("The push service of “%(device)s” is busy: %(failure)s. Try again later.") % what
    if refuses_site(answer, subscription.endpoint):
        PushSetup.objects.note_failure(str(what["failure"]))
        text = _(
            "The push service of “%(device)s” refuses this site: %(failure)s. "
            "Administrators see this in the site settings."
        )
        return text % what
    if answer.status > 0:
        return _("The push service of “%(device)s” refuses this site: %(failure)s.") % what
    text = _(
        "The test for “%(device)s” could not be sent: %(failure)s. "
        "This server may have no way to the internet."
    )
    return text % what
