"""What the server sends to a page that is open: the main part of another page, without what is around it."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from e2e.pages import paths
from messaging.models import Conversation, Installation, Message, Notification, User
from messaging.models.messages.saving import post
from tests.views.page import Answer

pytestmark = pytest.mark.django_db

PLACE = {"HX-Request": "true", "HX-Request-Type": "place"}
AHEAD = {**PLACE, "HX-Preloaded": "true"}
# What differs from one answer to the next: CSRF tokens, ids with which messages would be sent, and the time.
CHANGING = re.compile(r"\b[A-Za-z0-9]{64}\b|\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|:\d\d\.\d{6}\b")
MAIN = re.compile(r'<main class="main".*</main>', re.DOTALL)
SHELL = re.compile(r'<body[^>]* data-shell="(\w+)"')


def text(answer: Answer) -> str:
    assert answer.status_code == 200
    return CHANGING.sub("", answer.content.decode())


def main(answer: Answer) -> str:
    found = MAIN.search(text(answer))
    return found[0] if found else ""


def shell(client: Client, path: str = "/") -> str:
    found = SHELL.search(client.get(path).content.decode())
    assert found
    return found[1]


@pytest.fixture
def message(room: Conversation, ada: User) -> Message:
    message = post(room, ada, "one")
    message.edit("two", by=ada)
    return message


def test_a_place_is_the_main_part_of_its_page(
    as_ada: Client, room: Conversation, ada: User, ben: User, message: Message
) -> None:
    User.objects.filter(pk=ada.pk).update(role=User.Role.OWNER)
    count = 0
    for path in paths(room, ben, message).values():
        page, place = as_ada.get(path), as_ada.get(path, headers=PLACE)
        if page.status_code != 200 or "data-shell" not in page.content.decode():
            assert "Parley-Shell" not in place
            continue
        count += 1
        assert main(place) == main(page), path
        assert place["Parley-Shell"] == shell(as_ada, path)
        assert 'id="sidebar"' not in text(place)
        assert "HX-Request-Type" in place["Vary"]
        assert "HX-Request-Type" in page["Vary"]
        title = re.search("<title>(.*?)</title>", text(page))
        assert title
        assert f"<title>{title[1]}</title>" in text(place)
    assert count > 30


def test_a_place_begins_its_own_stream(as_ada: Client, room: Conversation, message: Message) -> None:
    path = reverse("conversation", args=[room.pk])
    place = text(as_ada.get(path, headers=PLACE))
    assert f'hx-sse:connect="/live/?conversation={room.pk}"' in place
    cursor = re.search('data-cursor="([^"]+)"', text(as_ada.get(path)))
    assert cursor
    assert cursor[0] in place
    assert place.index("#stream") < place.index("#main"), "the old subscription ends first"
    elsewhere = text(as_ada.get(reverse("person_list"), headers=PLACE))
    assert 'hx-sse:connect="/live/"' in elsewhere
    assert "data-cursor" not in elsewhere


def test_a_redirect_says_where_the_place_is_with_its_fragment(as_ada: Client, message: Message) -> None:
    path = reverse("message", args=[message.pk])
    answer = as_ada.get(path, headers=PLACE)
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer["Parley-Location"] == as_ada.get(path)["Location"]
    assert answer["Parley-Location"].endswith(f"#m-{message.pk}")
    assert "Location" not in answer


@pytest.mark.parametrize("path", ["/", "/rooms/", "/account/"])
def test_who_is_signed_out_is_sent_to_the_sign_in(client: Client, ada: User, path: str) -> None:
    answer = client.get(path, headers=PLACE)
    assert answer["Parley-Location"].startswith(reverse("account_login"))
    assert "Parley-Shell" not in client.get(answer["Parley-Location"], headers=PLACE)


@pytest.mark.parametrize("path", ["/conversations/999/", "/messages/999/", "/people/999/"])
def test_an_error_is_no_place(as_ada: Client, path: str) -> None:
    answer = as_ada.get(path, headers=PLACE)
    assert answer.status_code == 404
    assert "Parley-Shell" not in answer


def rename_site(person: User) -> None:
    Installation.objects.update(name="Wharf")


CHANGES: dict[str, Callable[[User], object]] = {
    "a name": lambda person: User.objects.filter(pk=person.pk).update(display_name="Countess"),
    "a theme": lambda person: User.objects.filter(pk=person.pk).update(theme="dark"),
    "a time zone": lambda person: User.objects.filter(pk=person.pk).update(time_zone="Asia/Tokyo"),
    "a status": lambda person: User.objects.filter(pk=person.pk).update(status="At sea"),
    "a role": lambda person: User.objects.filter(pk=person.pk).update(role=User.Role.OWNER),
    "keys": lambda person: User.objects.filter(pk=person.pk).update(single_keys=False),
    "a block": lambda person: User.objects.filter(pk=person.pk).update(blocks_version=1),
    "the site": rename_site,
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_the_shell_has_another_version_after_what_it_shows_changed(
    as_ada: Client, ada: User, change: Callable[[User], object]
) -> None:
    before = shell(as_ada)
    assert shell(as_ada, "/rooms/") == before
    change(ada)
    assert shell(as_ada) != before


def test_the_shell_has_another_version_in_another_session(
    as_ada: Client, as_ben: Client, ada: User, browser: Callable[[User], Client]
) -> None:
    assert len({shell(as_ada), shell(as_ben), shell(browser(ada))}) == 3


def test_what_is_fetched_ahead_changes_nothing(as_ada: Client, room: Conversation, ben: User) -> None:
    post(room, ben, "For @ada")
    as_ada.get("/")  # the page on which the link is
    before = list(Notification.objects.values()), list(User.objects.values())
    for path in (reverse("conversation", args=[room.pk]), "/inbox/", "/rooms/"):
        answer = as_ada.get(path, headers=AHEAD)
        assert answer.status_code == 200
        assert not answer.cookies
    assert (list(Notification.objects.values()), list(User.objects.values())) == before


def test_what_is_fetched_ahead_shows_no_notice(as_ada: Client) -> None:
    saved = as_ada.post(reverse("account_keyboard"), {"single_keys": "on"})
    assert saved.status_code == 302
    assert 'class="notice' not in text(as_ada.get("/rooms/", headers=AHEAD))
    assert 'class="notice' in text(as_ada.get("/rooms/", headers=PLACE))
    assert 'class="notice' not in text(as_ada.get("/rooms/", headers=PLACE))
