"""Every model, and every column of it, is in an export of the site or is named with the reason why not."""

import pytest
from django.apps import apps
from django.db import models

from messaging.archive.site.errors import ArchiveError
from messaging.archive.site.left_out import IN_OTHER_LINES, NOT_EXPORTED
from messaging.archive.site.nouns import FIRST, LAST, MESSAGES, PARTS, POLL, Noun
from messaging.archive.site.values import from_json, is_stored_file
from messaging.models import User
from messaging.models.db.registry import message_parts, person_parts

NOUNS = (*FIRST, MESSAGES, *PARTS, POLL, *LAST)
# Join tables with a model of their own.
ALL = {model for model in apps.get_models(include_auto_created=True) if not model._meta.proxy}


def test_every_model_is_exported_or_says_why_not() -> None:
    exported = {noun.model for noun in NOUNS}
    declared = [exported, set(IN_OTHER_LINES), set(NOT_EXPORTED)]
    assert set().union(*declared) == ALL
    assert sum(map(len, declared)) == len(ALL)  # each is in one of them


def test_every_model_of_the_registry_is_among_them() -> None:
    registered = {part.model for part in message_parts} | {part.model for part in person_parts}
    assert registered <= {noun.model for noun in NOUNS} | set(IN_OTHER_LINES) | set(NOT_EXPORTED)


@pytest.mark.parametrize("noun", NOUNS, ids=[noun.name for noun in NOUNS])
def test_every_column_is_exported_or_says_why_not(noun: Noun) -> None:
    columns = {field.name for field in noun.model._meta.concrete_fields}
    assert set(noun.keys.values()) | set(noun.left_out) == columns
    assert not set(noun.keys.values()) & set(noun.left_out)
    assert all(noun.left_out.values())


@pytest.mark.parametrize("noun", NOUNS, ids=[noun.name for noun in NOUNS])
def test_every_column_that_is_exported_has_a_form(noun: Noun) -> None:
    columns = [noun.column(key) for key in noun.keys]
    for column in columns:
        if not is_stored_file(column) and not isinstance(column, models.ForeignKey):
            with pytest.raises(ArchiveError, match="is not a valid value"):
                from_json(column, object())


def test_a_column_of_another_type_is_refused() -> None:
    with pytest.raises(ArchiveError, match="a DurationField cannot be imported"):
        from_json(models.DurationField(), "P1D")


def test_no_column_with_a_secret_is_exported() -> None:
    exported = {name for noun in NOUNS for name in noun.keys.values()}
    assert not exported & {"password", "token_hash", "setup_hash", "session_data", "secret", "private_key"}


def test_what_a_noun_refers_to_stands_before_it() -> None:
    there: set[type[models.Model]] = set()
    for noun in (*FIRST, MESSAGES, *LAST):
        needed = {
            field.related_model
            for key in noun.keys
            if isinstance(field := noun.column(key), models.ForeignKey)
            and field.related_model is not noun.model
        }
        assert needed <= there, noun.name
        there.add(noun.model)
    assert User in there
