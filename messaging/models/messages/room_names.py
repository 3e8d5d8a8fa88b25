"""The rooms that messages name with a #."""

from messaging.models.conversations.conversation import Conversation
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
    rooms = Conversation.objects.filter(kind=Kind.ROOM, is_private=False, removed_at=None, room_key__in=keys)
    found = {key: pk for key, pk in rooms.values_list("room_key", "pk") if key}
    return found | rooms_in(shown_before)
