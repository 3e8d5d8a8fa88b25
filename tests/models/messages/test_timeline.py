"""Paging through the roots of a conversation."""

from datetime import UTC, datetime, timedelta

import pytest

from messaging.models import Conversation, Message, User
from messaging.models.messages.timeline import PAGE_SIZE, first_since, timeline_page
from tests.models.growing import grow


@pytest.fixture
def roots(ada: User, room: Conversation) -> list[int]:
    """The seqs of 101 roots, each with a reply, which no page of the timeline shows."""
    ids = grow(room, ada, [None if number % 2 == 0 else number - 1 for number in range(202)])
    return list(Message.objects.filter(pk__in=ids, depth=0).order_by("seq").values_list("seq", flat=True))


def delete(room: Conversation, roots: list[int]) -> None:
    """Delete these roots with their replies, so that nothing of them is left."""
    inside = Message.objects.filter(conversation=room)
    inside.filter(thread_root__seq__in=roots).delete()
    inside.filter(seq__in=roots).delete()


def test_paging_in_both_directions_shows_each_root_once(room: Conversation, roots: list[int]) -> None:
    page = timeline_page(room.pk)
    assert page.newer is None
    back = [page]
    while back[-1].older is not None:
        back.append(timeline_page(room.pk, before=back[-1].older))
    assert [message.seq for page in reversed(back) for message in page.messages] == roots
    forth = [back[-1]]
    while forth[-1].newer is not None:
        forth.append(timeline_page(room.pk, after=forth[-1].newer))
    assert [message.seq for page in forth for message in page.messages] == roots
    assert all(len(page.messages) <= PAGE_SIZE for page in back + forth)


@pytest.mark.parametrize("place", [0, 1, 19, 20, 21, 50, 80, 81, 99, 100])
def test_a_page_around_a_message_shows_it_and_has_links_in_both_directions(
    room: Conversation, roots: list[int], place: int
) -> None:
    page = timeline_page(room.pk, around=roots[place])
    shown = [message.seq for message in page.messages]
    first, last = roots.index(shown[0]), roots.index(shown[-1])
    assert roots[place] in shown
    assert shown == roots[first : last + 1]
    assert page.older == (shown[0] if first else None)
    assert page.newer == (shown[-1] if last < 100 else None)


@pytest.mark.parametrize("beyond", [{"before": 0}, {"after": 10**9}])
def test_a_page_beyond_an_end_is_empty(room: Conversation, roots: list[int], beyond: dict[str, int]) -> None:
    page = timeline_page(room.pk, **beyond)
    assert (page.messages, page.older, page.newer) == ([], None, None)


@pytest.mark.parametrize("after", [0, 1])
def test_the_first_page_has_nothing_older(room: Conversation, roots: list[int], after: int) -> None:
    page = timeline_page(room.pk, after=roots[0] - 1 + after)
    shown = roots[after : after + PAGE_SIZE]
    assert [message.seq for message in page.messages] == shown
    assert page.older == (shown[0] if after else None)


def test_after_a_message_that_is_gone_the_one_before_is_known(room: Conversation, roots: list[int]) -> None:
    delete(room, roots[50:51])
    page = timeline_page(room.pk, after=roots[50])
    assert page.messages[0].seq == page.older == roots[51]
    assert page.previous
    assert page.previous.seq == roots[49]


def test_an_empty_conversation_has_an_empty_page(room: Conversation) -> None:
    for page in (timeline_page(room.pk), timeline_page(room.pk, around=1)):
        assert (page.messages, page.older, page.newer) == ([], None, None)


@pytest.fixture
def hourly(room: Conversation, roots: list[int]) -> list[datetime]:
    """The times of the roots, an hour apart."""
    times = [datetime(2027, 3, 1, tzinfo=UTC) + place * timedelta(hours=1) for place in range(len(roots))]
    for seq, sent in zip(roots, times, strict=True):
        Message.rows.filter(conversation=room, seq=seq).update(timestamp=sent)
    room.refresh_from_db()
    return times


@pytest.mark.parametrize("place", [0, 1, 39, 40, 64, 99, 100])
def test_the_first_message_since_a_time(
    room: Conversation, roots: list[int], hourly: list[datetime], place: int
) -> None:
    for early in (timedelta(), timedelta(minutes=30)):
        found = first_since(room, hourly[place] - early)
        assert found
        assert found.seq == roots[place]


def test_nothing_is_since_a_time_after_the_last_message(room: Conversation, hourly: list[datetime]) -> None:
    assert first_since(room, hourly[-1] + timedelta(seconds=1)) is None


def test_the_first_message_since_a_time_is_found_among_gaps(
    room: Conversation, roots: list[int], hourly: list[datetime]
) -> None:
    delete(room, roots[10:60])
    found = first_since(room, hourly[12])
    assert found
    assert found.seq == roots[60]


def test_no_message_is_first_in_an_empty_conversation(room: Conversation) -> None:
    assert first_since(room, datetime(2027, 3, 1, tzinfo=UTC)) is None
