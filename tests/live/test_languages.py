"""Each stream is in the language of its page, and nothing is rendered for a language that nobody reads."""

from unittest.mock import patch

import pytest

from messaging.live import payload
from messaging.live.wakeups import Wakeup, send
from messaging.models import Conversation, User
from messaging.models.messages.saving import post
from tests.live.conftest import Listen, cursor_at

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.backends,
    pytest.mark.english,  # they compare it with German
]
GERMAN = {"Accept_Language": "de"}


def speak(person: User, language: str) -> None:
    User.objects.filter(pk=person.pk).update(language=language)
    User.objects.filter(pk=person.pk).raise_version()


def test_one_change_reaches_each_stream_in_its_language(
    room: Conversation, ada: User, ben: User, listen: Listen
) -> None:
    message = post(room, ada, "Land ho")
    speak(ada, "de")
    german, english, browser = listen(ada, room), listen(ben, room), listen(ben, room, **GERMAN)
    message.edit("Land ho!")
    for stream, language, word in (
        (german, "de", "bearbeitet"),
        (english, "en", "edited"),
        (browser, "de", "bearbeitet"),
    ):
        stream.wait_for_text("Land ho!")
        (swap,) = stream.swaps()
        assert word in swap.data
        assert str(stream.cursor).endswith(f".{language}")
    assert "bearbeitet" not in english.swaps()[0].data


def test_it_is_rendered_once_for_each_language_that_somebody_reads(
    room: Conversation, ada: User, ben: User, listen: Listen
) -> None:
    with patch.object(payload, "_html", side_effect=payload._html) as rendered:
        first, second = listen(ada, room), listen(ben, room)
        post(room, ada, "Both English")
        for stream in (first, second):
            stream.wait_for_text("Both English")
        assert rendered.call_count == 1
        third = listen(ben, room, **GERMAN)
        post(room, ada, "One German")
        for stream in (first, second, third):
            stream.wait_for_text("One German")
        assert rendered.call_count == 3


def test_a_page_in_another_language_than_its_person_reads_now_is_reset(
    room: Conversation, ada: User, ben: User, listen: Listen
) -> None:
    open_page, other = listen(ada, room), listen(ben, room)
    cursor = cursor_at(room)
    speak(ada, "de")
    open_page.next_event("reset")
    post(room, ada, "after it")
    other.wait_for_text("after it")
    assert "reset" not in [event.name for event in other.events]
    late = listen(ada, room, cursor=cursor)  # a page that was asleep
    assert [event.name for event in late.events][:1] == ["reset"]
    assert "after it" not in "".join(swap.data for swap in open_page.swaps() + late.swaps())


def test_who_types_reaches_streams_of_all_languages(
    room: Conversation, ada: User, ben: User, listen: Listen
) -> None:
    english, german = listen(ada, room), listen(ada, room, **GERMAN)
    send(Wakeup(typing=(room.pk, None, ben.pk, True)))
    for stream in (english, german):
        assert stream.next_event("typing").json["people"] == [ben.pk]
