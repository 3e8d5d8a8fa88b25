"""Lists from the cache: the same bytes for every member, nothing stale, and only for members."""

from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.cache import caches
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from messaging.caching import fragments, pages
from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post
from messaging.models.rooms.members import leave
from messaging.rendering import rows
from tests.views.cached import address, cached_lists, rendered_templates
from tests.views.page import FRAGMENT, Answer, Page

pytestmark = [pytest.mark.django_db, pytest.mark.backends]


@pytest.fixture(params=cached_lists())
def place(request: pytest.FixtureRequest, message: Message, ben: User) -> str:
    """The URL of a cached list in which Ada and Ben each wrote, and each has something unread."""
    post(message.conversation, ben, "Where? @ada", parent=message)
    return address(request.param, message)


def test_the_cached_lists_are_found() -> None:
    assert cached_lists() == ["message_list", "thread_list"]


@pytest.fixture
def rendered() -> Iterator[list[str]]:
    """The templates of the lists that were rendered. A list from the cache adds nothing."""
    with rendered_templates("messaging/messages/_list.html", "messaging/messages/_thread_list.html") as names:
        yield names


def clear() -> None:
    for alias in ("pages", "fragments"):
        caches[alias].clear()


def known(client: Client, place: str, answer: Answer) -> Answer:
    """The same request from a browser with a cached response."""
    return client.get(place, headers={"If-None-Match": answer["ETag"]})


@pytest.mark.parametrize("headers", [{}, FRAGMENT], ids=["page", "htmx"])
def test_two_members_get_the_same_bytes_each_from_a_cold_cache(
    as_ada: Client, as_ben: Client, place: str, headers: dict[str, str]
) -> None:
    hers = as_ada.get(place, headers=headers)
    clear()
    his = as_ben.get(place, headers=headers)
    assert hers.status_code == 200
    assert b"Land ho" in hers.content
    assert hers.content == his.content
    for answer in (hers, his):
        assert set(answer["Cache-Control"].split(", ")) == {"private", "no-cache"}
        assert not answer.cookies
        assert "csrf" not in answer.content.decode().lower()


def test_a_list_is_rendered_once_for_all_members(
    as_ada: Client, as_ben: Client, place: str, rendered: list[str]
) -> None:
    first, second, third = as_ada.get(place), as_ben.get(place), as_ada.get(place)
    assert len(rendered) == 1
    assert first.content == second.content == third.content


def test_pages_of_a_conversation_use_the_same_list(
    as_ada: Client, as_ben: Client, message: Message, rendered: list[str]
) -> None:
    page = reverse("conversation", args=[message.conversation_id])
    listed = as_ada.get(reverse("message_list", args=[message.conversation_id])).content
    # Above what only Ben has unread.
    line = f'<p class="new-line"><span class="new">{gettext("New")}</span></p>'.encode()
    for_ada, for_ben = as_ada.get(page).content, as_ben.get(page).content
    assert (for_ada.count(line), for_ben.count(line)) == (0, 1)
    assert listed in for_ada
    assert listed in for_ben.replace(line, b"")
    assert len(rendered) == 1


def test_different_pages_of_a_list_are_cached_separately(
    as_ada: Client, place: str, rendered: list[str]
) -> None:
    queries = ["", "?block=1", "?at=2"] if "replies" in place else ["", "?before=2", "?after=2", "?around=2"]
    for query in queries:
        as_ada.get(place + query)
    assert len(rendered) == len(queries)


@pytest.mark.parametrize(("headers", "sign_in"), [({}, 302), (FRAGMENT, 401)], ids=["page", "htmx"])
def test_a_warm_cache_answers_only_members(
    as_ada: Client,
    as_ben: Client,
    as_stranger: Client,
    client: Client,
    place: str,
    room: Conversation,
    ben: User,
    headers: dict[str, str],
    sign_in: int,
) -> None:
    as_ben.get(place, headers=headers)
    leave(room, ben)
    stored = as_ada.get(place, headers=headers)
    assert b"Land ho" in stored.content
    for outsider, status in ((as_stranger, 404), (as_ben, 404), (client, sign_in)):
        for etag in ({}, {"If-None-Match": stored["ETag"]}, {"If-None-Match": "*"}):
            refused = outsider.get(place, headers={**headers, **etag})
            assert refused.status_code == status
            assert b"Land ho" not in refused.content
            assert not refused.has_header("ETag")


