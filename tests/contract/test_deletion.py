"""In whatever way a person is deleted: what is deleted, and what stays."""

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
    "their own page": on_their_own_page,
    "the admin's page": on_the_admin_page,
    "the admin's action": by_the_admin_action,
}


@pytest.fixture(params=WAYS.values(), ids=list(WAYS))
def delete(request: pytest.FixtureRequest, admin: Client) -> Callable[[User], None]:
    """A function that deletes a person in one of the WAYS."""

    def delete(user: User) -> None:
        pk = user.pk
        request.param(admin, user)
        assert not User.objects.filter(pk=pk).exists()

    return delete


@pytest.fixture
def adas_messages(ada: User, ben: User, cleo: User, room: Conversation) -> dict[str, Message]:
    """Ada writes to Ben and in the room, edits, replies and gets replies. Her texts contain PLANTED."""
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


def test_everything_of_theirs_is_deleted(
    delete: Callable[[User], None], ada: User, adas_messages: dict[str, Message]
) -> None:
    ada_id, direct = ada.pk, adas_messages["direct"].conversation_id
    assert any(PLANTED in row for row in everything_in_the_database())
    delete(ada)
    assert not Conversation.objects.filter(pk=direct).exists()
    assert not Message.objects.filter(conversation=direct).exists()
    assert not Message.objects.filter(sender=ada_id).exists()
    assert not Notification.objects.filter(user=ada_id).exists()
    assert not Mention.objects.filter(user=ada_id).exists()
    assert not MessageHistory.objects.exists()
    assert [row for row in everything_in_the_database() if PLANTED in row] == []


def test_other_peoples_messages_stay_unchanged(
    delete: Callable[[User], None],
    ada: User,
    ben: User,
    room: Conversation,
    adas_messages: dict[str, Message],
) -> None:
    adas_messages["bens"].edit("Look here, **@ada**")
    ada_id, before = ada.pk, words_of_others(ada.pk)
    assert len(before) == 3
    delete(ada)
    assert words_of_others(ada_id) == before
    kept = Message.objects.get(pk=adas_messages["bens"].pk)
    assert kept.content == "Look here, **@ada**"
    assert kept.content_html == "<p>Look here, <strong>@ada</strong></p>"
    assert kept.history.get().edited_by == ben


def test_a_message_with_replies_is_replaced_by_an_empty_anonymous_tombstone(
    delete: Callable[[User], None], ada: User, adas_messages: dict[str, Message]
) -> None:
    seq, stamp = adas_messages["root"].seq, adas_messages["root"].timestamp
    delete(ada)
    tombstone = Message.objects.get(pk=adas_messages["root"].pk)
    assert (tombstone.sender, tombstone.content, tombstone.content_html) == (None, "", "")
    assert (tombstone.edited, tombstone.edited_at) == (False, None)
    assert (tombstone.seq, tombstone.timestamp) == (seq, stamp)
    assert tombstone.is_removed
    assert Message.objects.get(pk=adas_messages["answer"].pk).parent_message == tombstone
    assert not Message.objects.filter(pk__in=[adas_messages["alone"].pk, adas_messages["deeper"].pk]).exists()


def test_a_message_that_only_they_had_not_read_counts_as_read(
    delete: Callable[[User], None], ada: User, ben: User, cleo: User, room: Conversation
) -> None:
    message = post(room, ben, "Hello")
    Message.unread_messages.mark_as_read_for_user(cleo)
    assert Message.objects.get(pk=message.pk).read is False
    delete(ada)
    assert Message.objects.get(pk=message.pk).read is True


def test_others_unread_messages_stay_unless_they_were_deleted(
    delete: Callable[[User], None], ada: User, ben: User, adas_messages: dict[str, Message]
) -> None:
    assert Message.unread_messages.count_for_user(ben) == 5
    delete(ada)
    assert list(Message.unread_messages.for_user(ben)) == [adas_messages["apart"]]


def test_two_deleted_ancestors_of_bens_reply_become_tombstones(
    delete: Callable[[User], None], ada: User, ben: User, room: Conversation
) -> None:
    root = post(room, ada, "root")
    middle = post(room, ada, "middle", parent=root)
    words = post(room, ben, "words", parent=middle)
    leaf = post(room, ada, "leaf", parent=words)
    delete(ada)
    thread = ThreadedMessage.get_message_thread(root.pk)
    assert [(one.pk, one.depth, one.content) for one in thread] == [
        (root.pk, 0, ""), (middle.pk, 1, ""), (words.pk, 2, "words"),
    ]  # fmt: skip
    assert not Message.objects.filter(pk=leaf.pk).exists()


def test_their_messages_in_rooms_that_they_have_left_are_deleted(
    delete: Callable[[User], None], ada: User, ben: User, room: Conversation
) -> None:
    answered, alone = post(room, ada, PLANTED), post(room, ada, PLANTED)
    post(room, ben, "I stay", parent=answered)
    leave(room, ada)
    delete(ada)
    assert not Message.objects.filter(pk=alone.pk).exists()
    assert Message.objects.get(pk=answered.pk).sender is None
    assert [row for row in everything_in_the_database() if PLANTED in row] == []


def test_several_people_are_deleted_at_once(
    ada: User, ben: User, cleo: User, adas_messages: dict[str, Message]
) -> None:
    User.objects.filter(username__in=["ada", "ben"]).delete()
    assert list(User.objects.values_list("username", flat=True)) == ["cleo"]
    assert not Message.objects.exists()


def test_a_staff_member_without_the_permission_deletes_nobody(
    ada: User, ben: User, signed_in: Callable[[User], Client]
) -> None:
    User.objects.filter(pk=ben.pk).update(is_staff=True)
    address = reverse("admin:messaging_user_delete", args=[ada.pk])
    assert signed_in(ben).post(address, {"post": "yes"}).status_code == 403
    assert User.objects.filter(pk=ada.pk).exists()
