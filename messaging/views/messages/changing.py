"""What reactions, votes, ticks and pins have in common: a small change of a message, made with one press."""

from collections.abc import Callable

from django.core.exceptions import ValidationError

from messaging.access.decorators import MemberRequest
from messaging.access.lookups import NotFound
from messaging.http.rate_limits import take_token
from messaging.models import Message
from messaging.views.responses import error_or_404, too_many_requests


class NotChanged(Exception):
    """The change was refused.

    Attributes:
        why: a sentence for the person.
        wait: after how many seconds it can be tried again; 0 if that is not the reason.
    """

    def __init__(self, why: str, wait: int = 0) -> None:
        super().__init__(why)
        self.why, self.wait = why, wait


def change(request: MemberRequest, act: Callable[[], Message]) -> Message:
    """Make the change, and return the message as it is then.

    Raises:
        NotChanged: it is refused, or the person makes too many.
        NotFound: the message was removed meanwhile, or the person has left.
    """
    if wait := take_token("react", request.user.pk):
        raise NotChanged(too_many_requests(wait), wait)
    try:
        return act()
    except ValidationError as error:
        if getattr(error, "code", None) == "removed":
            raise NotFound from error
        raise NotChanged(" ".join(error_or_404(error).messages)) from error
