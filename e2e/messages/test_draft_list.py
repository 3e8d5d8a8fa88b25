"""The list of drafts, also without script, and the states that it and the offer of another text have."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from e2e.accessibility import faults_of
from e2e.chat import Chat, address_of, delayed
from e2e.messages.test_drafts_on_server import offer, stored
from messaging.models import Conversation, User
from messaging.models.messages.saving import post
from messaging.models.rooms.settings import archive
from tests.drafts import draft
from tests.factories import RoomFactory


def test_the_list_opens_and_deletes_drafts(
    open_page: Callable[..., Page], ben: User, ada: User, room: Conversation, script: bool
) -> None:
    root = post(room, ada, "Who comes?")
    draft(ben, room, "To all")
    draft(ben, room, "To Ada", reply_to=root)
    chat = Chat(open_page(ben, script=script))
    page = chat.page
    page.goto("/people/")
    page.get_by_role("link", name="Drafts").click()
    lines = page.locator("#list li")
    expect(lines).to_have_count(2)
    lines.filter(has_text="To Ada").get_by_role("link", name="Open").click()
    expect(page.get_by_label("Message", exact=True)).to_have_value("To Ada")
    page.goto(reverse("draft_list"))
    lines.filter(has_text="To all").get_by_role("link", name="Open").click()
    expect(chat.composer).to_have_value("To all")
    chat.send_button.click()
    expect(chat.row_with("To all")).to_be_visible()
    assert stored() == ["To Ada"]
    page.goto(reverse("draft_list"))
    lines.get_by_role("link", name="Delete…").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_role("heading", name="No drafts")).to_be_visible()
    assert stored() == []


@pytest.mark.parametrize("is_phone", [False, True])
def test_the_list_and_the_offer_have_no_accessibility_faults(
    open_page: Callable[..., Page], ben: User, ada: User, room: Conversation, is_phone: bool
) -> None:
    draft(ben, room, "To Ada", reply_to=post(room, ada, "Who comes?"))
    closed = RoomFactory.create(name="attic", by=ben)
    saved = draft(ben, closed, "To the archive")
    archive(closed, by=ben)
    chat = Chat(open_page(ben, phone=is_phone))
    for path in (reverse("draft_list"), reverse("draft_delete", args=[saved.pk])):
        chat.page.goto(path)
        assert faults_of(chat.page) == []
    chat.listen(address_of(room))
    with delayed(chat.page, "/draft/"):
        chat.composer.fill("From here")
        draft(ben, room, "From elsewhere")
    expect(offer(chat)).to_be_visible()
    assert faults_of(chat.page) == []
