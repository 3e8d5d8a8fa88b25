"""Reactions: set and unset under the lock, counted without skin tones, and nothing is left of them."""

from collections.abc import Callable
from itertools import islice
from typing import Any, cast

import pytest
from django.core.exceptions import ValidationError

from messaging.models import Conversation, Message, Notification, Reaction, User
from messaging.models.accounts.personal_data import own_messages, parts_of, what_is_deleted
from messaging.models.messages.reacting import MOST_KINDS, react, unreact
from messaging.models.messages.reaction_summaries import reaction_summaries, used_last
from messaging.models.messages.saving import post
from messaging.models.rooms.members import leave
from messaging.models.rooms.settings import archive
from messaging.text.emoji_choice import every_emoji

pytestmark = [pytest.mark.django_db, pytest.mark.backends]


@pytest.fixture
def message(room: Conversation, ada: User) -> Message:
    return post(room, ada, "Land ho")


def shown(message: Message) -> dict[str, list[str]]:
    summaries = reaction_summaries([message.pk]).get(message.pk, [])
    return {one.shown: [person.username for person in one.people] for one in summaries}


def version_of(message: Message) -> tuple[int, int]:
    found = Message.rows.select_related("conversation").get(pk=message.pk)
    return found.conversation.version, found.version


def test_a_reaction_moves_the_version_of_its_message_and_setting_it_again_does_not(
    message: Message, ben: User
) -> None:
    before = version_of(message)
    changed = react(message, ben, "🎉")
    assert version_of(message) == (before[0] + 1, before[0] + 1)
    assert changed.version == before[0] + 1
    assert react(message, ben, ":tada:").version == changed.version
    assert version_of(message) == (before[0] + 1, before[0] + 1)
    assert shown(message) == {"🎉": ["ben"]}


def test_taking_it_back_moves_the_version_once(message: Message, ben: User, cleo: User) -> None:
    for user in (ben, cleo):
        react(message, user, "🎉")
    before = version_of(message)
    assert unreact(message, ben, "🎉").version == before[0] + 1
    assert unreact(message, ben, "🎉").version == before[0] + 1
    assert version_of(message) == (before[0] + 1, before[0] + 1)
    assert shown(message) == {"🎉": ["cleo"]}


def test_skin_tones_are_kept_and_counted_as_one(message: Message, ada: User, ben: User) -> None:
    react(message, ben, "👍🏽")
    assert shown(message) == {"👍🏽": ["ben"]}
    react(message, ada, "👍", tone="🏿")
    assert shown(message) == {"👍": ["ben", "ada"]}
    before = version_of(message)
    react(message, ben, "👍🏿")  # another tone is a change, but no second reaction
    assert version_of(message)[0] == before[0] + 1
    assert shown(message) == {"👍🏿": ["ben", "ada"]}
    unreact(message, ben, "👍")
    assert list(Reaction.objects.values_list("emoji", "chosen")) == [("👍", "👍🏿")]


@pytest.mark.parametrize("emoji", ["", "x", ":nothing:", "👍👍", "🏽", "<b>", "a" * 5_000, "\x00"])
def test_what_is_no_emoji_of_the_table_is_refused(message: Message, ben: User, emoji: str) -> None:
    before = version_of(message)
    for act in (react, unreact):
        with pytest.raises(ValidationError, match="no such emoji"):
            act(message, ben, emoji)
    assert version_of(message) == before


REFUSALS: dict[str, Callable[[Message, User, User], Any]] = {
    "removed": lambda message, ada, ben: message.remove(by=ada),
    "archived": lambda message, ada, ben: archive(message.conversation, by=ada),
    "editor": lambda message, ada, ben: leave(message.conversation, ben),
}


