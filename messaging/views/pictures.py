"""What the forms with a picture have in common."""

from typing import Any

from django.forms import BaseForm
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.datastructures import MultiValueDict

from messaging.access.decorators import MemberRequest
from messaging.access.lookups import NotFound
from messaging.http.failures import RETRY_AFTER_SECONDS
from messaging.http.rate_limits import take_token
from messaging.views.responses import too_many_requests, with_retry_after


def uploaded_files(
    request: MemberRequest, act: str = "picture"
) -> tuple[MultiValueDict[str, Any] | None, int]:
    """The files of a form, and the seconds to wait if there were too many pictures: then there are none.

    The token is taken before the picture is decoded: also one that is refused has cost the time.

    Args:
        act: a key of `settings.LIMITS`.
    """
    wait = take_token(act, request.user.pk) if "picture" in request.FILES else 0
    return (None if wait else request.FILES), wait


def add_limit(form: BaseForm, wait: int) -> None:
    """Add an error that says how long to wait, if that is not 0."""
    if wait:
        form.add_error(None, too_many_requests(wait))


def form_refused(form: BaseForm, response: HttpResponse, wait: int) -> HttpResponse:
    """The response to a form with errors, as a 503 if others' pictures were just being decoded."""
    if form.has_error("picture", "busy"):
        response.status_code = 503
        response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return with_retry_after(response, wait)


def picture_response(request: MemberRequest, picture: Any, name: str) -> HttpResponseBase:
    """A stored picture. Each has a name of its own, so browsers may cache it for ever.

    Args:
        picture: the field of the row.
        name: the one in the URL.

    Raises:
        NotFound: it is not the present one, or its file is gone.
    """
    if request.htmx or not name or name != (picture.name or "").rpartition("/")[2]:
        raise NotFound
    try:
        with picture.open() as file:
            return HttpResponse(file.read(), content_type="image/webp")
    except FileNotFoundError as error:
        raise NotFound from error
