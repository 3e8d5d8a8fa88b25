"""`manage.py verify_backup` finds every fault of `planted.py`."""

import shutil
from pathlib import Path

import pytest
from django.core.management import CommandError
from django.db import connection

from messaging.models import Conversation
from messaging.models.messages.saving import post
from tests.backup.planted import DEEP, ON_SQLITE, SURFACE, Copies
from tests.backup.test_making import backup, verify

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.backends]


@pytest.fixture
def two(filled: Conversation, folder: Path) -> Copies:
    """Two copies, with a message between them."""
    bad, _ = backup(folder)
    ada = filled.memberships.first().user  # type: ignore[union-attr]
    post(filled, ada, "Later")
    return Copies(bad, backup(folder)[0])


def missed(two: Copies, faults: dict, tmp_path: Path, **options: object) -> dict[str, str]:
    """What was said instead, for each fault that was not found."""
    wrong = {}
    for number, (name, (plant, sentence)) in enumerate(faults.items()):
        bad = tmp_path / str(number) / two.bad.name
        shutil.copytree(two.bad, bad)
        plant(Copies(bad, two.other))
        try:
            said = verify(bad, **options)
        except CommandError as error:
            said = str(error)
        if sentence not in said or "This copy is whole" in said:
            wrong[name] = said
    return wrong


def test_hashes_the_signature_and_rights_find_faults(two: Copies, tmp_path: Path) -> None:
    assert missed(two, SURFACE, tmp_path, without_opening=True) == {}
    assert "This copy is whole" in verify(two.bad, without_opening=True)  # it was not touched


def test_the_drill_finds_what_no_hash_tells(two: Copies, tmp_path: Path) -> None:
    """The most different ones; `python -m tests.backup.planted` plants all."""
    chosen = ["rows of another moment", "a file that was never copied", "a key that signed nothing"]
    if connection.vendor == "sqlite":
        chosen += ["a spoilt page of an index", "a conversation that cannot be opened"]
    every = DEEP | ON_SQLITE
    assert missed(two, {name: every[name] for name in chosen}, tmp_path) == {}
