"""What the two pages of rules share: what a rule deletes, and whether that was confirmed."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from messaging.access.decorators import MemberRequest
from messaging.models import Conversation, User
from messaging.models.retention.forecast import Forecast, total
from messaging.views.responses import number_in

ROOMS_SHOWN = 30
ANNOUNCED = _("Announced. The rule starts in 24 hours; until then it can be withdrawn.")
SAVED = _("Saved. The rule is in force.")


def is_confirmed(request: MemberRequest, deleted: Forecast) -> bool:
    """Whether the person has seen these numbers: the form names how many messages it is about, and since
    then no more have come to it."""
    seen = number_in(request.POST, "deletes")
    return seen is not None and seen >= deleted.messages


def by_place(deleted: Mapping[int, Forecast], user: User) -> dict[str, Any]:
    """What is deleted where: of rooms whose names the person may know each, of all others together.

    Of the others there is no date and no kind. There may be one only, and these would be about that one.
    """
    rooms = Conversation.objects.filter(pk__in=list(deleted), kind=Conversation.Kind.ROOM)
    names = dict(rooms.named_to(user).values_list("pk", "name"))
    named = sorted((pk for pk in deleted if pk in names), key=lambda pk: (-deleted[pk].messages, pk))
    others = [amount for pk, amount in deleted.items() if pk not in names]
    more = [deleted[pk] for pk in named[ROOMS_SHOWN:]]
    return {
        "named": [(names[pk], deleted[pk]) for pk in named[:ROOMS_SHOWN]],
        "more": (len(more), total(more)) if more else None,
        "others": total(others).without_date() if others else None,
        "total": total(deleted.values()).without_date() if others else total(deleted.values()),
    }
