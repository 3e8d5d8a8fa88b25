"""Text that breaks messengers, through the front door: shown harmlessly, or refused with a clear message."""

import re
import uuid
from collections.abc import Iterator
from itertools import cycle
from urllib.parse import quote_from_bytes

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import caches
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post as post_message
from messaging.models.messages.timeline import PAGE_SIZE
from messaging.text import MAX_LENGTH, clean_text
from messaging.views.rooms.directory import ROOMS_SHOWN
from tests.amounts import MORE, ON_POSTGRESQL
from tests.factories import open_sign_up
from tests.text.allowed import violations
from tests.text.naughty import naughty_strings
from tests.views.page import FRAGMENT, Answer, Page, Shape

pytestmark = pytest.mark.django_db
NAUGHTY = naughty_strings()
FORM = "application/x-www-form-urlencoded"


def encoded(**fields: str) -> str:
    """A form as a browser would send it, and as no browser would: lone surrogates too."""
    return "&".join(
        f"{name}={quote_from_bytes(value.encode('utf-8', 'surrogatepass'))}" for name, value in fields.items()
    )


def arrived(text: str) -> str:
    """The text after it was sent: what is no UTF-8 comes as the replacement character."""
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")


def post(client: Client, place: str, headers: dict[str, str] | None = None, **fields: str) -> Answer:
    return client.post(place, encoded(**fields), content_type=FORM, headers=headers)


def submit(client: Client, place: str, fields: dict[str, str]) -> Answer:
    return client.post(place, encoded(**fields), content_type=FORM)


def acceptable(text: str) -> bool:
    try:
        clean_text(text)
    except ValidationError:
        return False
    return True


