"""Cached lists and fragments never show outdated data, or data of another reader."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client
from django.urls import reverse

from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post
from messaging.models.rooms.members import leave
from messaging.rendering import rows
from messaging.views.conversations import conversation as conversations
from tests.contract.counting import statements
from tests.factories import UserFactory

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}
each_kind = pytest.mark.parametrize("headers", [{}, PARTIAL], ids=["a page", "a fragment"])


@pytest.fixture
def lists(room: Conversation, ada: User, ben: User) -> list[str]:
    """The addresses of the two cached lists: a room's messages, and a thread with words of both."""
    root = post(room, ada, "root, @ben")
    reply = post(room, ben, "reply, @ada", parent=root)
    reply.edit("another reply, @ada")
    post(room, ben, "a root of ben's")
    return [reverse("message_list", args=[room.pk]), reverse("thread_list", args=[root.pk])]


def cold() -> None:
    for alias in ("pages", "fragments"):
        caches[alias].clear()


def fetch(client: Client, address: str, **headers: str) -> Any:
    answer = client.get(address, headers=headers)
    assert answer.status_code == 200
    return answer


@each_kind
def test_two_members_get_equal_bytes(
    headers: dict[str, str], lists: list[str], ada: User, ben: User, signed_in: Callable[[User], Client]
) -> None:
    for address in lists:
        answers = []
        for first, second in ((ada, ben), (ben, ada)):
            cold()
            answers += [fetch(signed_in(person), address, **headers).content for person in (first, second)]
        assert b"root" in answers[0]
        assert len(answers) == 4
        assert len(set(answers)) == 1


@each_kind
def test_on_a_warm_cache_a_stranger_gets_404_and_a_visitor_the_sign_in(
    headers: dict[str, str], lists: list[str], ada: User, signed_in: Callable[[User], Client]
) -> None:
    stranger = signed_in(UserFactory.create())
    for address in lists:
        etag = fetch(signed_in(ada), address, **headers)["ETag"]
        for known in ({}, {"If-None-Match": etag}):
            refused = stranger.get(address, headers=headers | known)
            assert refused.status_code == 404
            assert b"root" not in refused.content
            visitor = Client().get(address, headers=headers | known)
            if headers:  # a fragment request gets a 401, not a redirect
                assert visitor.status_code == 401
            else:
                assert visitor["Location"].startswith(reverse("account_login"))
            assert b"root" not in visitor.content


def test_former_member_reads_nothing_from_the_cache(
    lists: list[str], room: Conversation, ada: User, ben: User, signed_in: Callable[[User], Client]
) -> None:
    bens = signed_in(ben)
    for address in lists:
        fetch(bens, address)
    leave(room, ben)
    for address in lists:
        fetch(signed_in(ada), address)
        assert bens.get(address).status_code == 404


def rename(room: Conversation, ada: User) -> None:
    ada.display_name = "Countess"
    ada.save()


WRITES: dict[str, Callable[[Conversation, User], object]] = {
    "a root is sent": lambda room, ada: post(room, ada, "more"),
    "a reply is sent": lambda room, ada: post(room, ada, "more", parent=ada.sent_messages.get()),
    "a message is edited": lambda room, ada: ada.sent_messages.get().edit("root no more"),
    "a message is removed": lambda room, ada: ada.sent_messages.get().remove(),
    "a message is deleted": lambda room, ada: ada.sent_messages.get().delete(),
    "a person is renamed": rename,
    "a person is deleted": lambda room, ada: ada.delete(),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES.keys())
def test_a_write_shows_at_once(
    write: Callable[[Conversation, User], object],
    lists: list[str],
    room: Conversation,
    ada: User,
    ben: User,
    signed_in: Callable[[User], Client],
) -> None:
    reader = signed_in(ben)
    before = [fetch(reader, address) for address in lists]
    write(room, ada)
    after = [fetch(reader, address) for address in lists]
    assert before[0].content != after[0].content
    cold()
    assert [answer.content for answer in after] == [fetch(reader, address).content for address in lists]
    conditional = reader.get(lists[0], headers={"If-None-Match": before[0]["ETag"]})
    assert conditional.status_code == 200


def test_an_unchanged_list_is_not_sent_again(
    lists: list[str], ben: User, signed_in: Callable[[User], Client]
) -> None:
    reader = signed_in(ben)
    for address in lists:
        etag = fetch(reader, address)["ETag"]
        assert reader.get(address, headers={"If-None-Match": etag}).status_code == 304


def test_browsers_revalidate_every_time_and_proxies_do_not_cache(
    lists: list[str], ben: User, signed_in: Callable[[User], Client]
) -> None:
    reader = signed_in(ben)
    for address in lists * 2:
        answer = fetch(reader, address)
        rules = {rule.strip() for rule in answer["Cache-Control"].split(",")}
        assert rules == {"private", "no-cache"}
        assert not answer.has_header("Expires")


def test_a_second_request_renders_nothing_and_reads_no_message(
    lists: list[str],
    ada: User,
    ben: User,
    signed_in: Callable[[User], Client],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    address, reader = lists[0], signed_in(ben)
    warm = fetch(signed_in(ada), address)
    monkeypatch.delattr(conversations, "timeline_page")
    with statements() as asked:
        assert fetch(reader, address).content == warm.content
    assert [sql for sql in asked if 'FROM "messaging_message"' in sql] == []
    cold()
    with pytest.raises(NameError):
        reader.get(address)


def test_pages_are_cached_for_60_seconds(
    lists: list[str], ben: User, signed_in: Callable[[User], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    pages, timeouts = caches["pages"], set()
    store = pages.set

    def spy(key: str, value: object, timeout: int) -> None:
        if "cache_page" in key:  # not what it was put together from
            timeouts.add(timeout)
        store(key, value, timeout)

    monkeypatch.setattr(pages, "set", spy)
    fetch(signed_in(ben), lists[0])
    assert timeouts == {60}


def test_in_addition_to_pages_the_fragment_of_each_message_is_cached(
    lists: list[str],
    room: Conversation,
    ada: User,
    ben: User,
    signed_in: Callable[[User], Client],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rendered: list[Message] = []
    render = rows.message_html

    def spy(message: Message, *args: Any, **options: Any) -> str:
        rendered.append(message)
        return render(message, *args, **options)

    monkeypatch.setattr(rows, "message_html", spy)
    reader = signed_in(ben)
    fetch(reader, lists[0])
    assert len(rendered) == 2
    rendered.clear()
    new = post(room, ada, "one more")
    fetch(reader, lists[0])
    assert rendered == [new]
