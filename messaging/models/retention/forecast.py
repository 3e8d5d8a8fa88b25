"""What rules would delete now, in numbers."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, Min, Sum

from messaging.models.messages.attachment import Attachment
from messaging.models.retention.expired import Scope, expired


class Forecast(NamedTuple):
    """How many messages would be deleted, how many files with how many bytes; when the oldest was sent."""

    messages: int = 0
    files: int = 0
    bytes: int = 0
    oldest: datetime | None = None


def forecast(scopes: Iterable[Scope]) -> dict[int, Forecast]:
    """What these rules would delete now, by the id of the conversation. Two queries for each rule."""
    found: dict[int, Forecast] = {}
    for rule, conversations in scopes:
        if rule.age is None:
            continue
        rows = expired(rule, conversations).order_by()
        sent = Attachment.objects.filter(message__in=rows.values("pk")).order_by()
        files = sent.values("message__conversation").annotate(files=Count("pk"), bytes=Sum("size"))
        columns = files.values_list("message__conversation", "files", "bytes")
        of = {pk: (number, size) for pk, number, size in columns}
        texts = rows.values("conversation").annotate(messages=Count("pk"), oldest=Min("timestamp"))
        for pk, number, oldest in texts.values_list("conversation", "messages", "oldest"):
            found[pk] = Forecast(number, *of.get(pk, (0, 0)), oldest)
    return found


def total(forecasts: Iterable[Forecast]) -> Forecast:
    """Several together."""
    found = list(forecasts)
    return Forecast(
        sum(one.messages for one in found),
        sum(one.files for one in found),
        sum(one.bytes for one in found),
        min((one.oldest for one in found if one.oldest), default=None),
    )
