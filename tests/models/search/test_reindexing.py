"""Writing the words of all messages again."""

from io import StringIO

import pytest
from django.core.management import call_command

from messaging.models import Conversation, SearchText, User
from messaging.models.search import search_text
from tests.models.search.test_searching import found, write

pytestmark = [pytest.mark.django_db, pytest.mark.backends]


def test_reindexing_writes_missing_and_wrong_words_and_drops_those_of_removed_messages(
    room: Conversation, ada: User, ben: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_text, "BATCH", 2)
    missing, wrong, _, removed, _ = write(
        room, ben, ["one wave", "two waves", "three", "four waves", "five waves"]
    )
    SearchText.objects.filter(pk=missing.pk).delete()
    SearchText.objects.filter(pk=wrong.pk).update(text="something else")
    removed.remove(by=ben)
    SearchText.objects.create(message=removed, text="four waves")
    call_command("reindex", stdout=StringIO())
    assert found(ada, "wave") == ["five waves", "two waves", "one wave"]
    assert found(ada, "something") == []
    assert SearchText.objects.count() == 4


def test_reindexing_goes_on_after_an_id(room: Conversation, ada: User, ben: User) -> None:
    first, second = write(room, ben, ["one wave", "two waves"])
    SearchText.objects.all().delete()
    call_command("reindex", after=first.pk, stdout=StringIO())
    assert found(ada, "wave") == [second.content]
