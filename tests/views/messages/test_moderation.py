"""What moderators may do with others' messages, and the rules of edits.

The time limit, the visibility of the history, and the removal of an earlier text.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from messaging.models import AuditEntry, Conversation, Installation, Membership, Message, User
from messaging.models.messages.saving import post
from messaging.models.rooms.members import add
from tests.factories import UserFactory
from tests.views.page import FRAGMENT, Page

pytestmark = [pytest.mark.django_db, pytest.mark.backends]


def place(name: str, *args: int) -> str:
    return reverse(name, args=args)


def set_site_settings(**settings: object) -> None:
    Installation.objects.current()
    Installation.objects.update(**settings)


@pytest.fixture
def moderator(room: Conversation) -> User:
    mo = UserFactory.create(username="mo")
    add(room, mo, role=Membership.Role.MODERATOR)
    return mo


@pytest.fixture
def as_mo(moderator: User, browser: Callable[..., Client]) -> Client:
    return browser(moderator)


def test_a_moderator_removes_a_message_and_says_why(
    as_mo: Client, as_ben: Client, message: Message, room: Conversation, moderator: User, ada: User
) -> None:
    remove = place("message_remove", message.pk)
    assert remove in Page(as_mo.get(place("message_menu", message.pk))).links
    assert remove not in Page(as_ben.get(place("message_menu", message.pk))).links
    without_reason = as_mo.post(remove, {"reason": "  "})
    assert without_reason.status_code == 422
    assert Page(without_reason).all("errors")
    assert as_mo.post(remove, {"reason": "Off topic"}).status_code == 302
    seen = as_ben.get(place("conversation", room.pk)).content.decode()
    assert "Removed by a moderator: Off topic" in seen
    assert "Land ho" not in seen
    [entry] = AuditEntry.objects.all()
    assert (entry.act, entry.actor, entry.person, entry.conversation) == (
        "removed_message",
        moderator,
        ada,
        room,
    )
    assert "Off topic" not in str(entry.details)


def test_the_reason_is_shown_as_it_was_typed_and_harmlessly(
    as_mo: Client, as_ben: Client, message: Message, room: Conversation
) -> None:
    as_mo.post(place("message_remove", message.pk), {"reason": "<b>no</b> & *stars*"})
    assert (
        "&lt;b&gt;no&lt;/b&gt; &amp; *stars*" in as_ben.get(place("conversation", room.pk)).content.decode()
    )


def test_removing_ones_own_message_needs_no_reason_and_is_not_logged(
    as_ada: Client, as_ben: Client, message: Message, room: Conversation
) -> None:
    assert as_ada.post(place("message_remove", message.pk), {"reason": "Of mine"}).status_code == 302
    seen = as_ben.get(place("conversation", room.pk)).content.decode()
    assert "Message removed" in seen
    assert "Of mine" not in seen
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("headers", [{}, FRAGMENT])
def test_removing_again_after_a_lost_answer_is_answered_as_the_first_time(
    as_ada: Client, as_mo: Client, as_ben: Client, message: Message, ada: User, headers: dict[str, str]
) -> None:
    remove, reason = place("message_remove", message.pk), {"reason": "Off topic"}
    first = as_ada.post(remove, headers=headers)
    version = Message.rows.get(pk=message.pk).version
    for again in (as_ada.post(remove, headers=headers), as_mo.post(remove, reason, headers=headers)):
        assert (again.status_code, again.content) == (first.status_code, first.content)
    assert as_ben.post(remove, reason, headers=headers).status_code == 404
    assert as_ada.get(remove, headers=headers).status_code == 404
    assert Message.rows.get(pk=message.pk).version == version
    assert not AuditEntry.objects.exists()


def test_former_moderator_removes_nothing(room: Conversation, message: Message, moderator: User) -> None:
    room.memberships.filter(user=moderator).update(role=Membership.Role.MEMBER)
    with pytest.raises(ValidationError) as refusal:
        message.remove(by=moderator, reason="Mine")
    assert refusal.value.code == "moderator"
    message.refresh_from_db()
    assert not message.is_removed


def test_a_site_administrator_moderates_where_they_are_a_member(
    message: Message, room: Conversation, browser: Callable[..., Client]
) -> None:
    olga = UserFactory.create(role=User.Role.OWNER)
    assert browser(olga).post(place("message_remove", message.pk), {"reason": "No"}).status_code == 404
    add(room, olga)
    assert browser(olga).post(place("message_remove", message.pk), {"reason": "No"}).status_code == 302


def test_nobody_moderates_a_group_or_a_direct_conversation(ada: User, ben: User, as_ben: Client) -> None:
    group = Conversation.objects.create_group(ada, [ben])
    for where in (group, Conversation.objects.direct(ada, ben)):
        message = post(where, ada, "Mine")
        assert as_ben.post(place("message_remove", message.pk), {"reason": "No"}).status_code == 404


def test_deleting_a_moderator_deletes_their_reasons(
    message: Message, room: Conversation, moderator: User, as_ben: Client
) -> None:
    message.remove(by=moderator, reason="planted")
    before = Conversation.objects.get(pk=room.pk).version
    moderator.delete()
    assert "planted" not in as_ben.get(place("conversation", room.pk)).content.decode()
    assert Message.rows.get(pk=message.pk).removal_reason == ""
    assert Conversation.objects.get(pk=room.pk).version > before


def test_after_the_time_limit_nothing_is_edited_and_the_text_is_kept(
    as_ada: Client, message: Message, room: Conversation
) -> None:
    edit = place("message_edit", message.pk)
    set_site_settings(edit_minutes=5)
    assert as_ada.post(edit, {"content": "In time", "revision": 0}).status_code == 302
    with time_machine.travel(timezone.now() + timedelta(minutes=6), tick=False):
        shown = Page(as_ada.get(edit, headers=FRAGMENT))
        assert "This message can no longer be edited" in shown.html
        assert edit not in Page(as_ada.get(place("message_menu", message.pk))).links
        late = as_ada.post(edit, {"content": "Too late", "revision": 1})
    assert late.status_code == 422
    assert "can no longer be edited" in late.content.decode()
    message.refresh_from_db()
    assert message.content == "In time"
    set_site_settings(edit_minutes=None)
    assert as_ada.post(edit, {"content": "Later", "revision": 1}).status_code == 302


def test_histories_can_be_only_for_authors_and_moderators(
    as_ada: Client, as_ben: Client, as_mo: Client, message: Message
) -> None:
    message.edit("Sea ho")
    history = place("message_history", message.pk)
    for client in (as_ada, as_ben, as_mo):
        assert "Land" in client.get(history).content.decode()
    set_site_settings(history_readers="moderators")
    for client, sees in ((as_ada, True), (as_ben, False), (as_mo, True)):
        assert ("Land" in client.get(history).content.decode()) is sees
        assert ("Land" in client.get(history, headers=FRAGMENT).content.decode()) is sees
    assert "Only the author and" in as_ben.get(history).content.decode()


@pytest.mark.parametrize("who", ["author", "moderator"])
def test_an_earlier_text_is_removed_and_a_mark_stays(
    as_ada: Client, as_ben: Client, as_mo: Client, message: Message, who: str
) -> None:
    for text in ("password: hunter2", "A calm sea", "A rough sea"):
        message.edit(text)
    client = as_ada if who == "author" else as_mo
    remove = place("message_text_remove", message.pk, 2)
    assert remove in Page(client.get(place("message_history", message.pk))).links
    assert remove not in Page(as_ben.get(place("message_history", message.pk))).links
    assert "hunter2" in client.get(remove).content.decode()
    assert client.post(remove).status_code == 302
    for reader in (as_ada, as_ben, as_mo):
        html = reader.get(place("message_history", message.pk)).content.decode()
        assert "hunter2" not in html
        assert html.count("This version was removed.") == 1
        assert "A calm sea" in html
    assert not message.history.filter(old_content__contains="hunter2").exists()
    assert client.post(remove).status_code == 404
    assert list(AuditEntry.objects.values_list("act", flat=True)) == ["removed_text"] * (who == "moderator")
    # Its number stays taken: the next edit is another one.
    message.refresh_from_db()
    message.edit("A flat sea")
    assert [row.number for row in message.history.order_by("number")] == [1, 2, 3, 4]


def test_the_diff_after_a_removed_text_reveals_nothing(as_ben: Client, message: Message, ada: User) -> None:
    message.edit("secret word in a calm sea")
    message.edit("a calm sea")
    message.remove_text(2, by=ada)
    page = Page(as_ben.get(place("message_history", message.pk)))
    assert not [one for one in page.elements if one.tag in ("ins", "del")]
    assert "secret" not in page.html


def test_an_earlier_text_is_restored_by_an_edit_like_any_other(as_ada: Client, message: Message) -> None:
    message.edit("Sea ho")
    restore = place("message_edit", message.pk) + "?restore=1"
    assert restore in Page(as_ada.get(place("message_history", message.pk))).links
    page = Page(as_ada.get(restore))
    assert page.field_value() == "Land ho"
    assert (
        as_ada.post(
            restore, {"content": page.field_value(), "revision": page.field_value("revision")}
        ).status_code
        == 302
    )
    message.refresh_from_db()
    assert (message.content, message.history.count()) == ("Land ho", 2)
    for number in ("7", "0", "-1", "x", "9" * 40):
        answer = as_ada.get(f"{place('message_edit', message.pk)}?restore={number}")
        assert (answer.status_code, Page(answer).field_value()) == (200, "Land ho")


def test_only_the_author_and_moderators_remove_a_text(as_ben: Client, message: Message, ben: User) -> None:
    message.edit("Sea ho")
    assert as_ben.post(place("message_text_remove", message.pk, 1)).status_code == 404
    with pytest.raises(ValidationError):
        message.remove_text(1, by=ben)
    assert message.history.get(number=1).old_content == "Land ho"
