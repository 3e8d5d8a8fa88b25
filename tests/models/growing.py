"""Large conversations in a moment: rows as an import writes them, since sending each would take minutes."""

from collections.abc import Sequence

from messaging.models import Conversation, Message, User

CHUNK = 1_000


def grow(place: Conversation, sender: User, parents: Sequence[int | None]) -> list[int]:
    """Add a message for each item: a root for None, else an answer to the item with that index.

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
        Message.rows.bulk_create(rows, batch_size=CHUNK)
        made = Message.rows.filter(conversation=place, seq__gte=first).order_by("seq")
        ids = list(made.values_list("pk", flat=True))
        depths, roots = [0] * len(ids), list(ids)
        for number, parent in enumerate(parents):
            if parent is not None:
                depths[number], roots[number] = depths[parent] + 1, roots[parent]
                rows[number].parent_message_id, rows[number].thread_root_id = ids[parent], roots[parent]
            rows[number].pk, rows[number].depth = ids[number], depths[number]
        tree = ["parent_message", "thread_root", "depth"]
        Message.rows.bulk_update([row for row in rows if row.depth], tree, batch_size=100)
    return ids
