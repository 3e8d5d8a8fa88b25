"""Custom emoji: their names, what messages and reactions show of them, and what stays when one is retired."""

import json

import pytest
from django.core.exceptions import ValidationError

from messaging.archive.exporting import archive_lines
from messaging.models import AuditEntry, Conversation, CustomEmoji, Message, Reaction, User
from messaging.models.accounts.personal_data import parts_of
from messaging.models.messages import managing_emoji, rerendering
from messaging.models.messages.managing_emoji import bring_back_emoji, retire_emoji
from messaging.models.messages.reacting import react, unreact
from messaging.models.messages.reaction_summaries import reaction_summaries
from messaging.models.messages.rerendering import rerender_batch
from messaging.models.messages.saving import post
from messaging.models.search.query import parse
from messaging.models.search.searching import search
from tests.archive.lines_of import import_lines, line
from tests.factories import UserFactory, custom_emoji
from tests.queue import run_tasks

pytestmark = [pytest.mark.django_db, pytest.mark.backends]


@pytest.fixture
def olga() -> User:
    return UserFactory.create(username="olga", role=User.Role.OWNER)


@pytest.fixture
def ferry(olga: User) -> CustomEmoji:
    return custom_emoji("old_ferry", "ferry", by=olga)


def shows(message: Message) -> bool:
    return "<img" in Message.objects.get(pk=message.pk).content_html


def versions(*messages: Message) -> list[int]:
    found = dict(Message.rows.values_list("pk", "version"))
    return [found[message.pk] for message in messages]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        *[("x", "name"), ("y" * 41, "name"), ("Ferry", "name"), ("_ferry", "name"), ("ferry_", "name")],
        *[("fährt", "name"), ("--", "name"), ("a b", "name"), ("", "name"), ("tada", "built_in")],
        *[("+1", "built_in"), ("old_ferry", "taken"), ("ferry", "taken")],
    ],
)
def test_a_name_that_is_none_or_taken_is_refused(
    ferry: CustomEmoji, olga: User, name: str, code: str
) -> None:
    for names in ([name], ["sloop", name]):
        with pytest.raises(ValidationError) as refused:
            custom_emoji(*names, by=olga)
        assert refused.value.code == code
    assert CustomEmoji.objects.get() == ferry
    assert custom_emoji("y" * 40, "c++", "1-2", by=olga).all_names == ["y" * 40, "1-2", "c++"]


def test_a_message_that_was_there_before_shows_it_too_and_others_do_not_change(
    ada: User, room: Conversation, olga: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rerendering, "WINDOW", 2)
    named, by_other_name = post(room, ada, "The :old_ferry:!"), post(room, ada, ":ferry: @ada")
    other, code = post(room, ada, "The old_ferry"), post(room, ada, "`:old_ferry:`")
    removed = post(room, ada, ":old_ferry:")
    removed.remove()
    before = versions(other, code, removed)
    emoji = custom_emoji("old_ferry", "ferry", by=olga)
    run_tasks()
    assert [shows(one) for one in (named, by_other_name, other, code, removed)] == [True, True, *[False] * 3]
    room.refresh_from_db()
    assert max(versions(named, by_other_name)) == room.version
    assert versions(other, code, removed) == before
    assert 'class="mention"' in Message.objects.get(pk=by_other_name.pk).content_html
    assert shows(post(room, ada, ":ferry:"))
    room.refresh_from_db()
    room_before = room.version
    retire_emoji(emoji, olga)
    emoji.refresh_from_db()
    bring_back_emoji(emoji, olga)
    run_tasks()
    room.refresh_from_db()
    assert room.version == room_before  # nothing is rendered twice


def test_what_has_a_retired_one_still_shows_it_but_it_cannot_be_typed_or_chosen(
    ada: User, ben: User, room: Conversation, ferry: CustomEmoji, olga: User
) -> None:
    message = post(room, ada, "The :old_ferry:")
    react(message, ben, ":ferry:")
    assert (Reaction.objects.get().emoji, Reaction.objects.get().chosen) == (":old_ferry:",) * 2
    before = versions(message)
    retire_emoji(ferry, olga)
    retire_emoji(ferry, olga)
    run_tasks()
    assert versions(message) == before
    later = post(room, ada, "Another :old_ferry:")
    assert not shows(later)
    message.edit("The :old_ferry: left")
    assert shows(message)
    Message.rows.update(renderer_version=0)
    while rerender_batch():
        pass
    assert (shows(message), shows(later)) == (True, False)
    (summary,) = reaction_summaries([message.pk])[message.pk]
    assert summary.picture == ferry.picture_name
    with pytest.raises(ValidationError):
        react(message, ada, ":old_ferry:")
    unreact(message, ben, ":old_ferry:")
    assert not Reaction.objects.exists()
    with pytest.raises(ValidationError, match="retired"):
        custom_emoji("ferry", by=olga)
    ferry.refresh_from_db()
    bring_back_emoji(ferry, olga)
    run_tasks()
    assert shows(later)
    react(message, ada, ":old_ferry:")
    acts = AuditEntry.objects.order_by("pk").values_list("act", "actor__username", "details")
    done = ["added_emoji", "retired_emoji", "brought_back_emoji"]
    assert list(acts) == [(act, "olga", {"name": ":old_ferry:"}) for act in done]


def test_there_is_a_limit_of_those_in_use(
    ferry: CustomEmoji, olga: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(managing_emoji, "MOST_EMOJI", 1)
    with pytest.raises(ValidationError, match="Retire one first"):
        custom_emoji("sloop", by=olga)
    retire_emoji(ferry, olga)
    custom_emoji("sloop", by=olga)
    with pytest.raises(ValidationError, match="Retire one first"):
        bring_back_emoji(ferry, olga)
    assert CustomEmoji.objects.all().in_use().get().name == "sloop"


def test_it_is_found_by_its_name_and_an_archive_has_it_as_it_was_typed(
    ada: User, room: Conversation, ferry: CustomEmoji
) -> None:
    message, other = post(room, ada, "Here comes :ferry:"), post(room, ada, "Here comes the sloop")
    react(other, ada, ":old_ferry:")
    for query, found in ((":ferry:", message), ("ferry", message), ("has:reaction", other)):
        assert search(ada, parse(query)).messages == [found]
    (exported, _) = map(json.loads, archive_lines([room]))
    assert exported["text"] == "Here comes :ferry:"
    import_lines([line(text=":ferry: ho")])
    assert shows(Message.objects.get(content=":ferry: ho"))


def test_it_stays_when_the_account_is_deleted_that_added_it(
    ada: User, room: Conversation, ferry: CustomEmoji, olga: User
) -> None:
    UserFactory.create(role=User.Role.OWNER)
    assert "'name': 'old_ferry'" in str(parts_of(olga)["custom_emoji"])
    message = post(room, ada, ":old_ferry:")
    olga.delete()
    ferry.refresh_from_db()
    assert ferry.added_by is None
    assert shows(message)
