"""`Refused`: the one exception for what is not allowed, not possible now, or tried too often.

Two other kinds are a `ValidationError`, as forms and the admin need it: a refusal about a *value* (a text, a
name), and everything that saving, editing or removing a message refuses (`messages.refused.REFUSALS`). A
`Refused` that no view catches is turned into a response by `messaging.http.middleware`.
"""

from typing import TYPE_CHECKING, TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Row = TypeVar("Row", bound=models.Model)
NOT_FOUND = 404


class Refused(Exception):
    """Something may not be done, or not now.

    Args:
        code: a short name for programs and tests, such as "last_owner".
        sentence: what a person is told. A refusal that must reveal nothing needs none.
        status: the HTTP status of the response. 404 by default: a person who may not do something learns
            nothing, not even that it exists.
        retry_after: in how many seconds it may be tried again, where waiting helps.
    """

    def __init__(
        self,
        code: str,
        sentence: "str | _StrPromise" = "",
        status: int = NOT_FOUND,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(sentence or code)
        self.code = code
        self.sentence = sentence
        self.status = status
        self.retry_after = retry_after


class Gone(Refused):
    """What was to be changed was deleted meanwhile."""

    def __init__(self) -> None:
        super().__init__("gone", _("This no longer exists."))


def get_or_gone(rows: models.QuerySet[Row], **lookups: object) -> Row:
    """The row.

    Raises:
        Gone: there is none. Another request may have deleted it, so this is a 404 and no error of the
        program.
    """
    try:
        return rows.get(**lookups)
    except ObjectDoesNotExist:
        raise Gone from None
