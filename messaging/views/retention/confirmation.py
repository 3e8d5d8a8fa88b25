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
    """What is deleted where: of rooms whose names the person may know each, of all others together."""
    rooms = Conversation.objects.filter(pk__in=list(deleted))
    names = dict(rooms.named_to(user).filter(kind=Conversation.Kind.ROOM).values_list("pk", "name"))
    kinds = dict(rooms.values_list("pk", "kind"))
    named = sorted((pk for pk in deleted if pk in names), key=lambda pk: (-deleted[pk].messages, pk))
    groups: dict[str, list[Forecast]] = {}
    for pk in [*named[ROOMS_SHOWN:], *(pk for pk in deleted if pk not in names)]:
        kind = "more" if pk in names else kinds.get(pk, "room")
        groups.setdefault(kind, []).append(deleted[pk])
    return {
        "named": [(names[pk], deleted[pk]) for pk in named[:ROOMS_SHOWN]],
        "others": [(kind, len(some), total(some)) for kind, some in sorted(groups.items())],
        "total": total(deleted.values()),
    }
