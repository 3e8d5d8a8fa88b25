"""How many queries a request takes, without transaction control.

Cold: empty caches, the first request of a session. Warm: the second one.
"""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from messaging.models import Conversation, Message, Reaction, User
from messaging.models.messages.reacting import unreact
from messaging.models.messages.saving import post
from tests.contract.counting import statements
from tests.factories import RoomFactory, UserFactory
from tests.views.growing import add_members, fill, react_in_bulk, write_replies, write_roots
from tests.views.page import FRAGMENT

pytestmark = pytest.mark.django_db
# The limits. Two queries of SEND look for the groups that a text with an @ names.
PAGE, SEND, THREAD, REACT = 12, 13, 7, 13
WARM_PAGE, LIST, WARM_LIST = 8, 6, 4


def timeline(room: Conversation) -> str:
    return reverse("conversation", args=[room.pk])


def thread(message: Message) -> str:
    return reverse("thread", args=[message.pk])


def a_rich_room(room: Conversation, ada: User, ben: User) -> Message:
    """Everything that a page can show: replies, mentions, edits, a removed message, a direct conversation."""
    for root in write_roots(room, ada, 5):
        write_replies(root, ben, 2)
        root.edit(f"{root.content} for @ben")
    root.remove(by=ada)
    post(Conversation.objects.direct(ada, ben), ada, "Hi")
    return post(room, ada, "The last one, @ben")


def test_a_conversation_page_takes_few_queries_whatever_it_shows(
    room: Conversation, ada: User, ben: User, cost: Callable[..., int]
) -> None:
    a_rich_room(room, ada, ben)
    assert cost(timeline(room)) <= PAGE


def test_the_queries_of_a_conversation_page_do_not_grow_with_its_content(
    room: Conversation, ada: User, ben: User, cost: Callable[..., int]
) -> None:
    last = a_rich_room(room, ada, ben)

    def more() -> None:
        for root in write_roots(room, ada, 10):
            root.edit(f"{root.content} for @ben")
        write_replies(last, ben, 10, in_a_chain=True)
        add_members(room, 10)
        for _ in range(10):
            post(RoomFactory.create(by=ada, members=[ben]), ada, "Hi")
            Conversation.objects.direct(UserFactory.create(), ben)

    costs = []
    for _ in range(3):
        more()
        costs.append(cost(timeline(room)))
    assert len(set(costs)) == 1
    assert costs[0] <= PAGE


@pytest.mark.parametrize(
    ("name", "warm", "most"),
    [
        ("conversation", False, PAGE),
        ("conversation", True, WARM_PAGE),
        ("message_list", False, LIST),
        ("message_list", True, WARM_LIST),
        ("thread_list", False, LIST),
        ("thread_list", True, WARM_LIST),
    ],
    ids=lambda value: {True: "warm", False: "cold"}.get(value) if isinstance(value, bool) else None,
)
def test_a_room_a_hundred_times_as_large_takes_no_more(
    room: Conversation, ada: User, ben: User, cost: Callable[..., int], name: str, warm: bool, most: int
) -> None:
    last = a_rich_room(room, ada, ben)
    place = reverse(name, args=[last.pk if name == "thread_list" else room.pk])
    costs = []
    for messages, members in ((10, 10), (1_000, 2_000)):
        fill(room, ada, messages)
        add_members(room, members)
        for in_a_chain in (False, True):
            write_replies(last, ben, messages, in_a_chain)
        write_replies(post(room, ada, "The newest, @ben"), ada, 1)
        costs.append(cost(place, headers=FRAGMENT if name != "conversation" else None, warm=warm))
    assert len(set(costs)) == 1
    assert costs[0] <= most


