"""The deletion of a person: other people's messages stay, and the amount of work is limited."""

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from messaging.models import Conversation, Mention, Message, User
from messaging.models.messages.saving import post
from messaging.models.rooms.members import add, leave
from messaging.models.rooms.settings import remove_room
from messaging.text.mentions import mention_link
from tests.amounts import ON_POSTGRESQL
from tests.models.traces import traces
from tests.work import calls, database_steps

# SQLite's file is rewritten (VACUUM) after the commit; that belongs to the measured work.
pytestmark = pytest.mark.django_db(transaction=True)

# Limits of the work for each deleted message, however many there are: 10,000 take a second or two.
QUERIES, QUERIES_EACH = 105, 20  # QUERIES in any case, and one more for every QUERIES_EACH messages
CALLS_EACH = 1_700
STEPS_EACH = 80 if ON_POSTGRESQL else 810


def test_other_peoples_messages_are_unchanged(zoe: User, ben: User, room: Conversation) -> None:
    root = post(room, zoe, "root")
    post(room, ben, "An answer, **with** more", parent=root)
    post(room, ben, "before").edit("Ask @ben, not @zoe-planted: `@zoe-planted`")

    def others() -> list[tuple[object, ...]]:
        kept = Message.objects.filter(sender=ben).order_by("pk")
        columns = (
            "pk",
            "content",
            "content_html",
            "seq",
            "timestamp",
            "edited",
            "edited_at",
            "parent_message",
        )
        return list(kept.values_list(*columns))

    before, link = others(), mention_link("@zoe-planted", zoe.pk)
    assert link in str(before)
    zoe.delete()
    assert str(others()) == str(before).replace(link, "@zoe-planted")
    assert set(Mention.objects.values_list("user", flat=True)) == {ben.pk}


def test_their_edits_of_other_peoples_messages_stay_without_an_editor(
    zoe: User, ben: User, room: Conversation
) -> None:
    message = post(room, ben, "as ben wrote it")
    message.edit("as zoe left it", by=zoe)
    zoe.delete()
    earlier = message.history.get()
    assert (earlier.old_content, earlier.edited_by) == ("as ben wrote it", None)
    assert Message.objects.get(pk=message.pk).content == "as zoe left it"


def test_conversations_without_other_people_are_deleted(zoe: User, ben: User) -> None:
    """Conversations stay if they have other members or other people's messages, or are open to everybody."""

    def private(name: str) -> Conversation:
        return Conversation.objects.create_room(name, by=zoe, topic="Her thoughts", is_private=True)

    goes = [private("alone"), private("left"), private("removed"), Conversation.objects.create_group(zoe, [])]
    post(goes[0], zoe, "planted")
    leave(goes[1], zoe)
    remove_room(goes[2], zoe)
    answered = private("answered by who took it back")
    add(answered, ben)
    post(answered, ben, "taken back", parent=post(answered, zoe, "planted")).remove()
    leave(answered, ben)
    stays = [private("with ben"), private("with ben's words"), private("removed with ben in it")]
    for room in stays:
        add(room, ben)
    post(stays[1], ben, "He was here")
    leave(stays[1], ben)
    remove_room(stays[2], zoe)
    stays.append(Conversation.objects.create_room("open to all", by=zoe))
    zoe.delete()
    left = Conversation.objects.filter(pk__in=[one.pk for one in (*goes, answered, *stays)])
    assert set(left) == set(stays)
    assert Message.objects.get().content == "He was here"


# Authors (z: Zoë, b: Ben, -: Ben, who removed it), the index of each parent, and which messages stay.
THREADS = {
    "z > z > b: the root's place stays": ("zzb", [None, 0, 1], [0, 1, 2]),
    "z > b > z": ("zbz", [None, 0, 1], [0, 1]),
    "b > z > z": ("bzz", [None, 0, 1], [0]),
    "b > z > b": ("bzb", [None, 0, 1], [0, 1, 2]),
    "z alone": ("z", [None], []),
    "z > z > z": ("zzz", [None, 0, 1], []),
    "z with two answers, by both": ("zzb", [None, 0, 0], [0, 2]),
    "z > b, removed": ("z-", [None, 0], []),
    "z > b, removed > z > b": ("z-zb", [None, 0, 1, 2], [0, 1, 2, 3]),
}


@pytest.mark.parametrize(("authors", "parents", "kept"), THREADS.values(), ids=THREADS.keys())
def test_a_tombstone_stays_only_above_other_peoples_messages(
    zoe: User, ben: User, room: Conversation, authors: str, parents: list[int | None], kept: list[int]
) -> None:
    thread: list[Message] = []
    for author, above in zip(authors, parents, strict=True):
        parent = None if above is None else thread[above]
        thread.append(post(room, zoe if author == "z" else ben, "words", parent=parent))
    for place, author in enumerate(authors):
        if author == "-":
            thread[place].remove()
    zoe.delete()
    left = list(Message.objects.filter(conversation=room).order_by("seq").values_list("pk", "content"))
    assert left == [(thread[at].pk, "words" if authors[at] == "b" else "") for at in kept]


@pytest.mark.parametrize(("replies", "is_deep"), [(10_000, False), (1_000, True)], ids=["wide", "deep"])
def test_a_large_thread_is_deleted_with_limited_work(
    zoe: User, ben: User, room: Conversation, replies: int, is_deep: bool
) -> None:
    root = post(room, zoe, "xylophone")
    Message.rows.bulk_create(
        Message(
            conversation=room,
            sender=zoe,
            content=f"xylophone {number}",
            content_html=f"<p>xylophone {number}</p>",
            seq=root.seq + number,
            version=root.seq + number,
        )
        for number in range(1, replies + 1)
    )
    above, depth = (F("pk") - 1, F("pk") - root.pk) if is_deep else (root.pk, 1)
    answers = Message.rows.filter(conversation=room, pk__gt=root.pk)
    answers.update(parent_message=above, thread_root=root, depth=depth)
    Conversation.objects.filter(pk=room.pk).update(version=root.seq + replies)
    last = Message.objects.latest("seq")
    words = post(room, ben, "words", parent=last)
    made = []
    with CaptureQueriesContext(connection) as queries:
        steps = database_steps(lambda: made.append(calls(zoe.delete)))
    assert len(queries) <= QUERIES + replies // QUERIES_EACH
    assert made[0] <= CALLS_EACH * replies
    assert steps <= STEPS_EACH * replies
    assert Message.objects.get(pk=words.pk).parent_message == last
    assert Message.objects.filter(sender=None).count() == (replies + 1 if is_deep else 2)
    assert traces("xylophone") == 0
