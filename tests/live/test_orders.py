"""No order of awaits loses a change, shows one to somebody who has left, or ends a stream wrongly."""

import pytest

from messaging.live.feed import Feed
from messaging.live.hub import Hub
from tests.live.orders.choices import every_order, seeded_orders
from tests.live.orders.planting import plant
from tests.live.orders.scenes import SCENES, first_fault

RUNS = 50
SMALL = [name for name, scene in SCENES.items() if scene.is_small]  # all orders take a second or two

# What was wrong once: the scene, the method, its right part and the wrong one.
FAULTS = {
    "a stream that joins is marked without having been sent what was not read": (
        "somebody leaves and somebody writes",
        Feed,
        "_advance",
        "if changes.versions.version > self.version:",
        "if changes.versions.version > self.version and self.connections:",
    ),
    "a rename does not make an admission stale": (
        "a person is renamed",
        Hub,
        "is_stale",
        "ours > theirs",
        "ours.sessions_version > theirs.sessions_version",
    ),
    "a stream that joins while sessions are checked is not checked": (
        "the newcomer is signed out",
        Hub,
        "_check_sessions",
        "self._newest_site = site",
        "pass",
    ),
    "a stream that joins while members are checked is ended with those of before": (
        "the newcomer is removed and added again",
        Feed,
        "_drop_former_members",
        "for connection in connections:",
        "for connection in list(self.connections):",
    ),
    "members are checked after the changes were written": (
        "the newcomer is removed",
        Feed,
        "_drop_former_members",
        "await read(members_among, self._conversation_id, user_ids)",
        "user_ids",
    ),
    "a stream that joins does not get what was sent while it was let in": (
        "somebody writes",
        Feed,
        "join",
        "+ self._recent.since(version)",
        "",
    ),
    "a check that ends after the last stream leaves versions behind": (
        "everybody is signed out while somebody writes",
        Hub,
        "_check_sessions",
        "if not self.connections:",
        "if False:",
    ),
    "an inbox compares no names": (
        "a person is renamed, an inbox opens",
        Hub,
        "_set_site",
        "self.people.names = site.names",
        "pass",
    ),
}


@pytest.mark.parametrize("name", SCENES)
def test_no_seeded_order_breaks_a_law(name: str) -> None:
    assert first_fault(SCENES[name], seeded_orders(RUNS), in_detail=True) == []


@pytest.mark.parametrize("name", SMALL)
def test_no_order_at_all_breaks_a_law(name: str) -> None:
    assert first_fault(SCENES[name], every_order()) == []


@pytest.mark.parametrize("fault", FAULTS)
def test_planted_faults_are_found(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    name, owner, method, right, wrong = FAULTS[fault]
    plant(monkeypatch, owner, method, right, wrong)
    scene = SCENES[name]
    assert first_fault(scene, seeded_orders(RUNS), in_detail=True) or first_fault(scene, every_order())


def test_a_fault_is_not_planted_where_its_target_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(AssertionError, match="does not contain"):
        plant(monkeypatch, Feed, "_advance", "what is not there", "")
