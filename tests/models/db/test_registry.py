"""Every model with a foreign key to a message or a person is declared for removal, erasure and export."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import models

from messaging.models import Message, SavedMessage, SearchText, User
from messaging.models.db.registry import MessagePart, PersonPart, message_parts, person_parts

ALL_MODELS = [model for model in apps.get_models(include_auto_created=True) if not model._meta.proxy]


def foreign_keys_to(target: type[models.Model]) -> Iterator[tuple[type[models.Model], str]]:
    for model in ALL_MODELS:
        for field in model._meta.get_fields():
            if isinstance(field, models.ForeignKey) and field.related_model is target:
                yield model, field.name


# Rows of a join table hold two ids, and go with the person.
JOIN_TABLES = {User.groups.through, User.user_permissions.through}
# What a message says about another message is in its own columns.
WITHIN_MESSAGES = {(Message, "parent_message"), (Message, "thread_root")}
# `Notification.thread_root` is a copy: the row is deleted with its message, and that key is declared. Other
# rows about a whole thread stay when its first message is removed, and are deleted with its tombstone.
OF_THREADS = {"thread_root"}


def test_every_foreign_key_to_a_person_is_declared() -> None:
    found = {(model, name) for model, name in foreign_keys_to(User) if model not in JOIN_TABLES}
    assert found == {(part.model, part.field) for part in person_parts}


def test_every_foreign_key_to_a_message_is_declared() -> None:
    found = {
        key for key in foreign_keys_to(Message) if key not in WITHIN_MESSAGES and key[1] not in OF_THREADS
    }
    assert found == {(part.model, "message") for part in message_parts}


@pytest.mark.parametrize("part", person_parts, ids=lambda part: f"{part.model.__name__}.{part.field}")
def test_each_part_is_exported_or_says_why_not(part: PersonPart) -> None:
    assert bool(part.export and part.exported_as) != bool(part.why_not_exported)


@pytest.mark.parametrize("part", person_parts, ids=lambda part: f"{part.model.__name__}.{part.field}")
def test_erasing_a_person_deletes_or_anonymizes_the_row(part: PersonPart) -> None:
    """The database deletes the row or forgets the person; else the part itself has to do it."""
    field = part.model._meta.get_field(part.field)
    assert isinstance(field, models.ForeignKey)
    handled = {models.CASCADE, models.SET_NULL}
    if (part.model, part.field) in {(Message, "sender"), (Message, "receiver")}:
        assert field.remote_field.on_delete is models.PROTECT  # accounts.erasure deletes the words first
    else:
        assert field.remote_field.on_delete in handled or part.erase


# The same words as the message; and what others saved, which is theirs to know.
NOT_COUNTED = {SearchText, SavedMessage}


@pytest.mark.parametrize("part", message_parts, ids=lambda part: part.model.__name__)
def test_each_part_of_a_message_has_a_name_for_people(part: MessagePart) -> None:
    assert bool(part.name) is (part.model not in NOT_COUNTED)
    assert bool(part.exported_as) == bool(part.export)
