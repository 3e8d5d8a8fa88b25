from django.http import JsonResponse
from django.middleware.csrf import get_token
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from messaging.access.decorators import MemberRequest, sign_in_required


@require_safe
@sign_in_required
@never_cache
def token(request: MemberRequest) -> JsonResponse:
    """A new CSRF token: signing in in another tab made the page's own invalid.

    It comes with the id of the person who is signed in now, so that a page never acts for somebody else.
    """
    return JsonResponse({"viewer": request.user.pk, "token": get_token(request)})
