"""Whichever way a person is deleted: what goes, and what stays."""

from collections.abc import Callable, Iterator

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from messaging.models import (
    Conversation,
    Mention,
    Message,
    MessageHistory,
    Notification,
    ThreadedMessage,
    User,
)
from messaging.models.messages.saving import post
from messaging.models.rooms.members import leave
from tests.contract.words import PLANTED, words_of_others


def on_the_admin_page(client: Client, user: User) -> None:
    address = reverse("admin:messaging_user_delete", args=[user.pk])
    assert client.get(address).status_code == 200
    assert User.objects.filter(pk=user.pk).exists()
    assert client.post(address, {"post": "yes"}).status_code == 302


def by_the_admin_action(client: Client, user: User) -> None:
    address = reverse("admin:messaging_user_changelist")
    chosen = {"action": "delete_selected", "_selected_action": [user.pk]}
    assert client.post(address, chosen).status_code == 200
    assert User.objects.filter(pk=user.pk).exists()
    assert client.post(address, chosen | {"post": "yes"}).status_code == 302


def on_their_own_page(client: Client, user: User) -> None:
    own = Client()
    user.set_password("a long password")
    user.save()
    own.force_login(user)
    address = reverse("account_delete")
    assert own.post(address, {"password": "another"}).status_code == 422
    answer = own.post(address, {"password": "a long password"}, follow=True)
    assert "Your account was deleted" in answer.content.decode()


WAYS: dict[str, Callable[[Client, User], object]] = {
    "user.delete()": lambda client, user: user.delete(),
    "QuerySet.delete()": lambda client, user: User.objects.filter(pk=user.pk).delete(),
    "erase()": lambda client, user: user.delete(),
    "their own page": on_their_own_page,
    "the admin's page": on_the_admin_page,
    "the admin's action": by_the_admin_action,
}


@pytest.fixture(params=WAYS.values(), ids=list(WAYS))
def deleted(request: pytest.FixtureRequest, admin: Client) -> Callable[[User], None]:
    """Deletes a person, each time in another way."""

    def deleted(user: User) -> None:
        pk = user.pk
        request.param(admin, user)
        assert not User.objects.filter(pk=pk).exists()

    return deleted


@pytest.fixture
def life(ada: User, ben: User, cleo: User, room: Conversation) -> dict[str, Message]:
    """Ada writes to ben and in the room, edits, answers and is answered; in all of it is the planted word."""
    direct = Message.objects.create(sender=ada, receiver=ben, content=PLANTED)
    Message.objects.create(sender=ben, receiver=ada, content=f"my {PLANTED}", parent_message=direct)
    direct.edit(f"no {PLANTED}")
    root = post(room, ada, f"Who has a {PLANTED}?")
    root.edit(f"Who has my {PLANTED}?")
    answer = post(room, ben, "Not me, @ada", parent=root)
    deeper = post(room, ada, f"The {PLANTED}, @ben!", parent=answer)
    return {
        "direct": direct,
        "root": root,
        "answer": answer,
        "deeper": deeper,
        "alone": post(room, ada, f"A {PLANTED} in the wind"),
        "bens": post(room, ben, "Look, **@ada**"),
        "apart": Message.objects.create(sender=cleo, receiver=ben, content="Have you heard?"),
    }


def everything_in_the_database() -> Iterator[str]:
    for model in apps.get_models():
        for row in model._base_manager.values_list():
            yield f"{model._meta.label} {row}"


def test_everything_of_theirs_goes(
    deleted: Callable[[User], None], ada: User, life: dict[str, Message]
) -> None:
    ada_id, direct = ada.pk, life["direct"].conversation_id
    assert any(PLANTED in row for row in everything_in_the_database())
    deleted(ada)
    assert not Conversation.objects.filter(pk=direct).exists()
    assert not Message.objects.filter(conversation=direct).exists()
    assert not Message.objects.filter(sender=ada_id).exists()
    assert not Notification.objects.filter(user=ada_id).exists()
    assert not Mention.objects.filter(user=ada_id).exists()
    assert not MessageHistory.objects.exists()
    assert [row for row in everything_in_the_database() if PLANTED in row] == []


