"""The admin lists and searches messages, notifications and histories; nothing can be changed there."""

from collections.abc import Callable

import pytest
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from messaging.models import Conversation, Message, MessageHistory, Notification, User
from messaging.models.messages.saving import post

READ_ONLY = [Message, MessageHistory, Notification]
each_model = pytest.mark.parametrize("model", READ_ONLY)


def address(model: type[Model], page: str, *args: object) -> str:
    return reverse(f"admin:messaging_{model._meta.model_name}_{page}", args=args)


@pytest.fixture(autouse=True)
def talk(ada: User, ben: User, room: Conversation) -> Message:
    """An edited message to ben, and one in the room that nobody searches for."""
    post(room, ben, "pumpkins")
    message = Message.objects.create(sender=ada, receiver=ben, content="turnips")
    message.edit("radishes")
    return message


def found(admin: Client, model: type[Model], words: str) -> list[Model]:
    answer = admin.get(address(model, "changelist"), {"q": words})
    assert answer.status_code == 200
    return list(answer.context["cl"].result_list)


@each_model
def test_everything_is_listed(model: type[Model], admin: Client) -> None:
    assert set(found(admin, model, "")) == set(model._default_manager.all())
    assert model._default_manager.exists()


def test_messages_are_found_by_text_sender_and_room(admin: Client, talk: Message, room: Conversation) -> None:
    assert found(admin, Message, "radish") == [talk]
    assert found(admin, Message, "ada") == [talk]
    assert found(admin, Message, "garden") == list(room.messages.all())
    assert found(admin, Message, "turnips") == []


def test_histories_are_found_by_the_old_text_and_the_editor(admin: Client, talk: Message) -> None:
    history = [talk.history.get()]
    assert found(admin, MessageHistory, "turnips") == history
    assert found(admin, MessageHistory, "ada") == history
    assert found(admin, MessageHistory, "pumpkins") == []


def test_notifications_are_found_by_person_and_text(admin: Client, talk: Message, ben: User) -> None:
    bens = [Notification.objects.get(user=ben)]
    assert found(admin, Notification, "ben") == bens
    assert found(admin, Notification, "radishes") == bens
    assert found(admin, Notification, "celery") == []


@each_model
def test_nothing_is_added(model: type[Model], admin: Client) -> None:
    before = list(model._default_manager.values())
    assert admin.get(address(model, "add")).status_code == 403
    assert admin.post(address(model, "add"), {"content": "forged"}).status_code == 403
    assert list(model._default_manager.values()) == before


@each_model
def test_nothing_is_changed(model: type[Model], admin: Client) -> None:
    before = list(model._default_manager.values())
    page = address(model, "change", before[0]["id"])
    forged = {"content": "forged", "old_content": "forged", "edited": "", "read": "on", "_save": "Save"}
    assert admin.post(page, forged).status_code == 403
    assert list(model._default_manager.values()) == before
    looked_at = admin.get(page)
    assert looked_at.status_code == 200
    assert b'name="_save"' not in looked_at.content
    assert list(looked_at.context["adminform"].form.fields) == []


@each_model
def test_nothing_is_deleted(model: type[Model], admin: Client) -> None:
    before = list(model._default_manager.values())
    page = address(model, "delete", before[0]["id"])
    assert admin.get(page).status_code == 403
    assert admin.post(page, {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [before[0]["id"]], "post": "yes"}
    admin.post(address(model, "changelist"), chosen)
    assert list(model._default_manager.values()) == before


@each_model
def test_the_list_offers_no_edits_and_no_actions(model: type[Model], admin: Client) -> None:
    page = admin.get(address(model, "changelist"))
    assert page.context["cl"].formset is None
    assert page.context["action_form"] is None
    before = list(model._default_manager.values())
    rows = {"form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 1, "form-0-id": before[0]["id"], "_save": "Save"}
    admin.post(address(model, "changelist"), rows | {"form-0-content": "forged", "form-0-read": "on"})
    assert list(model._default_manager.values()) == before


@each_model
def test_the_number_of_queries_of_a_list_does_not_grow(
    model: type[Model], admin: Client, ada: User, room: Conversation, django_assert_max_num_queries: Callable
) -> None:
    page = address(model, "changelist")
    with django_assert_max_num_queries(100) as few:
        admin.get(page)
    for number in range(20):
        post(room, ada, f"carrots {number}").edit(f"leeks {number}")
    with django_assert_max_num_queries(len(few)):
        admin.get(page)


@each_model
def test_only_staff_can_open_the_lists(
    model: type[Model], ada: User, signed_in: Callable[[User], Client]
) -> None:
    page = address(model, "changelist")
    for client in (Client(), signed_in(ada)):
        answer = client.get(page)
        assert answer.status_code == 302
        assert reverse("admin:login") in answer["Location"]
