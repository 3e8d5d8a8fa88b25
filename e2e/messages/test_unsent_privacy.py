"""What the browser keeps of a person's words is gone when they sign out, and never shown to somebody else."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import FilePayload, Page, expect

from e2e.accounts.test_sign_in_again import sign_in, sign_out
from e2e.browser_state import until
from e2e.chat import Chat
from e2e.conftest import PASSWORD
from e2e.unsent import fail_to_send, kept, kept_texts, sending_fails, until_kept
from messaging.models import Conversation, Message, Session, User
from messaging.models.rooms.members import leave

SECRET = "Ada's secret"
DRAFTS = "Object.values(sessionStorage).join()"


@pytest.fixture
def chat(open_page: Callable[..., Page], ada: User, room: Conversation) -> Chat:
    """A tab with an unsent message that no page sends again by itself any more, and a draft with a file."""
    page = open_page(ada)
    chat = Chat(page).open(room)
    with sending_fails(page.context):
        fail_to_send(chat, SECRET)
        page.evaluate("dispatchEvent(new Event('online'))")  # once more, and never again
        until(page, lambda: [message["retried"] for message in kept(page)] == [True])
        expect(chat.outbox.get_by_role("button", name="Try again")).to_be_visible()
        until_kept(page, SECRET)
    file: FilePayload = {"name": "plan.txt", "mimeType": "text/plain", "buffer": b"words"}
    page.locator(".main .composer [type=file]").set_input_files(file)
    expect(page.locator(".composer [name=uploaded]")).to_be_checked()
    chat.composer.fill("A draft")
    return chat


def expect_nothing_kept(page: Page) -> None:
    until(page, lambda: kept(page) == [], "The browser still keeps it.")
    until(page, lambda: page.evaluate(DRAFTS) == "", "The tab still keeps a draft.")


def test_signing_out_deletes_it(chat: Chat) -> None:
    sign_out(chat.page)
    expect_nothing_kept(chat.page)


def test_signing_out_in_another_tab_deletes_it(chat: Chat) -> None:
    other = chat.page.context.new_page()
    sign_out(other)
    expect_nothing_kept(other)
    expect(chat.page.locator("#connection")).to_contain_text("You are signed out")
    expect_nothing_kept(chat.page)
    expect(chat.outbox).to_contain_text(SECRET)  # the open page still shows it
    expect(chat.outbox.get_by_text("Kept in this browser")).to_be_hidden()
    chat.composer.fill("A draft, longer")
    expect_nothing_kept(chat.page)


def test_a_session_that_was_ended_elsewhere_deletes_it_in_the_open_page(chat: Chat, ada: User) -> None:
    Session.objects.filter(user=ada).delete()
    chat.page.evaluate("document.dispatchEvent(new Event('refused'))")
    expect_nothing_kept(chat.page)
    expect(chat.composer).to_have_value("A draft")


def test_the_sign_in_page_deletes_it(chat: Chat, ada: User) -> None:
    chat.page.goto("about:blank")
    Session.objects.filter(user=ada).delete()
    chat.page.goto("/")
    expect(chat.page.get_by_role("heading", name="Sign in")).to_be_visible()
    expect_nothing_kept(chat.page)


def test_a_page_of_somebody_else_deletes_it(chat: Chat, ben: User, room: Conversation) -> None:
    """Without a sign-in page between: only the cookie is another one."""
    page, server = chat.page, chat.page.evaluate("location.origin")
    page.goto("about:blank")
    page.context.clear_cookies()
    client = Client()
    client.force_login(ben)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": server}])
    page.goto(f"/conversations/{room.pk}/")
    expect_nothing_kept(page)
    expect(chat.composer).to_have_value("")
    expect(chat.outbox).to_be_empty()


def test_somebody_else_who_signs_in_sees_nothing_of_it(chat: Chat, ben: User, room: Conversation) -> None:
    sign_out(chat.page)
    sign_in(chat.page, "ben")
    chat.open(room)
    expect(chat.composer).to_have_value("")
    expect(chat.outbox).to_be_empty()
    expect(chat.page.locator("#unsent")).to_be_hidden()
    assert not Message.objects.exists()


def test_deleting_the_account_deletes_it(chat: Chat) -> None:
    chat.page.goto("/account/delete/")
    chat.page.get_by_label("Password").fill(PASSWORD)
    chat.page.get_by_role("button", name="Delete").last.click()
    chat.page.wait_for_url("**/deleted/**")
    expect_nothing_kept(chat.page)


def test_an_error_page_keeps_it(chat: Chat, ben: User) -> None:
    chat.page.goto("/conversations/999999/")
    expect(chat.page.get_by_role("heading", name="Page not found")).to_be_visible()
    assert kept_texts(chat.page) == [SECRET]


def test_signed_in_again_the_open_page_keeps_it_again(chat: Chat) -> None:
    other = chat.page.context.new_page()
    sign_out(other)
    expect(chat.page.locator("#connection")).to_contain_text("You are signed out")
    expect_nothing_kept(chat.page)  # the page has found out before somebody is signed in again
    sign_in(other, "ada")
    chat.outbox.get_by_role("button", name="Try again").click()
    expect(chat.row_with(SECRET)).to_be_visible()
    expect(chat.outbox).to_be_empty()
    assert Message.objects.count() == 1


def test_a_former_member_finds_it_in_the_sidebar_with_the_reason(
    chat: Chat, ada: User, room: Conversation
) -> None:
    leave(room, ada)
    chat.page.goto("/")
    sidebar = chat.page.locator("#unsent")
    sidebar.get_by_role("button", name="Not sent").click()
    sidebar.get_by_role("button", name="Try again").click()
    expect(sidebar).to_contain_text("do not have access")
    expect(sidebar).to_contain_text(SECRET)
    assert kept_texts(chat.page) == [SECRET]