def test_other_peoples_words_stay_letter_for_letter(
    deleted: Callable[[User], None], ada: User, ben: User, room: Conversation, life: dict[str, Message]
) -> None:
    life["bens"].edit("Look here, **@ada**")
    ada_id, before = ada.pk, words_of_others(ada.pk)
    assert len(before) == 3
    deleted(ada)
    assert words_of_others(ada_id) == before
    kept = Message.objects.get(pk=life["bens"].pk)
    assert kept.content == "Look here, **@ada**"
    assert kept.content_html == "<p>Look here, <strong>@ada</strong></p>"
    assert kept.history.get().edited_by == ben


def test_an_empty_anonymous_tombstone_keeps_the_place_of_what_was_answered(
    deleted: Callable[[User], None], ada: User, life: dict[str, Message]
) -> None:
    seq, stamp = life["root"].seq, life["root"].timestamp
    deleted(ada)
    tombstone = Message.objects.get(pk=life["root"].pk)
    assert (tombstone.sender, tombstone.content, tombstone.content_html) == (None, "", "")
    assert (tombstone.edited, tombstone.edited_at) == (False, None)
    assert (tombstone.seq, tombstone.timestamp) == (seq, stamp)
    assert tombstone.is_removed
    assert Message.objects.get(pk=life["answer"].pk).parent_message == tombstone
    assert not Message.objects.filter(pk__in=[life["alone"].pk, life["deeper"].pk]).exists()


def test_what_waited_for_them_alone_waits_no_longer(
    deleted: Callable[[User], None], ada: User, ben: User, cleo: User, room: Conversation
) -> None:
    message = post(room, ben, "Hello")
    Message.unread_messages.mark_as_read_for_user(cleo)
    assert Message.objects.get(pk=message.pk).read is False
    deleted(ada)
    assert Message.objects.get(pk=message.pk).read is True


def test_the_others_unread_stays_but_for_what_went(
    deleted: Callable[[User], None], ada: User, ben: User, life: dict[str, Message]
) -> None:
    assert Message.unread_messages.count_for_user(ben) == 5
    deleted(ada)
    assert list(Message.unread_messages.for_user(ben)) == [life["apart"]]


def test_below_ada_and_ada_the_words_of_ben_keep_the_place_of_the_root(
    deleted: Callable[[User], None], ada: User, ben: User, room: Conversation
) -> None:
    root = post(room, ada, "root")
    middle = post(room, ada, "middle", parent=root)
    words = post(room, ben, "words", parent=middle)
    leaf = post(room, ada, "leaf", parent=words)
    deleted(ada)
    thread = ThreadedMessage.get_message_thread(root.pk)
    assert [(one.pk, one.depth, one.content) for one in thread] == [
        (root.pk, 0, ""), (middle.pk, 1, ""), (words.pk, 2, "words"),
    ]  # fmt: skip
    assert not Message.objects.filter(pk=leaf.pk).exists()


def test_their_words_go_from_rooms_that_they_have_left(
    deleted: Callable[[User], None], ada: User, ben: User, room: Conversation
) -> None:
    answered, alone = post(room, ada, PLANTED), post(room, ada, PLANTED)
    post(room, ben, "I stay", parent=answered)
    leave(room, ada)
    deleted(ada)
    assert not Message.objects.filter(pk=alone.pk).exists()
    assert Message.objects.get(pk=answered.pk).sender is None
    assert [row for row in everything_in_the_database() if PLANTED in row] == []


def test_several_people_at_once(ada: User, ben: User, cleo: User, life: dict[str, Message]) -> None:
    User.objects.filter(username__in=["ada", "ben"]).delete()
    assert list(User.objects.values_list("username", flat=True)) == ["cleo"]
    assert not Message.objects.exists()


def test_a_staff_member_without_the_right_deletes_nobody(
    ada: User, ben: User, signed_in: Callable[[User], Client]
) -> None:
    User.objects.filter(pk=ben.pk).update(is_staff=True)
    address = reverse("admin:messaging_user_delete", args=[ada.pk])
    assert signed_in(ben).post(address, {"post": "yes"}).status_code == 403
    assert User.objects.filter(pk=ada.pk).exists()
