"""Creates large conversations quickly with bulk inserts, as an import does. Sending would take minutes."""

from collections.abc import Sequence

from django.db import connection

from messaging.models import Conversation, Message, User

LINK = """
    UPDATE messaging_message SET parent_message_id = %s, thread_root_id = %s, depth = %s WHERE id = %s
"""


def grow(place: Conversation, sender: User, parents: Sequence[int | None]) -> list[int]:
    """Add a message for each item: a root for None, else a reply to the item with that index.

    Returns:
        The ids, in the order of the items.
    """
    with place.writing(count=len(parents)) as last:
        first = last - len(parents) + 1
        rows = [
            Message(
                conversation=place,
                sender=sender,
                content=f"words {number}",
                content_html=f"<p>words {number}</p>",
                seq=first + number,
                version=first + number,
                read=True,
            )
            for number in range(len(parents))
        ]
        Message.rows.bulk_create(rows)
        made = Message.rows.filter(conversation=place, seq__gte=first).order_by("seq")
        ids = list(made.values_list("pk", flat=True))
        links: list[tuple[int, int, int, int]] = []  # parent, root, depth, of which message
        heads = list(zip(ids, [0] * len(ids), strict=True))
        for number, parent in enumerate(parents):
            if parent is not None:
                root, depth = heads[parent]
                heads[number] = root, depth + 1
                links.append((ids[parent], root, depth + 1, ids[number]))
        with connection.cursor() as cursor:
            cursor.executemany(LINK, links)
    return ids
