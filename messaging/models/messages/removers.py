"""The moderators who removed messages: what is forgotten of them with their accounts."""

from collections.abc import Collection

from messaging.models.db.registry import PersonPart, Rows, register_person_part
from messaging.models.messages.message import Message


def _erase_removals(people: Collection[int], messages: Rows, version: int | None) -> int:
    """Delete the reasons that these people, as moderators, gave for removals, and who it was."""
    changes: dict[str, object] = {"removed_by": None, "removal_reason": ""}
    messages.filter(removed_by__in=people).update(**changes, **({"version": version} if version else {}))
    return 0


register_person_part(
    PersonPart(
        Message,
        "removed_by",
        conversation="conversation",
        message="pk",
        erase=_erase_removals,
        why_not_exported="What moderators did is the room's.",
    )
)