@pytest.mark.parametrize("number", [10, 20])
def test_a_thread_takes_few_queries_whatever_its_size_and_depth(
    message: Message, ben: User, cost: Callable[..., int], number: int
) -> None:
    replies = write_replies(message, ben, number) + write_replies(message, ben, number, in_a_chain=True)
    replies[0].edit("for @ada")
    assert cost(thread(message), headers=FRAGMENT) <= THREAD + 1  # one more: the unread replies
    assert cost(thread(replies[-3]), headers=FRAGMENT) <= THREAD + 1
    assert cost(reverse("thread_list", args=[message.pk]), headers=FRAGMENT) <= THREAD


def test_a_thread_of_a_thousand_takes_what_one_of_ten_does(
    room: Conversation, ada: User, ben: User, cost: Callable[..., int]
) -> None:
    costs = set()
    for number in (10, 1_000):
        for in_a_chain in (False, True):
            root = post(room, ada, "root")
            write_replies(root, ben, number, in_a_chain)
            costs.add(cost(thread(root), headers=FRAGMENT))
    assert len(costs) == 1


@pytest.mark.parametrize("text", ["Hello", "Hello @ada and @ben", "Hello @ben"], ids=["plain", "her", "me"])
@pytest.mark.parametrize("kind", ["root", "reply", "deep reply", "reply to oneself"])
def test_a_send_takes_few_queries_whatever_the_number_of_members(
    room: Conversation, ada: User, ben: User, cost: Callable[..., int], kind: str, text: str
) -> None:
    root = post(room, ada, "root")
    deep = write_replies(root, ada, 20, in_a_chain=True)[-1]
    place = {
        "root": reverse("message_send", args=[room.pk]),
        "reply": reverse("message_reply", args=[root.pk]),
        "deep reply": reverse("message_reply", args=[deep.pk]),
        "reply to oneself": reverse("message_reply", args=[post(room, ben, "my own root").pk]),
    }[kind]
    costs = [cost(place, text)]
    for _ in range(2):
        add_members(room, 1_000)
        costs.append(cost(place, text))
    assert len(set(costs)) == 1
    assert costs[0] <= SEND


@pytest.mark.parametrize("name", ["conversation", "message_list", "thread_list"])
def test_reactions_take_no_query_more_however_many_there_are(
    room: Conversation, ada: User, ben: User, cost: Callable[..., int], name: str
) -> None:
    roots = write_roots(room, ada, 40)
    replies = write_replies(roots[-1], ben, 40)
    place = reverse(name, args=[roots[-1].pk if name == "thread_list" else room.pk])
    headers = FRAGMENT if name != "conversation" else None
    costs = [cost(place, headers=headers)]
    for people, messages in ((5, [*roots, *replies]), (495, [roots[0], roots[-1], replies[0]])):
        add_members(room, people)
        for message in messages:
            react_in_bulk(message, 2)
        costs.append(cost(place, headers=headers))
    assert Reaction.objects.filter(message=roots[0]).count() >= 1_000
    assert len(set(costs)) == 1


def test_a_reaction_takes_as_few_queries_among_a_thousand(
    message: Message, ben: User, browser: Callable[[User], Client]
) -> None:
    client, place = browser(ben), reverse("message_react", args=[message.pk])
    costs = []
    for people in (0, 500):
        add_members(message.conversation, people)
        react_in_bulk(message, 2)
        with statements() as found:
            answer = client.post(place, {"emoji": "🎉"}, headers=FRAGMENT)
        assert answer.status_code == 200
        costs.append(len(found))
        unreact(message, ben, "🎉")
    assert costs[0] == costs[1] <= REACT


def test_an_edit_takes_no_more_in_a_longer_history_or_a_larger_room(
    room: Conversation, ben: User, cost: Callable[..., int], browser: Callable[[User], Client]
) -> None:
    message = post(room, ben, "first")
    costs = []
    for number in range(1, 22):
        with statements() as found:
            answer = browser(ben).post(
                reverse("message_edit", args=[message.pk]),
                {"content": f"text {number}", "revision": number - 1},
            )
        assert answer.status_code == 302
        costs.append(len(found))
        if number == 10:
            add_members(room, 500)
    assert len(set(costs)) == 1
