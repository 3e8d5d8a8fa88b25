"""What rules would delete now, in numbers."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, Min, Sum

from messaging.models.messages.attachment import Attachment
from messaging.models.retention.expired import Scope, expired_by


class Forecast(NamedTuple):
    """How many messages would be deleted, how many files with how many bytes; when the oldest was sent."""

    messages: int = 0
    files: int = 0
    bytes: int = 0
    oldest: datetime | None = None

    def without_date(self) -> "Forecast":
        return self._replace(oldest=None)


def forecast(scopes: Iterable[Scope]) -> dict[int, Forecast]:
    """What these rules would delete now, by the id of the conversation. At most eight queries."""
    found: dict[int, Forecast] = {}
    for rows in expired_by(scopes):
        rows = rows.order_by()
        sent = Attachment.objects.filter(message__in=rows.values("pk")).order_by()
        files = sent.values("message__conversation").annotate(files=Count("pk"), bytes=Sum("size"))
        columns = files.values_list("message__conversation", "files", "bytes")
        of = {pk: (number, size) for pk, number, size in columns}
        texts = rows.values("conversation").annotate(messages=Count("pk"), oldest=Min("timestamp"))
        for pk, number, oldest in texts.values_list("conversation", "messages", "oldest"):
            found[pk] = Forecast(number, *of.get(pk, (0, 0)), oldest)
    return found


def forecast_at_most(scopes: Iterable[Scope]) -> dict[int, Forecast]:
    """As `forecast`, but counts saved messages too. Otherwise the difference would show who saved what."""
    return forecast(Scope(replace(rule, keeps_saved=False), where) for rule, where in scopes)


def total(forecasts: Iterable[Forecast]) -> Forecast:
    """Several together."""
    found = list(forecasts)
    return Forecast(
        sum(one.messages for one in found),
        sum(one.files for one in found),
        sum(one.bytes for one in found),
        min((one.oldest for one in found if one.oldest), default=None),
    )
