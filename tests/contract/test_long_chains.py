"""Deletion works for a chain of 10,000 replies."""

from django.db.models import F

from messaging.models import Conversation, Message, ThreadedMessage, User
from messaging.models.messages.saving import post
from tests.contract.words import PLANTED, words_of_others

LONG = 10_000


def chain(place: Conversation, authors: list[User]) -> Message:
    """A root and 10,000 replies, each to the one before, by the authors in turn; written as by an import."""
    root = post(place, authors[0], PLANTED)
    Message.rows.bulk_create(
        Message(
            conversation=place,
            sender=authors[number % len(authors)],
            content=f"{PLANTED} {number}",
            content_html=f"<p>{PLANTED} {number}</p>",
            seq=root.seq + number,
            version=root.seq + number,
            receiver=authors[1 - number % 2] if place.is_direct else None,
        )
        for number in range(1, LONG + 1)
    )
    replies = Message.rows.filter(conversation=place, pk__gt=root.pk)
    replies.update(parent_message=F("pk") - 1, thread_root=root.pk, depth=F("pk") - root.pk)
    Conversation.objects.filter(pk=place.pk).update(version=root.seq + LONG)
    assert len(ThreadedMessage.get_message_thread(root.pk)) == LONG + 1
    return root


def test_a_chain_of_10000_replies_goes_with_its_author(ada: User, room: Conversation) -> None:
    chain(room, [ada])
    ada.delete()
    assert not Message.objects.exists()


def test_a_chain_of_10000_direct_replies_goes_whole(ada: User, ben: User) -> None:
    chain(Conversation.objects.direct(ada, ben), [ada, ben])
    ada.delete()
    assert not Message.objects.exists()


def test_in_a_chain_of_10000_replies_the_words_of_the_other_stay(
    ada: User, ben: User, room: Conversation
) -> None:
    root = chain(room, [ben, ada])
    before = words_of_others(ada.pk)
    assert len(before) == LONG // 2 + 1
    ada.delete()
    thread = ThreadedMessage.get_message_thread(root.pk)
    assert [one.depth for one in thread] == list(range(LONG + 1))
    assert {one.pk for one in thread if one.sender == ben} == set(before)
    assert all(one.content == "" for one in thread if one.sender is None)
    assert words_of_others(-1) == before
