"""Each kind of answer arrives after each kind of event.

At the end the page shows what is stored, and at no moment does a part of it go back.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from e2e.late.answers import ANSWERS, Answer
from e2e.late.events import EVENTS, happen
from e2e.late.holding import hold
from e2e.late.law import expect_nothing_went_back
from e2e.late.planting import plant
from e2e.late.scene import Scene, build
from e2e.late.stored import expect_as_stored
from messaging.models import Conversation, User

# All events of a group happen while the same answer is held back. Each changes a different part of the page,
# and no later event corrects what the answer does. The second group makes the page load its list again.
GROUPS = [
    ["read elsewhere", "a new message", "a reply", "an edit", "a room renamed", "a removal by a moderator"],
    ["a reset", "people renamed", "archived"],
]


def play(scene: Scene, answer: Answer, names: list[str]) -> None:
    scene.set_stage()
    act = answer.prepare(scene)
    with hold(scene.page, answer.path, answer.method) as held:
        act()
        held.wait()
        answer.follow(scene)
        for name in names:
            happen(scene, EVENTS[name], answer.waits_for)
        held.settle()
    expect_nothing_went_back(scene.page)
    expect_as_stored(scene)
    expect_nothing_went_back(scene.page)
    for name in names:
        EVENTS[name].undo(scene)
    scene.page.keyboard.press("Escape")


@pytest.mark.parametrize("name", ANSWERS)
def test_a_late_answer_takes_nothing_back(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, name: str
) -> None:
    scene = build(open_page(ada), ada, ben, room)
    for names in GROUPS:
        play(scene, ANSWERS[name], names)


def test_every_event_has_its_place() -> None:
    assert sorted(name for names in GROUPS for name in names) == sorted(EVENTS)


# Of the script: the right part and the wrong one; then the answer and the group of events that show it.
FAULTS = {
    "messages are not compared": (
        '".message[data-version], [data-as-of]"',
        '"[data-as-of]"',
        "an edit",
        ["a removal by a moderator"],
    ),
    "names are not compared": ('["version","names"]', '["version"]', "sending", ["people renamed"]),
    "other parts are not compared": (
        '".message[data-version], [data-as-of]"',
        '".message[data-version]"',
        "marking as read",
        ["a room renamed"],
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_planted_faults_are_found(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, fault: str
) -> None:
    right, wrong, answer, names = FAULTS[fault]
    page = open_page(ada)
    plant(page, right, wrong)
    scene = build(page, ada, ben, room)
    with pytest.raises(AssertionError, match="It went back"):
        play(scene, ANSWERS[answer], names)
