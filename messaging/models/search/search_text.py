"""What is searched of each message: one row, written in the transaction that writes the message.

The database keeps the index over these rows by itself (migration `0002_search_index`): on SQLite triggers
keep an FTS5 table, on PostgreSQL a generated column has a GIN index. So what deletes a row deletes its words
as well.
"""

from collections.abc import Iterable
from typing import ClassVar

from django.db import connection, models, transaction

from messaging.models.db.registry import MessagePart, register_message_part
from messaging.models.messages.attachment import descriptions_of
from messaging.models.messages.message import Message
from messaging.models.messages.polls import choice_texts
from messaging.text.search_words import own_text, words

BATCH = 1_000
# By hand, since each send does it: the ORM takes 0.3 ms to make such a statement.
WRITE = """
INSERT INTO messaging_searchtext (message_id, text) VALUES (%s, %s)
ON CONFLICT (message_id) DO UPDATE SET text = excluded.text
"""


class SearchTextQuerySet(models.QuerySet["SearchText"]):
    def write(self, message: Message) -> None:
        """Make the row agree with the message's text, under the conversation's lock."""
        with connection.cursor() as cursor:
            cursor.execute(WRITE, [message.pk, searched_text(message)])

    def write_all(self, messages: Iterable[Message]) -> None:
        """Write the rows of messages that have none."""
        self.bulk_create(self.model(message=message, text=searched_text(message)) for message in messages)

    def rewrite_batch(self, after: int) -> int | None:
        """Write the rows of some messages again, those with the next ids above `after`.

        Returns:
            The last of their ids; None if there are no more.
        """
        following = Message.rows.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)
        batch = Message.rows.filter(pk__in=list(following[:BATCH]))
        with transaction.atomic():
            ids = batch.lock()
            self.filter(message__in=ids).delete()
            self.write_all(batch.filter(removed_at=None).prefetch_related("files"))
        return ids[-1] if ids else None


class SearchText(models.Model):
    """The words of a message, of its poll's choices and of the descriptions of its pictures, folded, with a
    space between them (`messaging.text.search_words`)."""

    message = models.OneToOneField(
        Message, on_delete=models.CASCADE, primary_key=True, related_name="search_text"
    )
    text = models.TextField()

    objects: ClassVar[models.Manager["SearchText"]] = models.Manager.from_queryset(SearchTextQuerySet)()

    def __str__(self) -> str:
        return f"words of message {self.message_id}"


def searched_text(message: Message) -> str:
    return " ".join(words(compared_text(message)))


def compared_text(message: Message) -> str:
    """The visible text of a message, the choices of its poll, and what its pictures show."""
    texts = [own_text(message.content_html)]
    if message.has_poll:
        texts += choice_texts(message)
    return " ".join([*texts, *descriptions_of(message)])


register_message_part(MessagePart(SearchText, name=""))
