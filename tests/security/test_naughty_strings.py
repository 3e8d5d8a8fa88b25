"""Text that breaks messengers, through the front door: shown harmlessly, or refused with a clear message."""

import uuid
from collections.abc import Callable, Iterator
from urllib.parse import quote_from_bytes

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import caches
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from messaging.models import Conversation, Message, User
from messaging.models.timeline import PAGE_SIZE
from messaging.text import MAX_LENGTH, clean_text
from tests.text.allowed import violations
from tests.text.naughty import naughty_strings
from tests.views.page import FRAGMENT, Page

pytestmark = [pytest.mark.django_db, pytest.mark.backends]
NAUGHTY = naughty_strings()
FORM = "application/x-www-form-urlencoded"
# Elements of our own pages, by what a harmless message makes of them: (tag, names of its attributes).
Shape = set[tuple[str, frozenset[str]]]


def encoded(**fields: str) -> str:
    """A form as a browser would send it, and as no browser would: lone surrogates too."""
    return "&".join(
        f"{name}={quote_from_bytes(value.encode('utf-8', 'surrogatepass'))}" for name, value in fields.items()
    )


def arrived(text: str) -> str:
    """The text after it was sent: what is no UTF-8 comes as the replacement character."""
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")


def post(client: Client, place: str, headers: dict[str, str] | None = None, **fields: str) -> HttpResponse:
    return client.post(place, encoded(**fields), content_type=FORM, headers=headers)


def shape(page: Page) -> Shape:
    """What the page is built of, outside the messages' own text."""
    outside = [element for element in page.elements if not any("prose" in one.classes for one in element.inside)]
    return {(element.tag, frozenset(element.attributes)) for element in outside}


def acceptable(text: str, **limits: object) -> bool:
    try:
        clean_text(text, **limits)
    except ValidationError:
        return False
    return True


def test_every_string_is_sent_and_shown_harmlessly_or_refused_with_the_reason(
    as_ada: Client, room: Conversation, ada: User
) -> None:
    send = reverse("message_send", args=[room.pk])
    plain = shape(Page(post(as_ada, send, content="x" * (MAX_LENGTH + 1))))
    sent: list[str] = []
    for text in NAUGHTY:
        answer = post(as_ada, send, content=text, client_id=str(uuid.uuid4()))
        if acceptable(arrived(text)):
            assert (text, answer.status_code) == (text, 302)
            sent.append(clean_text(arrived(text)))
        else:
            page = Page(answer)
            assert (text, answer.status_code) == (text, 422)
            assert page.all("errors")
            assert shape(page) <= plain
    stored = list(Message.objects.filter(conversation=room).order_by("seq"))
    assert [message.content for message in stored] == sent
    assert len(sent) > 1_000
    assert_shown_harmlessly(as_ada, room, ada, len(sent))


def assert_shown_harmlessly(client: Client, room: Conversation, ada: User, number: int) -> None:
    """The timeline, from its newest end to its first message."""
    plain: Shape = set()
    for query in ("", "?after=1", "?before=1000000"):
        plain |= shape(Page(client.get(benign_room(ada) + query)))
    shown, place = 0, reverse("message_list", args=[room.pk])
    while place:
        page = Page(client.get(place, headers=FRAGMENT))
        assert shape(page) <= plain
        shown += len(page.all("prose"))
        for piece in page.html.split('<div class="prose" hx-ignore dir="auto">')[1:]:
            assert violations(piece.partition('</div>\n')[0]) == []
        older = [element for element in page.elements if "?before=" in element.attributes.get("hx-get", "")]
        place = older[0].attributes["hx-get"] if older else ""
    assert shown == number


def benign_room(ada: User) -> str:
    """The list of a room with a few pages of harmless messages."""
    room = Conversation.objects.create_room("plain", by=ada)
    for number in range(3 * PAGE_SIZE):
        room.post(ada, f"word {number}")
    return reverse("message_list", args=[room.pk])


@pytest.fixture(params=["display name", "room name", "topic"])
def name_it(request: pytest.FixtureRequest, room: Conversation, ada: User) -> Callable[[str], None]:
    """Gives something a name, in each of the ways there are; ValidationError when it is refused."""

    def name_it(text: str) -> None:
        if request.param == "display name":
            ada.display_name = text
            ada.save()
        else:
            names = {"name": "plain", "topic": "plain"} | {request.param.removeprefix("room "): text}
            Conversation.objects.create_room(by=ada, **names)

    return name_it


def test_every_string_as_a_name_is_shown_harmlessly_or_refused(
    as_ada: Client, name_it: Callable[[str], None], room: Conversation, ada: User
) -> None:
    room.post(ada, "word")
    places = [reverse("conversation", args=[room.pk]), reverse("room_list")]
    name_it("plain")
    plain = [shape(Page(as_ada.get(place))) for place in places]
    named = 0
    for number, text in enumerate(NAUGHTY):
        try:
            name_it(text)
            named += 1
        except ValidationError as error:
            assert error.messages[0]
            continue
        if number % 20 == 0:  # a page takes longer than a name, and shows all rooms at once
            for place, known in zip(places, plain, strict=True):
                assert shape(Page(as_ada.get(place))) - known <= {("a", frozenset({"class", "href", "rel"}))}
    assert named > 500


def short() -> Iterator[str]:
    """Every third string, and no long one: where the field's length alone refuses it, one is enough."""
    yield from (text for text in NAUGHTY[::3] if len(text) < 2_000)
    yield "x" * 10_000


def test_strings_in_the_query_never_fail(as_ada: Client, message: Message) -> None:
    for text in short():
        for name, pk in (("message_list", message.conversation_id), ("thread_list", message.pk)):
            query = encoded(before=text, after=text, around=text, at=text, page=text)
            answer = as_ada.get(f"{reverse(name, args=[pk])}?{query}", headers=FRAGMENT)
            assert (text, answer.status_code) == (text, 200)
            assert "Land ho" in answer.content.decode()


def test_strings_as_the_forms_own_numbers_are_refused_and_the_text_kept(
    as_ada: Client, message: Message
) -> None:
    reply, edit = (reverse(name, args=[message.pk]) for name in ("message_reply", "message_edit"))
    for text in short():
        if text.strip():
            replied = post(as_ada, reply, headers=FRAGMENT, content="Kept", client_id=text)
            assert (text, replied.status_code, Page(replied).typed()) == (text, 422, "Kept")
            assert "Send it again" in replied.content.decode()
        edited = post(as_ada, edit, headers=FRAGMENT, content="Kept", revision=text)
        assert (text, edited.status_code, Page(edited).typed()) == (text, 409, "Kept")
    assert list(Message.objects.values_list("content", flat=True)) == ["Land ho"]


def test_strings_in_the_sign_in_form_let_nobody_in_and_never_fail(client: Client, ada: User) -> None:
    place = reverse("account_login")
    plain = shape(Page(post(client, place, login="nobody", password="wrong")))
    for text in short():
        caches["default"].clear()  # the limit on guessing has a test of its own
        answer = post(client, place, login=text, password=text, next=text, remember=text)
        assert (text, answer.status_code) == (text, 200)
        assert shape(Page(answer)) <= plain | {("input", frozenset({"type", "name", "value"}))}
        assert isinstance(answer.wsgi_request.user, AnonymousUser)
