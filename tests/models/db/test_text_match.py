"""Names are found whatever the case and the accents, and equally on both databases."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from messaging.models import Conversation, User
from messaging.models.db.text_match import _Folded, contains, fold
from tests.amounts import MORE
from tests.factories import RoomFactory, UserFactory

pytestmark = pytest.mark.backends

LETTERS = "éôŁÓŹßØđÆŒÞÐħıİŊŦς ΣΊ ЁЙ ﬁ Ａ 東상が Å\u0301\u0308"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Jérôme", "jerome"),
        ("Jérôme", "JÉRÔME"),
        ("Jérôme", "Je\u0301ro\u0302me"),
        ("Je\u0301ro\u0302me", "jérôme"),
        ("jerome", "Jérôme"),
        ("Łódź", "lodz"),
        ("Straße", "STRASSE"),
        ("Ørsted", "orsted"),
        ("Σίσυφος", "ΣΙΣΥΦΟΣ"),
        ("Ёлка", "елка"),
        ("100%_\\", "0%_\\"),
        ("東京", "京"),
    ],
)
def test_person_and_room_are_found_without_case_and_accents(name: str, words: str) -> None:
    person = UserFactory.create(username="x1", display_name=name)
    room = RoomFactory.create(name=name, by=person)
    UserFactory.create(username="x2", display_name="Someone")
    assert list(User.objects.all().called(words)) == [person]
    assert list(Conversation.objects.filter(contains(words, "name"))) == [room]
    assert not User.objects.filter(contains("%", "display_name")).exclude(display_name__contains="%").exists()


class Folding(TestCase):
    @settings(max_examples=100 * MORE, deadline=None)
    @given(st.text(st.sampled_from(LETTERS) | st.characters(max_codepoint=0x24F, exclude_categories=["Cc"])))
    def test_database_folds_as_python_does(self, name: str) -> None:
        person = UserFactory.create()
        User.objects.filter(pk=person.pk).update(status=name[:80])
        [folded] = User.objects.filter(pk=person.pk).values_list(_Folded("status"), flat=True)
        assert folded == fold(name[:80])