def test_a_browser_that_has_the_list_gets_304_until_something_changes(
    as_ada: Client, as_ben: Client, place: str, room: Conversation, ada: User
) -> None:
    stored = as_ada.get(place)
    again = known(as_ada, place, stored)
    assert (again.status_code, again.content) == (304, b"")
    assert known(as_ben, place, stored).status_code == 304
    post(room, ada, "New")
    assert known(as_ada, place, stored).status_code == 200


WRITES = {
    # View name -> the texts that the timeline and the thread show afterwards.
    "message_send": (["Land ho", "Ahoy"], ["Land ho", "Where? @ada"]),
    "message_reply": (["Land ho"], ["Land ho", "Where? @ada", "Ahoy"]),
    "message_edit": (["Ahoy"], ["Ahoy", "Where? @ada"]),
    "message_remove": ([], ["Where? @ada"]),
}


@pytest.mark.parametrize("write", WRITES)
def test_a_write_shows_in_the_very_next_request(
    as_ada: Client, as_ben: Client, place: str, message: Message, write: str
) -> None:
    stored = as_ben.get(place)
    pk = message.conversation_id if write == "message_send" else message.pk
    as_ada.post(reverse(write, args=[pk]), {"content": "Ahoy", "revision": 0})
    for client in (as_ada, as_ben):
        after = known(client, place, stored)
        assert after.status_code == 200
        assert Page(after).words() == WRITES[write]["/conversations/" not in place]


def test_a_reply_shows_in_the_summary_of_its_root_at_once(
    as_ada: Client, as_ben: Client, message: Message, room: Conversation
) -> None:
    place = reverse("message_list", args=[room.pk])
    assert not Page(as_ben.get(place)).all("summary")
    as_ada.post(reverse("message_reply", args=[message.pk]), {"content": "Ahoy"})
    one = ngettext("%(number)d reply", "%(number)d replies", 1) % {"number": 1}
    assert one in Page(as_ben.get(place)).all("summary")[0].text


def test_a_rename_shows_at_once(as_ben: Client, place: str, ada: User) -> None:
    before = as_ben.get(place)
    assert b"Ada Lovelace" in before.content
    ada.display_name = "Countess Ada"
    ada.save()
    assert b"Ada Lovelace" not in as_ben.get(place).content
    assert b"Countess Ada" in as_ben.get(place).content
    assert known(as_ben, place, before).status_code == 200


def test_after_restoring_a_backup_old_etags_are_invalid(as_ada: Client, place: str) -> None:
    """A restored backup uses version numbers again. `manage.py after_restore` empties the caches."""
    before = as_ada.get(place)
    call_command("after_restore", stdout=StringIO())
    assert known(as_ada, place, before).status_code == 200


def test_restored_backup_shows_its_own_messages(as_ada: Client, place: str, message: Message) -> None:
    """A message in the backup may have the same id and version as one that was written after the backup."""
    as_ada.get(place)
    Message.rows.filter(pk=message.pk).update(content="Of the backup", content_html="<p>Of the backup</p>")
    call_command("after_restore", stdout=StringIO())
    assert b"Of the backup" in as_ada.get(place).content


def test_another_build_renders_everything_again(
    as_ada: Client, place: str, rendered: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = as_ada.get(place)
    for module in (fragments, pages):
        monkeypatch.setattr(module, "program_hash", lambda: "another")
    monkeypatch.setattr(rows, "message_html", lambda *args, **options: "<p>new markup</p>")
    after = known(as_ada, place, before)
    assert after.status_code == 200
    assert b"new markup" in after.content
    assert b"Land ho" not in after.content
    assert len(rendered) == 2


def test_a_message_of_an_old_list_is_taken_from_the_cache(
    as_ada: Client, message: Message, room: Conversation, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = reverse("message_list", args=[room.pk])
    as_ada.get(place)
    post(room, ada, "New")
    render, made = rows.message_html, []

    def watched(message: Message, *args: Any, **options: Any) -> str:
        made.append(message.content)
        return render(message, *args, **options)

    monkeypatch.setattr(rows, "message_html", watched)
    assert Page(as_ada.get(place)).words() == ["Land ho", "New"]
    assert made == ["New"]
