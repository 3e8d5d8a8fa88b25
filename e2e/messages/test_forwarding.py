"""Forwarding, quoting and replying in private, from the menu of a message."""

import re
from collections.abc import Callable

from django.urls import reverse
from playwright.sync_api import Page, expect

from e2e.chat import Chat, address_of
from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post
from tests.factories import RoomFactory

OpenPage = Callable[..., Page]


def test_a_message_is_forwarded_from_its_menu(
    open_page: OpenPage, ada: User, ben: User, room: Conversation, script: bool
) -> None:
    message = post(room, ben, "Low water at four")
    quay = RoomFactory.create(name="Quay", by=ada, is_private=True)
    chat = Chat(open_page(ada, script=script)).open(room)
    chat.act(chat.row(message), "More")
    chat.page.get_by_role("link", name="Forward…").click()
    search = chat.page.get_by_role("searchbox", name="Search conversations and people")
    search.fill("qua")
    if not script:
        chat.page.locator("[name=search]").click()
    found = chat.page.get_by_role("radio")
    expect(found).to_have_count(1)
    expect(chat.page.locator(".choices")).to_contain_text("Quay")
    found.check()
    chat.page.get_by_label("Comment").fill("Mind the tide")
    chat.page.get_by_role("button", name="Forward").click()
    expect(chat.title).to_contain_text("Quay")
    row = chat.row(Message.rows.get(conversation=quay))
    expect(row.locator(".prose")).to_have_text(re.compile("^Mind the tide"))
    expect(row.locator(".reference-text")).to_have_text("Low water at four")


def test_a_comment_that_could_not_be_sent_is_still_in_its_form_and_no_unsent_message(
    open_page: OpenPage, ada: User, ben: User, room: Conversation
) -> None:
    message = post(room, ben, "Low water at four")
    quay = RoomFactory.create(name="Quay", by=ada)
    chat = Chat(open_page(ada))
    form, comment = reverse("message_forward", args=[message.pk]), chat.page.get_by_label("Comment")
    chat.page.goto(form)
    chat.page.get_by_role("radio", name="Quay").check()
    comment.fill("Mind the tide")
    chat.page.context.set_offline(True)
    chat.page.get_by_role("button", name="Forward").click()
    expect(comment).to_have_count(0)
    chat.page.context.set_offline(False)
    chat.open(room)
    expect(chat.page.locator(".outgoing-message")).to_have_count(0)
    chat.page.goto(form)
    expect(comment).to_have_value("Mind the tide")
    chat.page.get_by_role("radio", name="Quay").check()
    chat.page.get_by_role("button", name="Forward").click()
    expect(chat.title).to_contain_text("Quay")
    expect(chat.row(Message.rows.get(conversation=quay))).to_be_visible()
    chat.page.goto(form)
    expect(comment).to_have_value("")


def test_a_quotation_comes_behind_a_draft_with_the_caret_below(
    open_page: OpenPage, ada: User, ben: User, room: Conversation
) -> None:
    message = post(room, ben, "Low water\nat four")
    chat = Chat(open_page(ada)).open(room)
    form = chat.form(chat.row(message), "Reply")
    form.text.press_sequentially("Begun")
    form.form.get_by_role("link", name="Cancel").click()
    chat.menu(chat.row(message)).get_by_role("link", name="Quote in reply").click()
    field = chat.page.locator(".slot-form textarea")
    expect(field).to_be_focused()
    expect(field).to_have_value("Begun\n\n> Low water\n> at four\n\n")
    chat.page.keyboard.type("Thanks")
    expect(field).to_have_value("Begun\n\n> Low water\n> at four\n\nThanks")


def test_a_reply_in_private_begins_with_the_message(
    open_page: OpenPage, ada: User, ben: User, room: Conversation, server: str
) -> None:
    message = post(room, ben, "Low water at four")
    chat = Chat(open_page(ada)).open(room)
    chat.menu(chat.row(message)).get_by_role("button", name="Reply in private").click()
    direct = re.compile(r"/conversations/\d+/$")
    chat.page.wait_for_url(direct)
    expect(chat.composer).to_be_focused()
    expect(chat.composer).to_have_value(f"{server}/messages/{message.pk}/\n\n")
    chat.page.keyboard.type("Are you sure?")
    chat.page.keyboard.press("Enter")
    expect(chat.timeline.locator(".reference-text")).to_have_text("Low water at four")
    expect(chat.composer).to_have_value("")
    assert chat.page.url.endswith(address_of(Conversation.objects.direct(ada, ben)))
    chat.page.reload()
    expect(chat.composer).to_have_value("")
