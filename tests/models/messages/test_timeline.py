"""Paging through the roots of a conversation."""

import pytest

from messaging.models import Conversation, Message, User
from messaging.models.messages.timeline import PAGE_SIZE, timeline_page
from tests.models.growing import grow


@pytest.fixture
def roots(ada: User, room: Conversation) -> list[int]:
    """The seqs of 101 roots, each with a reply, which no page of the timeline shows."""
    ids = grow(room, ada, [None if number % 2 == 0 else number - 1 for number in range(202)])
    return list(Message.objects.filter(pk__in=ids, depth=0).order_by("seq").values_list("seq", flat=True))


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
def test_an_out_of_range_cursor_gives_the_newest_page(
    room: Conversation, roots: list[int], beyond: dict[str, int]
) -> None:
    assert timeline_page(room.pk, **beyond) == timeline_page(room.pk)


def test_an_empty_conversation_has_an_empty_page(room: Conversation) -> None:
    for page in (timeline_page(room.pk), timeline_page(room.pk, around=1)):
        assert (page.messages, page.older, page.newer) == ([], None, None)
