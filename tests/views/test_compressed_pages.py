"""Compressed pages and lists: the same for every browser, each list compressed once, and 304s that fit."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from messaging.http.encodings import BROTLI, GZIP, Encoding
from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post
from tests.views.cached import address, cached_lists
from tests.views.page import FRAGMENT, Answer
from tests.views.test_compression import DECODERS, decoded

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("encoding", DECODERS)
def test_every_browser_gets_the_same_page(as_ada: Client, message: Message, encoding: str) -> None:
    """Apart from the CSRF token, which is masked anew for each response, and the composer's id."""
    place = reverse("conversation", args=[message.conversation_id])
    plain = as_ada.get(place)
    answer = as_ada.get(place, headers={"Accept-Encoding": encoding})
    differs = re.compile(rb"\b(?:\w{64}|\w{8}-\w{4}-\w{4}-\w{4}-\w{12})\b")
    assert len(differs.findall(plain.content)) > 1
    assert differs.sub(b"", decoded(answer)) == differs.sub(b"", plain.content)
    assert answer.get("Content-Encoding", "") == encoding


@pytest.mark.parametrize(
    "name", ["conversation", "conversation_fresh", "message_list", "thread", "thread_list"]
)
def test_what_shows_messages_is_compressed(as_ada: Client, message: Message, name: str) -> None:
    answer = as_ada.get(address(name, message), headers=FRAGMENT | {"Accept-Encoding": "gzip, br"})
    assert answer["Content-Encoding"] == "br"
    assert {"private", "no-cache"} == set(answer["Cache-Control"].split(", "))
    assert b"Land ho" in decoded(answer)


def test_tokens_of_two_responses_differ(as_ada: Client, message: Message) -> None:
    place = reverse("conversation", args=[message.conversation_id])
    found = [re.findall(rb"\b[A-Za-z0-9]{64}\b", as_ada.get(place).content) for _ in range(2)]
    assert found[0]
    assert not set(found[0]) & set(found[1])


@pytest.mark.backends
@pytest.mark.parametrize("name", cached_lists())
def test_lists_have_weak_etags_and_304s_whatever_the_encoding(
    as_ada: Client, as_ben: Client, message: Message, room: Conversation, ben: User, name: str
) -> None:
    for number in range(5):
        post(room, ben, f"Wave {number}", parent=message)
        post(room, ben, f"Wave {number}")
    place = address(name, message)
    answers = [as_ada.get(place, headers={"Accept-Encoding": encoding}) for encoding in DECODERS]
    assert [answer.get("Content-Encoding", "") for answer in answers] == list(DECODERS)
    assert len({decoded(answer) for answer in answers}) == 1
    assert len({answer["ETag"] for answer in answers}) == 1
    assert answers[0]["ETag"].startswith('W/"')
    for encoding in DECODERS:
        again = as_ben.get(place, headers={"Accept-Encoding": encoding, "If-None-Match": answers[0]["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        for header in ("ETag", "Cache-Control"):
            assert again[header] == answers[0][header]
        assert _vary(answers[0]) <= _vary(again)
        assert {"accept-encoding", "hx-request", "hx-request-type"} <= _vary(again)


@pytest.mark.backends
@pytest.mark.parametrize(("name", "encoding"), [("BROTLI", BROTLI), ("GZIP", GZIP)])
def test_a_list_is_compressed_once_for_all_members_until_it_changes(
    as_ada: Client,
    as_ben: Client,
    room: Conversation,
    message: Message,
    ben: User,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    encoding: Encoding,
) -> None:
    compressed: list[bytes] = []

    def compress(content: bytes) -> bytes:
        compressed.append(content)
        return encoding.compress(content)

    def get(client: Client) -> bytes:
        place = reverse("message_list", args=[room.pk])
        answer = client.get(place, headers={"Accept-Encoding": encoding.name})
        assert answer["Content-Encoding"] == encoding.name
        return decoded(answer)

    monkeypatch.setattr(f"messaging.http.compression.{name}", encoding._replace(compress=compress))
    first = get(as_ada)
    assert get(as_ben) == get(as_ada) == first
    assert compressed == [first]
    post(room, ben, "Ahoy")
    assert b"Ahoy" in get(as_ada)
    assert b"Ahoy" in get(as_ben)
    assert len(compressed) == 2


def test_each_person_gets_their_own_page(as_ada: Client, as_ben: Client, message: Message) -> None:
    place = reverse("conversation", args=[message.conversation_id])
    for client, username in ((as_ada, b"ada"), (as_ben, b"ben"), (as_ada, b"ada")):
        page = decoded(client.get(place, headers={"Accept-Encoding": "br"}))
        assert b'<bdi class="me-username">@%s<' % username in page


def _vary(answer: Answer) -> set[str]:
    return {name.strip().lower() for name in answer["Vary"].split(",")}
