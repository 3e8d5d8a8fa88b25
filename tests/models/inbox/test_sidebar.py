"""A person's list of conversations, with what is unread in each."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from messaging.models import Conversation, Membership, Message, User
from messaging.models.inbox.sidebar import sidebar_of
from messaging.models.inbox.unread_counts import UNREAD_COUNTED
from messaging.models.messages.saving import post
from tests.factories import RoomFactory, UserFactory


def test_a_badge_counts_up_to_100_and_costs_no_more_for_more(ada: User, ben: User) -> None:
    room = RoomFactory.create(by=ada, members=[ben])
    for number in range(UNREAD_COUNTED + 3):
        post(room, ada, f"words {number}")
    with CaptureQueriesContext(connection) as asked:
        sidebar = sidebar_of(ben)
    assert sidebar.entries[room.pk].unread == UNREAD_COUNTED
    assert f"LIMIT {UNREAD_COUNTED}" in " ".join(query["sql"] for query in asked)
    assert Message.unread_messages.count_for_user(ben) == UNREAD_COUNTED + 3


def test_replies_and_personal_messages_are_counted_separately_and_the_first_unread_root_is_known(
    ada: User, ben: User, room: Conversation
) -> None:
    mine = post(room, ben, "mine")
    post(room, ada, "an answer", parent=mine)
    first = post(room, ada, "to all")
    post(room, ada, "to @ben")
    Message.objects.create(sender=ada, receiver=ben, content="between us")
    sidebar = sidebar_of(ben, room.pk)
    entry = sidebar.entries[room.pk]
    assert (sidebar.unread, sidebar.replies, sidebar.personal) == (4, 1, 3)
    assert (entry.unread, entry.unread_roots, entry.first_unread, entry.first_unread_pk) == (
        3,
        2,
        first.seq,
        first.pk,
    )


def test_names_are_queried_only_when_needed(ada: User, ben: User, room: Conversation) -> None:
    Message.objects.create(sender=ada, receiver=ben, content="between us")
    with CaptureQueriesContext(connection) as asked:
        sidebar = sidebar_of(ben)
        assert sidebar.entries[room.pk].title == "garden"
        assert sidebar.state
    assert len(asked) == 1
    with CaptureQueriesContext(connection) as asked:
        assert [entry.title for entry in sidebar.direct_and_groups] == ["Ada"]
        assert [entry.person and entry.person.initials for entry in sidebar.direct_and_groups] == ["AD"]
    assert len(asked) == 1


def test_the_sidebar_has_starred_rooms_first_and_the_latest_people_first(
    ada: User, ben: User, cleo: User
) -> None:
    for name in ("beta", "Alpha", "omega"):
        RoomFactory.create(name=name, by=ada)
    Membership.objects.filter(conversation__name="omega").update(is_starred=True)
    Message.objects.create(sender=ben, receiver=ada, content="first")
    Message.objects.create(sender=cleo, receiver=ada, content="second")
    group = Conversation.objects.create_group(ada, [ben, cleo, *UserFactory.create_batch(3)])
    sidebar = sidebar_of(ada, current=group.pk)
    assert [entry.title for entry in sidebar.rooms] == ["omega", "Alpha", "beta"]
    assert [entry.title for entry in sidebar.direct_and_groups][:2] == ["Cleo", "Ben"]
    assert sidebar.entries[group.pk].title.startswith("Ben, Cleo, Person")
    assert sidebar.entries[group.pk].title.endswith(" and 2 more")
    assert (sidebar.unread, sidebar.current) == (2, group.pk)