@pytest.mark.parametrize("code", REFUSALS)
@pytest.mark.parametrize("act", [react, unreact])
def test_it_is_refused_under_the_lock(
    message: Message, ada: User, ben: User, code: str, act: Callable[..., Message]
) -> None:
    """The message was read before something changed, as in a request that comes late."""
    react(message, ben, "👀")
    stale = Message.rows.select_related("conversation").get(pk=message.pk)
    REFUSALS[code](message, ada, ben)
    before, rows = version_of(message), list(Reaction.objects.values_list("pk", flat=True))
    with pytest.raises(ValidationError) as refused:
        act(stale, ben, "👀" if act is unreact else "🎉")
    assert refused.value.code == code
    assert version_of(message) == before
    assert list(Reaction.objects.values_list("pk", flat=True)) == rows


def test_a_late_instance_does_not_bring_an_old_text_back(message: Message, ada: User, ben: User) -> None:
    stale = Message.rows.select_related("conversation").get(pk=message.pk)
    message.edit("Land!", by=ada)
    changed = react(stale, ben, "🎉")
    assert (changed.content, changed.edited) == ("Land!", True)


def test_a_message_has_a_number_of_kinds_and_everybody_can_join_them(
    message: Message, ada: User, ben: User
) -> None:
    kinds = list(islice(every_emoji(), MOST_KINDS + 1))
    for emoji in kinds[:-1]:
        react(message, ben, emoji)
    with pytest.raises(ValidationError, match=f"{MOST_KINDS} different emoji"):
        react(message, ada, kinds[-1])
    react(message, ada, kinds[0])
    unreact(message, ben, kinds[1])
    react(message, ada, kinds[-1])
    assert len(shown(message)) == MOST_KINDS


def test_nothing_becomes_unread_by_it(message: Message, ada: User, ben: User) -> None:
    Message.unread_messages.mark_as_read_for_user(ben)
    before = list(Notification.objects.order_by("pk").values_list("pk", "user", "read_at"))
    ada_before = User.objects.get(pk=ada.pk).version
    last = Conversation.objects.get(pk=message.conversation_id).last_message_at
    react(message, ben, "🎉")
    unreact(message, ben, "🎉")
    assert list(Notification.objects.order_by("pk").values_list("pk", "user", "read_at")) == before
    assert User.objects.get(pk=ada.pk).version == ada_before
    assert Conversation.objects.get(pk=message.conversation_id).last_message_at == last


def test_a_removed_message_loses_its_reactions(message: Message, ada: User, ben: User) -> None:
    react(message, ben, "🎉")
    message.remove(by=ada)
    assert not Reaction.objects.exists()


def test_deleting_a_person_takes_their_reactions_and_changes_the_messages(
    message: Message, room: Conversation, ada: User, ben: User, cleo: User
) -> None:
    other = post(room, ada, "Another")
    for one in (message, other):
        react(one, ben, "🎉")
    react(message, cleo, "🎉")
    assert what_is_deleted([ben.pk])["reactions"] == 2
    before = version_of(other)
    ben.delete()
    assert shown(message) == {"🎉": ["cleo"]}
    assert shown(other) == {}
    assert version_of(other)[1] > before[1]


def test_the_export_has_ones_own_reactions_and_the_number_of_others(
    message: Message, ada: User, ben: User, cleo: User
) -> None:
    react(message, ben, "👍🏽")
    react(message, cleo, "👍")
    react(message, cleo, "🎉")
    [of_ben] = cast(list[dict[str, object]], parts_of(ben)["reactions"])
    assert (of_ben["message"], of_ben["emoji"]) == (message.pk, "👍🏽")
    [line] = own_messages(ada)
    assert '"reactions": {"👍": 2, "🎉": 1}' in line
    assert "cleo" not in line


def test_the_emoji_that_were_used_last_come_first_and_once(message: Message, ben: User) -> None:
    for emoji in ("🎉", "👍🏽", "👀"):
        react(message, ben, emoji)
    react(post(message.conversation, ben, "More"), ben, "🎉")
    assert used_last(ben) == ["🎉", "👀", "👍"]
