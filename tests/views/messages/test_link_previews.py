"""The card of a page below a message, its picture, and its removal with script and without."""

from collections.abc import Callable

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from messaging.models import AuditEntry, Conversation, Installation, LinkPreview, Membership, Message, User
from messaging.models.messages.saving import post
from messaging.models.rooms.members import add, leave
from messaging.models.rooms.settings import archive
from messaging.rendering.rows import changed_html, timeline_row
from tests.factories import UserFactory, link_preview
from tests.views.page import FRAGMENT

pytestmark = pytest.mark.django_db
Browser = Callable[[User], Client]
URL = "https://www.harbour.example/tides"


@pytest.fixture
def linked(room: Conversation, ada: User) -> Message:
    message = post(room, ada, f"See {URL}")
    link_preview(message, URL)
    return message


@pytest.fixture
def preview(linked: Message) -> LinkPreview:
    return LinkPreview.objects.get()


def html_of(message: Message) -> str:
    current = Message.objects.select_related("sender", "conversation").get(pk=message.pk)
    return timeline_row(current, 1).message_html


def test_every_list_shows_the_card(linked: Message, ben: User, browser: Browser) -> None:
    client = browser(ben)
    for place in (
        reverse("conversation", args=[linked.conversation_id]),
        reverse("thread", args=[linked.pk]),
        reverse("inbox"),
    ):
        page = client.get(place).content.decode()
        assert page.count('class="link-preview"') == 1, place
        assert f'href="{URL}" rel="noopener noreferrer nofollow ugc" dir="auto">Tides</a>' in page
        assert '<bdi class="preview-host">harbour.example</bdi>' in page


def test_no_markup_of_a_page_survives(room: Conversation, ada: User) -> None:
    message = post(room, ada, "words")
    hostile = """<img src=x onerror=alert(1)>"'</a><script>alert(1)</script>{{ 7|add:7 }}"""
    url = "https://a.example/?\"'><script>"
    fields = {"description": hostile, "site_name": hostile}
    link_preview(message, url, hostile, **fields)
    html = html_of(message)
    card = html[html.index('<ul class="link-previews"') :]
    assert card.count("&lt;img src=x onerror=alert(1)&gt;") == 3
    assert "<script" not in card
    assert card.count("<img ") == 1
    assert "{{ 7|add:7 }}" in card


def test_a_changed_row_is_the_row_of_a_fresh_page(linked: Message, ada: User) -> None:
    changes = changed_html(Message.objects.select_related("sender", "conversation").get(pk=linked.pk), 1)
    assert changes[f"#m-{linked.pk} > .message"] == html_of(linked)
    assert 'class="link-preview"' in changes[f"#t-{linked.pk} > .message"]


@pytest.mark.parametrize("how", ["leave", "remove", "remove preview", "stranger", "bytes", "guess"])
def test_the_picture_is_for_those_who_can_read_the_message(
    preview: LinkPreview, room: Conversation, ada: User, ben: User, browser: Browser, how: str
) -> None:
    client, address = browser(ben), reverse("preview_picture", args=[preview.pk])
    before = client.get(address)
    assert (before.status_code, before["Content-Type"]) == (200, "image/webp")
    assert before["Cache-Control"] == "private, no-cache"
    assert "sandbox" in before["Content-Security-Policy"]
    match how:
        case "leave":
            leave(room, ben)
        case "remove":
            preview.message.remove()
        case "remove preview":
            browser(ada).post(reverse("preview_remove", args=[preview.pk]))
        case "stranger":
            room.is_private = True
            room.save()
            client = browser(UserFactory.create())
        case "bytes":
            default_storage.delete(preview.picture)
        case "guess":
            address = reverse("preview_picture", args=[10**30])
    again = client.get(address, headers={"If-None-Match": before["ETag"]})
    assert again.status_code == (304 if how == "bytes" else 404)
    assert client.get(address).status_code == 404


def test_the_author_removes_a_preview_by_one_press(
    linked: Message, preview: LinkPreview, ada: User, ben: User, browser: Browser
) -> None:
    address = reverse("preview_remove", args=[preview.pk])
    assert f'href="{address}" hx-post="{address}"' in html_of(linked)
    assert browser(ben).post(address, headers=FRAGMENT).status_code == 404
    for _ in range(2):  # the first answer may be lost
        answer = browser(ada).post(address, headers=FRAGMENT)
        assert answer.status_code == 200
        assert f'hx-target="#m-{linked.pk} &gt; .message"' in answer.content.decode()
        assert "link-preview" not in answer.content.decode()
    assert "link-preview" not in html_of(linked)
    assert "See <a href=" in html_of(linked)
    assert browser(ada).get(address).status_code == 404


def test_without_script_a_page_asks_first(
    linked: Message, preview: LinkPreview, ada: User, browser: Browser
) -> None:
    address, client = reverse("preview_remove", args=[preview.pk]), browser(ada)
    page = client.get(address).content.decode()
    assert "Tides</blockquote>" in page
    assert LinkPreview.objects.all().shown().exists()
    answer = client.post(address, follow=True)
    assert "Link preview removed." in answer.content.decode()
    assert 'class="link-preview"' not in answer.content.decode()


def test_the_menu_offers_it_to_who_may_remove_the_message(
    linked: Message, preview: LinkPreview, room: Conversation, ada: User, ben: User, browser: Browser
) -> None:
    moderator = UserFactory.create()
    add(room, moderator, role=Membership.Role.MODERATOR)
    address, menu = reverse("preview_remove", args=[preview.pk]), reverse("message_menu", args=[linked.pk])
    for person, is_offered in ((ada, True), (ben, False), (moderator, True)):
        assert (address in browser(person).get(menu).content.decode()) is is_offered
    link_preview(linked, "https://b.example/")
    page = browser(moderator).get(menu).content.decode()
    assert "Remove preview of harbour.example" in page
    assert "Remove preview of b.example" in page
    archive(room, by=ada)
    assert browser(moderator).post(address, headers=FRAGMENT).status_code == 200


def test_queries_do_not_grow_with_previews(
    linked: Message, room: Conversation, ada: User, cost: Callable[..., int]
) -> None:
    place = reverse("conversation", args=[room.pk])
    before = cost(place)
    for number in range(10):
        message = post(room, ada, "words")
        for letter in "ab":
            link_preview(message, f"https://{letter}{number}.example/")
    assert cost(place) == before


def test_an_administrator_switches_previews_on(as_ada: Client, ada: User) -> None:
    User.objects.filter(pk=ada.pk).update(role=User.Role.ADMINISTRATOR)
    address = reverse("site_settings")
    page = as_ada.get(address).content.decode()
    assert "This server then fetches each page that somebody links to" in page
    assert not Installation.objects.current().link_previews
    fields = {
        "name": "Team",
        "sign_up": "closed",
        "room_creators": "members",
        "room_mentioners": "members",
        "edit_minutes": "0",
        "backup_days": "0",
        "history_readers": "members",
    }
    for is_on in (True, False):
        as_ada.post(address, {**fields, **({"link_previews": "on"} if is_on else {})})
        assert Installation.objects.current().link_previews is is_on
    entries = AuditEntry.objects.filter(act=AuditEntry.Act.CHANGED_SETTINGS).order_by("pk")
    assert [entry.details.get("link_previews") for entry in entries] == [[False, True], [True, False]]
