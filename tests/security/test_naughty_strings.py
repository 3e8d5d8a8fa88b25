"""Text that breaks messengers, sent to the views: shown harmlessly, or refused with a clear message."""

import re
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post as post_message
from messaging.models.messages.timeline import PAGE_SIZE
from messaging.text import MAX_LENGTH, clean_text
from messaging.views.rooms.directory import ROOMS_SHOWN
from tests.amounts import MORE, ON_POSTGRESQL
from tests.security.sending_strings import NAUGHTY, acceptable, arrived, post
from tests.text.allowed import violations
from tests.views.page import FRAGMENT, Page, Shape

pytestmark = pytest.mark.django_db
# What the server puts around code.
CODE_BOX = re.compile(
    r'<div class="code"><button class="copies-code [^>]*>[^<]*</button>(<pre>.*?</pre>)</div>', re.DOTALL
)


@pytest.mark.backends
def test_every_string_is_sent_and_shown_harmlessly_or_refused_with_the_reason(
    as_ada: Client, room: Conversation, ada: User
) -> None:
    send = reverse("message_send", args=[room.pk])
    plain = of_a_refusal(as_ada, room, ada)
    sent: list[str] = []
    # tests/text renders all strings. Here a part of them is enough.
    texts = NAUGHTY[:: max(1, (24 if ON_POSTGRESQL else 6) // MORE)]
    # First the strings that will be refused, because the page of a refusal shows all messages sent before.
    for text in sorted(texts, key=lambda text: acceptable(arrived(text))):
        answer = post(as_ada, send, content=text, client_id=str(uuid.uuid4()))
        if acceptable(arrived(text)):
            assert (text, answer.status_code) == (text, 302)
            sent.append(clean_text(arrived(text)))
        else:
            page = Page(answer)
            assert (text, answer.status_code) == (text, 422)
            assert page.all("errors")
            assert page.shape() <= plain
    stored = Message.objects.filter(conversation=room).order_by("seq")
    assert list(stored.values_list("content", flat=True)) == sent
    assert len(sent) > len(texts) / 2
    assert_shown_harmlessly(as_ada, room, plain, len(sent))


def of_a_refusal(client: Client, room: Conversation, ada: User) -> Shape:
    """The shape of a page that refuses a harmless text, in a room with a few pages of harmless messages."""
    other = Conversation.objects.create_room("plain", by=ada)
    for number in range(3 * PAGE_SIZE):
        post_message(other, ada, f"word {number}")
    post_message(other, ada, "line\n" * 40)  # it is folded
    empty, full = (reverse("message_send", args=[one.pk]) for one in (room, other))
    refused = "x" * (MAX_LENGTH + 1)
    middle = f"{reverse('conversation', args=[other.pk])}?around={PAGE_SIZE * 3 // 2}"
    answers = [post(client, empty, content=refused), post(client, full, content=refused), client.get(middle)]
    return set().union(*(Page(answer).shape() for answer in answers))


def assert_shown_harmlessly(client: Client, room: Conversation, plain: Shape, number: int) -> None:
    """The timeline, from its newest end to its first message."""
    shown, place = 0, reverse("message_list", args=[room.pk])
    while place:
        page = Page(client.get(place, headers=FRAGMENT))
        assert page.shape() <= plain
        shown += len(page.all("prose"))
        texts = CODE_BOX.sub(r"\1", page.html)
        for piece in texts.split('<div class="prose" hx-ignore dir="auto">')[1:]:
            assert violations(piece.partition("</div>\n")[0]) == []
        older = [element for element in page.elements if "?before=" in element.attributes.get("hx-get", "")]
        place = older[0].attributes["hx-get"] if older else ""
    assert shown == number


def test_every_string_as_a_persons_name_is_shown_harmlessly_or_refused(
    as_ada: Client, room: Conversation, ada: User
) -> None:
    post_message(room, ada, "word")
    place = reverse("message_list", args=[room.pk])
    plain, named = Page(as_ada.get(place)).shape(), 0
    for text in NAUGHTY:
        try:
            ada.display_name = text
            ada.save()
        except ValidationError:
            continue
        named += 1
        if named % 5 == 0:
            page = Page(as_ada.get(place))
            assert page.shape() == plain
            assert page.all("name")[0].text == ada.name
    assert named > 500


def test_every_string_as_a_rooms_name_or_topic_is_shown_harmlessly_or_refused(
    as_ada: Client, room: Conversation, ada: User
) -> None:
    plain = Page(as_ada.get(reverse("room_list"))).shape()
    Conversation.objects.create_room("plain", by=ada, topic="topic")
    plain |= Page(as_ada.get(reverse("room_list"))).shape()
    rooms = [made for text in NAUGHTY if (made := room_called(text, ada))]
    assert len(rooms) > 500
    paged = [("a", frozenset({"class", "href", "rel"})), ("nav", frozenset({"class", "aria-label"}))]
    names: set[str] = set()
    for number in range(1, 2 + len(rooms) // ROOMS_SHOWN):
        page = Page(as_ada.get(f"{reverse('room_list')}?page={number}"))
        # The list of conversations says whether it is short.
        shape = {one for one in page.shape() if "data-count-limit" not in one[1]}
        assert shape <= plain | {*paged, ("span", frozenset({"class"}))}
        names |= {element.text.removeprefix("# ") for element in page.elements if element.tag == "h2"}
    assert {made.name for made in rooms} <= names
    for made in rooms[::100]:
        page = Page(as_ada.get(reverse("conversation", args=[made.pk])))
        assert next(element for element in page.elements if element.tag == "h1").text == f"# {made.name}"


def room_called(text: str, by: User) -> Conversation | None:
    """A room with this name and topic, or with this topic alone, or none."""
    for name in (text, "plain"):
        try:
            return Conversation.objects.create_room(name, by=by, topic=text)
        except ValidationError:
            continue
    return None