@pytest.mark.backends
def test_every_string_is_sent_and_shown_harmlessly_or_refused_with_the_reason(
    as_ada: Client, room: Conversation, ada: User
) -> None:
    send = reverse("message_send", args=[room.pk])
    plain = of_a_refusal(as_ada, room, ada)
    sent: list[str] = []
    # Each is rendered in tests/text; what only a form, or only a database, decides is the same for many.
    texts = NAUGHTY[:: max(1, (24 if ON_POSTGRESQL else 6) // MORE)]
    # Those that are refused first: their pages show what was sent before.
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
        for piece in page.html.split('<div class="prose" hx-ignore dir="auto">')[1:]:
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
        assert page.shape() <= plain | {*paged, ("span", frozenset({"class"}))}
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


def short() -> Iterator[str]:
    """Every tenth string, and no long one: where the field's length alone refuses it, one is enough."""
    yield from (text for text in NAUGHTY[::10] if len(text) < 2_000)
    yield "x" * 10_000


@pytest.mark.backends
def test_strings_in_the_query_never_fail(as_ada: Client, message: Message) -> None:
    for text in short():
        for name, pk in (("message_list", message.conversation_id), ("thread_list", message.pk)):
            query = encoded(before=text, after=text, around=text, at=text, page=text)
            answer = as_ada.get(f"{reverse(name, args=[pk])}?{query}", headers=FRAGMENT)
            assert (text, answer.status_code) == (text, 200)
            assert "Land ho" in answer.content.decode()


@pytest.mark.backends
def test_strings_as_the_forms_own_numbers_are_refused_and_the_text_kept(
    as_ada: Client, message: Message
) -> None:
    reply, edit = (reverse(name, args=[message.pk]) for name in ("message_reply", "message_edit"))
    for text in short():
        if text.strip():
            replied = post(as_ada, reply, headers=FRAGMENT, content="Kept", client_id=text)
            assert (text, replied.status_code, Page(replied).typed()) == (text, 422, "Kept")
            assert "Send it again" in replied.content.decode()
        if not is_zero(text):  # that is the right one
            edited = post(as_ada, edit, headers=FRAGMENT, content="Kept", revision=text)
            assert (text, edited.status_code, Page(edited).typed()) == (text, 409, "Kept")
    assert list(Message.objects.values_list("content", flat=True)) == ["Land ho"]


def is_zero(text: str) -> bool:
    try:
        return float(text) == 0
    except ValueError:
        return False


def test_strings_in_the_sign_in_form_let_nobody_in_and_never_fail(client: Client, ada: User) -> None:
    place = reverse("account_login")
    tries = [("nobody", "wrong"), ("", ""), ("x" * 500, "wrong"), ("\x00", "\x00")]
    answers = [post(client, place, login=login, password=password, next="/x") for login, password in tries]
    plain: Shape = set().union(*(Page(answer).shape() for answer in answers))
    for text in short():
        caches["default"].clear()  # the limit on guessing has a test of its own
        answer = post(client, place, login=text, password=text, next=text, remember=text)
        assert (text, answer.status_code) == (text, 200)
        assert Page(answer).shape() <= plain
        assert isinstance(answer.wsgi_request.user, AnonymousUser)


def test_strings_in_the_forms_of_rooms_and_settings_are_taken_harmlessly_or_refused_with_the_reason(
    as_ada: Client,
) -> None:
    forms = {
        reverse("room_new"): {"name": "plain", "topic": "plain", "is_private": "public"},
        reverse("account"): {"display_name": "plain", "theme": "dark"},
        reverse("account_email"): {"email": "plain@example.org", "password": "plain"},
    }
    for place, fields in forms.items():
        plain: Shape = set()
        for wrong in ({name: "x" * 300} for name in fields):
            plain |= Page(submit(as_ada, place, fields | wrong)).shape()
        for text, name in zip(short(), cycle(fields)):
            caches["default"].clear()  # the limit on guessing has a test of its own
            answer = submit(as_ada, place, fields | {name: text})
            if answer.status_code != 302:
                assert (text, name, answer.status_code) == (text, name, 422)
                assert Page(answer).all("errors")
                assert outside_the_sidebar(Page(answer)) <= plain


def outside_the_sidebar(page: Page) -> Shape:
    """The sidebar has the rooms that were made meanwhile; where a field is empty it has no value."""
    inside = {one for one in page.shape() if one[0] == "input" and "value" not in one[1]}
    rooms = {
        ("a", frozenset({"class", "href"})),
        ("span", frozenset({"class"})),
        ("h2", frozenset({"class"})),
    }
    rooms |= {("span", frozenset({"class", "dir"}))}
    return page.shape() - inside - rooms


def test_strings_that_people_or_rooms_are_looked_for_by_never_fail(as_ada: Client, ada: User) -> None:
    room = Conversation.objects.create_room("plain", by=ada)
    places = [reverse(name) for name in ("room_list", "person_list", "conversation_new")]
    places.append(reverse("conversation_members", args=[room.pk]))
    plain: Shape = set()
    for place in places:
        for query in ("q=", "q=a", "q=zzz&people=0"):
            plain |= Page(as_ada.get(f"{place}?{query}")).shape()
    for text, place in zip(short(), cycle(places)):
        answer = as_ada.get(f"{place}?{encoded(q=text, page=text, people=text)}")
        assert (text, place, answer.status_code) == (text, place, 200)
        assert Page(answer).shape() <= plain


def test_strings_in_the_sign_up_form_are_taken_or_refused_and_never_fail(client: Client, db: None) -> None:
    open_sign_up()
    place, typed = reverse("account_signup"), "three grey seals"
    fields = {"username": "", "display_name": "plain", "email": "", "password1": typed, "password2": typed}
    for number, text in enumerate(short()):
        name = ("username", "display_name", "email", "password1")[number % 4]
        caches["default"].clear()
        answer = submit(client, place, fields | {"username": f"person-{number}", name: text})
        assert (text, name, answer.status_code) in {(text, name, 200), (text, name, 302)}
        if answer.status_code == 302:
            client.logout()
        else:
            assert Page(answer).all("errors")
    names = User.objects.values_list("username", flat=True)
    assert [name for name in names if not re.fullmatch(r"[a-z0-9_.-]+", name)] == []
    assert names
