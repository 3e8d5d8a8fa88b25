"""The rooms that messages name with a #."""

from django.db.models import Q

from messaging.models.conversations.conversation import IMPORTED, Conversation
from messaging.models.conversations.kind import Kind
from messaging.text.room_names import possible_rooms, rooms_in


def rooms_named_in(content: str, shown_before: str = "") -> dict[str, int]:
    """The public rooms that a text names: the name as `text.room_names` compares it -> the id. No query
    without a #.

    Args:
        shown_before: the HTML of the text before it was changed. Its links stay, also if a room was renamed.
    """
    keys = possible_rooms(content)
    if not keys:
        return {}
    # A room with its name from an archive has no key (`Conversation.key_of`). One with a key comes before it.
    imported = Q(room_key=None, external_id__in=[f"{IMPORTED}{key}" for key in keys])
    rooms = Conversation.objects.filter(
        Q(room_key__in=keys) | imported, kind=Kind.ROOM, is_private=False, removed_at=None
    )
    rows = list(rooms.values_list("room_key", "external_id", "pk"))
    without_key = {str(external_id).removeprefix(IMPORTED): pk for key, external_id, pk in rows if not key}
    return {**without_key, **{key: pk for key, _, pk in rows if key}, **rooms_in(shown_before)}
