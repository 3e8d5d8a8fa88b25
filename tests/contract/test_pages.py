"""Server-rendered partials for htmx, and the same as whole pages for everyone else."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def root(room: Conversation, ada: User, ben: User) -> Message:
    """Ada's root, edited, with a reply of ben's and a reply to that."""
    root = post(room, ada, "What shall we plant?")
    reply = post(room, ben, "Quinces", parent=root)
    post(room, ada, "Or medlars", parent=reply)
    root.edit("What shall we plant here?")
    return root


@pytest.fixture
def adas(ada: User, signed_in: Callable[[User], Client]) -> Client:
    return signed_in(ada)


def text(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status
    shown: str = answer.content.decode()
    return shown


def page_and_fragment(client: Client, address: str) -> tuple[str, str]:
    """The same address without htmx and with it: a whole page, and a part without the page around it."""
    page, fragment = text(client.get(address)), text(client.get(address, headers=PARTIAL))
    assert page.count("<html") == page.count("</html>") == page.count("<main") == 1
    for shell in ("<!doctype", "<html", "<body", "<main", "<nav"):
        assert shell not in fragment.lower()
    return page, fragment


def test_a_thread_with_its_replies(adas: Client, root: Message) -> None:
    for found in page_and_fragment(adas, reverse("thread", args=[root.pk])):
        places = [found.index(words) for words in ("What shall we plant here?", "Quinces", "Or medlars")]
        assert places == sorted(places)
        assert found.index('data-indent="1"') < found.index('data-indent="2"')
        assert f'action="{reverse("message_reply", args=[root.pk])}"' in found


def test_a_deep_thread_is_indented_and_continues_on_another_page(
    adas: Client, ada: User, root: Message, room: Conversation
) -> None:
    last = root
    for number in range(12):
        last = post(room, ada, f"level {number + 1}", parent=last)
    for found in page_and_fragment(adas, reverse("thread", args=[root.pk])):
        assert "level 6" in found
        assert "level 7" not in found
        assert "Continue this thread: 6 more" in found


def test_a_reply_form_and_a_reply_to_a_reply(adas: Client, root: Message, room: Conversation) -> None:
    reply = root.replies.get()
    address = reverse("message_reply", args=[reply.pk])
    for found in page_and_fragment(adas, address):
        assert f'action="{address}"' in found
        assert 'name="content"' in found
    assert "Figs!" in text(adas.post(address, {"content": "Figs!"}, follow=True))
    assert Message.objects.get(content="Figs!").parent_message == reply


def test_with_script_a_reply_updates_its_root_and_reloads_its_thread(adas: Client, root: Message) -> None:
    address = reverse("message_reply", args=[root.pk])
    answer = adas.post(address, {"content": "Figs!"}, headers=PARTIAL)
    assert answer["HX-Trigger"] == f"thread-{root.pk}"
    assert f'hx-target="#m-{root.pk} &gt; .message"' in text(answer)
    assert "3 replies" in text(answer)
    assert "Figs!" in text(adas.get(reverse("thread_list", args=[root.pk]), headers=PARTIAL))


def test_an_inline_edit_form_with_the_text(adas: Client, root: Message) -> None:
    address = reverse("message_edit", args=[root.pk])
    for found in page_and_fragment(adas, address):
        assert f'action="{address}"' in found
        assert "What shall we plant here?</textarea>" in found


def test_a_saved_edit_updates_the_message_in_place_or_redirects_to_it(adas: Client, root: Message) -> None:
    address = reverse("message_edit", args=[root.pk])
    sent = {"content": "What shall we *sow*?", "revision": root.revision}
    fragment = text(adas.post(address, sent, headers=PARTIAL))
    assert "What shall we <em>sow</em>?" in fragment
    for place in ("m", "t"):
        assert f'hx-target="#{place}-{root.pk} &gt; .message"' in fragment
    assert "<html" not in fragment
    sent = {"content": "What shall we *reap*?", "revision": root.revision}
    page = text(adas.post(address, sent, follow=True))
    assert "What shall we <em>reap</em>?" in page
    assert "<html" in page


def test_an_edit_that_is_refused_comes_back_with_its_text(adas: Client, root: Message) -> None:
    address = reverse("message_edit", args=[root.pk])
    for headers in ({}, PARTIAL):
        stale = {"content": "my own words", "revision": root.revision - 1}
        found = text(adas.post(address, stale, headers=headers), status=409)
        assert "my own words</textarea>" in found
        assert ("<html" in found) == (not headers)
    root.refresh_from_db()
    assert root.content == "What shall we plant here?"


def test_history_shows_every_text_its_editor_and_the_changes(adas: Client, root: Message) -> None:
    page, fragment = page_and_fragment(adas, reverse("message_history", args=[root.pk]))
    for found in (page, fragment):
        assert "What shall we plant?" in found
        assert "<ins>" in found
        assert "Ada" in found
    assert 'popover="auto"' in fragment


def test_the_edited_mark_loads_the_history(adas: Client, root: Message, room: Conversation) -> None:
    found = text(adas.get(reverse("conversation", args=[room.pk])))
    assert f'hx-get="{reverse("message_history", args=[root.pk])}"' in found


def test_unread_badges_in_the_list_of_conversations(
    ada: User, ben: User, room: Conversation, signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(ben)
    badge = f'<span class="badge" id="badge-{room.pk}"'
    for number in range(3):
        post(room, ada, f"seedling {number}")
    for found in page_and_fragment(client, reverse("conversation_list")):
        assert f'{badge}>3<span class="sr-only"> unread</span></span>' in found
    client.post(reverse("conversation_read", args=[room.pk]))
    for found in page_and_fragment(client, reverse("conversation_list")):
        assert reverse("conversation", args=[room.pk]) in found
        assert f"{badge} hidden>0<" in found


def test_a_badge_says_no_more_than_99(
    ada: User, ben: User, room: Conversation, signed_in: Callable[[User], Client]
) -> None:
    client, address = signed_in(ben), reverse("conversation_list")
    for number in range(99):
        post(room, ada, f"seedling {number}")
    badge = f'<span class="badge" id="badge-{room.pk}">'
    assert f"{badge}99<" in text(client.get(address))
    post(room, ada, "one too many")
    assert f"{badge}99+<" in text(client.get(address))


@pytest.mark.parametrize("name", ["thread", "message_reply", "message_edit", "message_history"])
def test_a_stranger_gets_neither_the_page_nor_the_fragment(
    name: str, root: Message, signed_in: Callable[[User], Client]
) -> None:
    stranger = signed_in(User.objects.create_user("stranger"))
    for headers in ({}, PARTIAL):
        found = text(stranger.get(reverse(name, args=[root.pk]), headers=headers), status=404)
        assert "plant" not in found
