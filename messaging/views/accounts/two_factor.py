from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from messaging.access.decorators import MemberRequest, sign_in_required
from messaging.views.responses import render_page


@require_safe
@sign_in_required
@never_cache
def two_factor(request: MemberRequest) -> HttpResponse:
    """The person's passkeys, whether an app makes codes, and how many recovery codes are left.

    Replaces allauth's overview, which has no sidebar. The pages that it links to are allauth's.
    """
    kinds = Authenticator.Type
    own = list(Authenticator.objects.filter(user=request.user).order_by("pk"))
    codes = next((one.wrap() for one in own if one.type == kinds.RECOVERY_CODES), None)
    host = _ip_host(request)
    context = {
        "passkeys": [one.wrap() for one in own if one.type == kinds.WEBAUTHN],
        "has_app": any(one.type == kinds.TOTP for one in own),
        "is_on": any(one.type != kinds.RECOVERY_CODES for one in own),
        "codes_left": len(codes.get_unused_codes()) if codes else 0,
        "is_at_ip_address": host is not None,
        "named_address": None if settings.SECURE else f"http://localhost:{(host and host.port) or 80}",
    }
    return render_page(request, "mfa/index.html", context)


def _ip_host(request: HttpRequest) -> SplitResult | None:
    """The host of the request if it is an IP address, otherwise None. Browsers bind passkeys to host names,
    and make none at an IP address (https://www.w3.org/TR/webauthn-3/#rp-id)."""
    host = urlsplit(f"//{request.get_host()}")
    try:
        ip_address(host.hostname or "")
    except ValueError:
        return None
    return host
