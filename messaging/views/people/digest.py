"""What the person's weekly digest would look like now."""

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from messaging.access.decorators import MemberRequest, sign_in_required
from messaging.mailing.composing import for_reader
from messaging.mailing.digest_composing import content_for
from messaging.models import Installation
from messaging.views.responses import render_page
from messaging.views.zones import zone_of_browser


@require_safe
@sign_in_required
@never_cache
def account_digest(request: MemberRequest) -> HttpResponse:
    """A page for the person alone; nothing is mailed."""
    with for_reader(request.user, zone_of_browser(request)):
        content = content_for(request.user, Installation.objects.current())
        mail = render_to_string("messaging/mail/_digest.html", content) if content else ""
        language = get_language()
    context = {"subject": content["subject"], "mail": mail, "language": language} if content else {}
    return render_page(request, "messaging/people/digest.html", context)
