"""Older and newer messages, and other blocks of a thread, that arrive after something has happened.

Each message stands once, in its place, as it is now.
"""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from e2e.browser_state import unfocus, until
from e2e.chat import Chat, address_of
from e2e.late.events import EVENTS, happen
from e2e.late.holding import hold
from e2e.late.law import expect_nothing_went_back, streamed, watch
from e2e.late.scene import Scene
from e2e.late.stored import difference
from messaging.models import Conversation, Membership, Message, ThreadedMessage, User
from messaging.models.messages.saving import post
from messaging.models.rooms.members import add, change_role
from messaging.views.messages import threads

GROUPS = [
    ["a new message", "an edit", "a removal by a moderator", "a room renamed"],
    ["people renamed"],
    ["a reset"],
]
LISTS = {"Older messages": (60, "?before=*"), "Newer messages": (20, "?after=*")}


def scene_of(page: Page, ada: User, ben: User, room: Conversation, waves: list[Message]) -> Scene:
    """Ben edits, removes and deletes some of these messages."""
    change_role(room, ben, Membership.Role.MODERATOR, by=ada)
    other = Conversation.objects.create_room("lighthouse", by=ada)
    add(other, ben)
    unfocus(page)
    watch(page)
    edited, deleted, removed = waves[2], waves[3], waves[4]
    return Scene(Chat(page), ada, ben, room, other, waves[0], edited, deleted, lambda: removed)


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("names", GROUPS, ids=lambda names: names[0])
def test_late_messages_are_in_their_place(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, name: str, names: list[str]
) -> None:
    waves = [post(room, ada if number % 2 else ben, f"Wave {number}") for number in range(80)]
    around, path = LISTS[name]
    loaded = waves[30:40] if name == "Older messages" else waves[45:55]
    scene = scene_of(open_page(ada), ada, ben, room, loaded)
    with hold(scene.page, path) as held:
        scene.chat.listen(f"{address_of(room)}?around={waves[around].seq}")
        if name == "Older messages":  # the others are loaded at once, since that end is in sight
            scene.chat.load_more(name)
        held.wait()
        for event in names:
            happen(scene, EVENTS[event], "streamed")
        held.settle()
    until(scene.page, lambda: not difference(scene).keys() & {"timeline", "heading", "sidebar"})
    expect_nothing_went_back(scene.page)


def test_older_messages_leave_no_gap_if_the_page_shows_another_part_meanwhile(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation
) -> None:
    waves = [post(room, ada, f"Wave {number}") for number in range(100)]
    scene = scene_of(open_page(ada), ada, ben, room, waves[90:])
    scene.chat.listen(address_of(room))
    with hold(scene.page, "?before=*") as held:
        scene.chat.load_more("Older messages")
        held.wait()
        happen(scene, EVENTS["a reset"], "streamed")
        held.settle()
    until(scene.page, lambda: "timeline" not in difference(scene))


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "REPLIES_SHOWN", 5)


def thread_of(page: Page) -> list[list[int]]:
    """The messages that a thread shows, with their versions."""
    rows: list[list[int]] = page.evaluate(
        "() => [...document.querySelectorAll('.replies > .row')].map((row) =>"
        " [Number(row.id.slice(2)), Number(row.querySelector('.message').dataset.version)])"
    )
    return rows


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize("block", ["Earlier replies", "Later replies"])
@pytest.mark.parametrize("names", GROUPS, ids=lambda names: names[0])
def test_a_late_block_of_a_thread_is_in_its_place(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, block: str, names: list[str]
) -> None:
    root = post(room, ben, "Who has the key?")
    replies = [post(room, ada, f"Reply {number}", Message.objects.get(pk=root.pk)) for number in range(12)]
    scene = scene_of(
        open_page(ada), ada, ben, room, replies[2:] if block == "Earlier replies" else replies[5:]
    )
    scene.chat.listen(
        f"{reverse('thread', args=[root.pk])}?at={replies[7 if block == 'Earlier replies' else 2].pk}"
    )
    link = scene.page.get_by_role("link", name=block)
    with hold(
        scene.page, "/replies/?block=[02]" if block == "Earlier replies" else "/replies/?block=1"
    ) as held:
        link.click()
        link.click()  # impatience
        held.wait()
        before = streamed(scene.page, f"thread-{root.pk}")
        for event in names:
            happen(scene, EVENTS[event], "nothing")
        until(
            scene.page,
            lambda: streamed(scene.page, f"thread-{root.pk}") > before or streamed(scene.page, "reset"),
        )
        held.settle()

    def is_right() -> bool:
        nodes = [node.pk for node in ThreadedMessage.outline(Message.rows.get(pk=root.pk))]
        versions = dict(Message.rows.filter(pk__in=nodes).values_list("pk", "version"))
        shown = thread_of(scene.page)
        start = nodes.index(shown[0][0])
        return len(shown) == 10 and shown == [[pk, versions[pk]] for pk in nodes[start : start + 10]]

    until(scene.page, is_right)
    expect_nothing_went_back(scene.page)
