"""Ticks of task lists: beside the text, kept through edits, and nothing is left of them."""

from collections.abc import Callable
from typing import Any, cast

import pytest
from django.core.exceptions import ValidationError

from messaging.models import Conversation, Message, Notification, Tick, User
from messaging.models.accounts.personal_data import own_messages, parts_of, what_is_deleted
from messaging.models.messages.rerendering import rerender_batch
from messaging.models.messages.saving import post
from messaging.models.messages.ticking import let_all_tick, tick, untick
from messaging.models.rooms.members import leave
from messaging.models.rooms.settings import archive
from messaging.text.tasks import tasks_in

pytestmark = [pytest.mark.django_db, pytest.mark.backends]
TEXT = "To buy:\n- [ ] milk\n- [x] bread\n- [ ] tea"


@pytest.fixture
def shared(room: Conversation, ada: User) -> Message:
    """A list of Ada's that everybody can tick."""
    return let_all_tick(post(room, ada, TEXT), ada, all_may=True)


def stored(message: Message) -> Message:
    return Message.rows.select_related("conversation").get(pk=message.pk)


def key(message: Message, text: str) -> str:
    return next(task.key for task in tasks_in(stored(message).content_html) if task.text == text)


def done(message: Message) -> list[str]:
    return [task.text for task in tasks_in(stored(message).content_html) if task.is_done]


def test_a_tick_changes_the_box_and_neither_the_text_nor_its_history(shared: Message, ben: User) -> None:
    before = stored(shared)
    for _ in range(2):  # pressed twice, it is one change, and who did it first stays
        changed = tick(shared, ben, key(shared, "milk"))
        assert changed.version == before.conversation.version + 1
    assert done(shared) == ["milk", "bread"]
    after = stored(shared)
    assert (after.content, after.edited, after.history.count()) == (TEXT, False, 0)
    assert [(one.item, one.is_done, one.user) for one in Tick.objects.all()] == [(0, True, ben)]


def test_unticking_leads_back_to_what_was_typed(shared: Message, ada: User, ben: User) -> None:
    untick(shared, ben, key(shared, "bread"))
    assert [(one.item, one.is_done, one.user) for one in Tick.objects.all()] == [(1, False, ben)]
    tick(shared, ada, key(shared, "bread"))
    assert not Tick.objects.exists()
    assert stored(shared).content_html == post(shared.conversation, ada, TEXT).content_html


def test_only_the_author_ticks_unless_they_let_everybody(room: Conversation, ada: User, ben: User) -> None:
    message = post(room, ada, TEXT)
    acts = [
        lambda: tick(message, ben, key(message, "milk")),
        lambda: untick(message, ben, key(message, "bread")),
        lambda: let_all_tick(message, ben, all_may=True),
    ]
    for act in acts:
        with pytest.raises(ValidationError, match="Only the author"):
            act()
    tick(message, ada, key(message, "milk"))
    let_all_tick(message, ada, all_may=True)
    tick(message, ben, key(message, "tea"))
    version = stored(message).version
    assert let_all_tick(message, ada, all_may=True).version == version  # it is so already
    let_all_tick(message, ada, all_may=False)
    with pytest.raises(ValidationError):
        untick(message, ben, key(message, "tea"))
    assert done(message) == ["milk", "bread", "tea"]


def test_a_key_of_an_earlier_text_ticks_nothing(shared: Message, ben: User) -> None:
    old = key(shared, "milk")
    shared.edit("- [ ] oat milk\n- [ ] milk")
    for wrong in (old, "", "0", "9-00000000"):
        with pytest.raises(ValidationError, match="was changed"):
            tick(shared, ben, wrong)
    assert not done(shared)


def test_an_edit_keeps_the_ticks_of_tasks_that_it_leaves_as_they_were(shared: Message, ben: User) -> None:
    for text in ("milk", "tea"):
        tick(shared, ben, key(shared, text))
    untick(shared, ben, key(shared, "bread"))
    shared.edit("- [ ] eggs\n- [ ] milk\n- [x] bread\n- [ ] green tea")
    assert done(shared) == ["milk"]
    assert [(one.item, one.is_done, one.user) for one in Tick.objects.order_by("item")] == [
        (1, True, ben),
        (2, False, ben),
    ]
    shared.edit("- [x] milk")  # the author has typed now what Ben ticked
    assert done(shared) == ["milk"]
    assert not Tick.objects.exists()
    shared.edit("No list any more")
    assert done(shared) == []


def test_a_text_that_is_rendered_again_keeps_its_ticks(shared: Message, ben: User) -> None:
    tick(shared, ben, key(shared, "milk"))
    before = stored(shared).content_html
    Message.rows.filter(pk=shared.pk).update(renderer_version=0, content_html="")
    assert rerender_batch() == 1
    Message.rows.filter(pk=shared.pk).update(renderer_version=0)
    assert rerender_batch() == 1
    assert stored(shared).content_html == before


REFUSALS: dict[str, Callable[[Message, User, User], Any]] = {
    "removed": lambda message, ada, ben: message.remove(by=ada),
    "archived": lambda message, ada, ben: archive(message.conversation, by=ada),
    "editor": lambda message, ada, ben: leave(message.conversation, ben),
}


@pytest.mark.parametrize("code", REFUSALS)
def test_it_is_refused_under_the_lock(shared: Message, ada: User, ben: User, code: str) -> None:
    stale, milk = stored(shared), key(shared, "milk")
    REFUSALS[code](shared, ada, ben)
    before = stored(shared)
    with pytest.raises(ValidationError) as refused:
        tick(stale, ben, milk)
    assert refused.value.code == code
    assert (stored(shared).version, stored(shared).content_html) == (before.version, before.content_html)
    assert not Tick.objects.exists()


def test_nothing_becomes_unread_by_a_tick(shared: Message, ben: User) -> None:
    before = list(Notification.objects.order_by("pk").values_list("pk", "user", "read_at"))
    tick(shared, ben, key(shared, "milk"))
    assert list(Notification.objects.order_by("pk").values_list("pk", "user", "read_at")) == before


def test_a_removed_message_loses_its_ticks(shared: Message, ada: User, ben: User) -> None:
    tick(shared, ben, key(shared, "milk"))
    assert what_is_deleted([ada.pk])["ticks"] == 1
    shared.remove(by=ada)
    assert not Tick.objects.exists()
    assert not stored(shared).is_ticked_by_all


def test_what_a_deleted_person_ticked_stays_done_and_is_nobodys(shared: Message, ben: User) -> None:
    tick(shared, ben, key(shared, "milk"))
    [of_ben] = cast(list[dict[str, object]], parts_of(ben)["ticks"])
    assert (of_ben["message"], of_ben["task"], of_ben["done"]) == (shared.pk, 1, True)
    before = stored(shared).version
    ben.delete()
    assert done(shared) == ["milk", "bread"]
    assert [one.user for one in Tick.objects.all()] == [None]
    assert stored(shared).version > before


def test_the_author_exports_what_is_done_and_not_who_did_it(shared: Message, ada: User, ben: User) -> None:
    tick(shared, ben, key(shared, "milk"))
    [line] = own_messages(ada)
    assert '"tasks": [{"text": "milk", "done": true}, {"text": "bread", "done": true}' in line
    assert "ben" not in line
