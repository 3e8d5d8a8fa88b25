"""Fills an installation with many messages, rooms and people: most of the messages by SQL alone.

A batch of messages is created by the ORM and then copied, each time with higher ids. A tenth of all messages
is in the measured room, with notifications of two people, who have read them; the rest is in other rooms.
"""

from typing import TYPE_CHECKING

from django.db import connection, models, transaction

if TYPE_CHECKING:
    from messaging.models import Conversation, User

BATCH, REPLIES = 500, 100  # messages, and how many of them are replies
MESSAGES_PER_ROOM, MESSAGES_PER_PERSON, MEMBERS = 1000, 100, 10
LEAST = 120  # rooms and people: more than one page of a directory
SHARE = 10  # one message in so many is in the measured room


def fill(room: "Conversation", members: "list[User]", messages: int) -> None:
    """Write this many messages (a multiple of `BATCH`): some into the room, the others into new rooms.

    Args:
        room: nobody has written in it yet.
        members: of the room; the first two have notifications of what is in it.
        messages: rooms and people are in proportion to them.
    """
    batches = max(messages // BATCH, 2)
    inside = max(batches // SHARE, 1)
    people = _create_people(max(messages // MESSAGES_PER_PERSON, LEAST))
    with transaction.atomic():
        with room.writing(count=inside * BATCH) as last:
            first_id = _create_batch(room, members, last - inside * BATCH + 1)
        outside = batches - inside
        rooms = _create_rooms(max(messages // MESSAGES_PER_ROOM, LEAST), outside, people)
        for number in range(1, batches):
            within = number if number < inside else None  # of the measured room
            _copy(first_id, number, within, rooms, number - inside, people)
        _reset_sequences()
    _notify(room, members[:2])
    analyze()


def analyze() -> None:
    """Gather the statistics of PostgreSQL's tables, as autovacuum does in production."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def _create_people(number: int) -> "list[User]":
    from messaging.models import User

    rows = [User(username=f"member{one}", display_name=f"Member {one}") for one in range(number)]
    User.objects.bulk_create(rows, batch_size=1000)
    return list(User.objects.filter(username__startswith="member").order_by("pk"))


def _create_rooms(number: int, batches: int, people: "list[User]") -> "list[Conversation]":
    """Public rooms with ten members each. Room n gets batch n, n + number, …"""
    from messaging.models import Conversation, Membership
    from messaging.text.natural_order import natural_text

    rows = [Conversation(kind=Conversation.Kind.ROOM, name=f"place {one:06}") for one in range(number)]
    for place, row in enumerate(rows):
        row.room_key, row.name_order = row.key_of(row.name), natural_text(row.name)
        row.version = BATCH * len(range(place, batches, number))
    Conversation.objects.bulk_create(rows, batch_size=1000)
    rooms = list(Conversation.objects.filter(name__startswith="place ").order_by("pk"))
    memberships = (
        Membership(conversation=one, user=people[(place * MEMBERS + member) % len(people)])
        for place, one in enumerate(rooms)
        for member in range(MEMBERS)
    )
    Membership.objects.bulk_create(memberships, batch_size=1000)
    return rooms


def _create_batch(room: "Conversation", members: "list[User]", first: int) -> int:
    """Returns the lowest id. The ids are consecutive."""
    from messaging.models import Message
    from messaging.text import RENDERER_VERSION

    def row(number: int) -> Message:
        text = f"Something that was said of the tides long ago, the {number}th"
        sender = members[number % len(members)]
        seq = first + number
        return Message(
            conversation=room,
            sender=sender,
            content=text,
            content_html=f"<p>{text}</p>",
            renderer_version=RENDERER_VERSION,
            read=True,
            seq=seq,
            version=seq,
        )

    rows = [row(number) for number in range(BATCH)]
    roots = Message.rows.bulk_create(rows[: BATCH - REPLIES])
    stored = Message.rows.filter(conversation=room, seq__gte=first).order_by("seq")
    roots = list(stored)
    for reply, root in zip(rows[BATCH - REPLIES :], roots, strict=False):
        reply.parent_message = reply.thread_root = root
        reply.depth = 1
    Message.rows.bulk_create(rows[BATCH - REPLIES :])
    return roots[0].pk


def _copy(
    first_id: int,
    number: int,
    within: int | None,
    rooms: "list[Conversation]",
    outside: int,
    people: "list[User]",
) -> None:
    """Copy the batch, with ids that are `number * BATCH` higher: as part `within` of the measured room, or as
    part `outside` of the other rooms."""
    from messaging.models import Message

    ids = number * BATCH
    changed = {one: f"{one} + {ids}" for one in ("id", "parent_message_id", "thread_root_id")}
    if within is not None:
        shift = within * BATCH
        changed |= {one: f"{one} + {shift}" for one in ("seq", "version")}
    else:
        room, shift = rooms[outside % len(rooms)], outside // len(rooms) * BATCH
        least = f"(SELECT MIN(seq) FROM messaging_message WHERE id = {first_id})"
        changed |= dict.fromkeys(("seq", "version"), f"seq - {least} + 1 + {shift}")
        place = outside % len(rooms) * MEMBERS
        sender = people[(place + number % MEMBERS) % len(people)].pk
        changed |= {"conversation_id": str(room.pk), "sender_id": str(sender)}
    insert_copies(Message, changed, f"id BETWEEN {first_id} AND {first_id + BATCH - 1}")


def insert_copies(model: type[models.Model], changed: dict[str, str], where: str) -> None:
    """Copy these rows of a table.

    Args:
        changed: expressions of SQL for the columns that differ in the copies.
        where: a condition in SQL.
    """
    columns = [str(field.column) for field in model._meta.concrete_fields]
    into, values = ", ".join(columns), ", ".join(changed.get(column, column) for column in columns)
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({into}) SELECT {values} FROM {table} WHERE {where}")


def _notify(room: "Conversation", people: "list[User]") -> None:
    """Give these people a notification, which they have read, of each root and of each reply to theirs."""
    from django.db.models import F, Q, Value
    from django.utils import timezone

    from messaging.models import Message, Notification
    from messaging.models.db.insert_select import InsertFrom

    names = "user_id", "message_id", "conversation_id", "thread_root_id", "reason", "read_at", "created_at"
    for person in people:
        others = Message.rows.filter(conversation=room).exclude(sender=person).order_by("pk")
        others = others.filter(Q(thread_root=None) | Q(thread_root__sender=person))
        rows = others.values_list(
            Value(person.pk),
            F("pk"),
            F("conversation_id"),
            F("thread_root_id"),
            Value("room"),
            Value(timezone.now()),
            F("timestamp"),
        )
        InsertFrom(Notification, names, rows).execute()


def _reset_sequences() -> None:
    from django.core.management.color import no_style

    from messaging.models import Message

    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [Message]):
            cursor.execute(statement)
