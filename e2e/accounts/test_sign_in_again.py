"""A new sign-in in another tab makes the CSRF token of an open page invalid.

The page gets a new token and continues, unless another person has signed in.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import FilePayload, Page, expect

from e2e.chat import Chat, delayed
from e2e.conftest import PASSWORD
from e2e.places.places import connected
from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post


def sign_out(page: Page) -> None:
    page.goto("/account/logout/")
    page.get_by_role("button", name="Sign out").last.click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def sign_in(page: Page, username: str) -> None:
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(Chat(page).title).to_have_text("# harbour")


def sign_in_again(chat: Chat, username: str) -> None:
    """Sign out and in again, in another tab."""
    other = chat.page.context.new_page()
    sign_out(other)
    sign_in(other, username)


@pytest.fixture
def chat(open_page: Callable[..., Page], ada: User, room: Conversation) -> Chat:
    chat = Chat(open_page(ada)).open(room)
    connected(chat.page)
    return chat


def test_what_was_refused_is_sent_once_more_and_arrives_once(
    chat: Chat, ben: User, room: Conversation
) -> None:
    with delayed(chat.page, "/token/"):  # the page may notice the new session before it sends
        sign_in_again(chat, "ada")
        with chat.page.expect_response("**/send/") as refused:
            chat.send("Still me")
        assert refused.value.status == 403
    expect(chat.row_with("Still me")).to_be_visible()
    expect(chat.outbox).to_be_empty()
    expect(chat.page.locator(".notice")).to_have_count(0)
    assert [message.content for message in Message.objects.all()] == ["Still me"]
    expect(chat.page.locator("#connection")).to_be_empty()
    post(room, ben, "And live again")
    expect(chat.row_with("And live again")).to_be_visible()


def test_an_edit_and_a_reply_go_through_too(chat: Chat, ada: User, room: Conversation) -> None:
    message = post(room, ada, "High water at nine")
    expect(chat.row(message)).to_be_visible()
    edit = chat.form(chat.row(message), "Edit")
    edit.text.fill("High water at ten")
    sign_in_again(chat, "ada")
    edit.form.get_by_role("button", name="Save").click()
    expect(chat.row(message).locator(".message .prose")).to_have_text("High water at ten")
    expect(edit.form).to_have_count(0)  # the stream may be faster than the answer, which closes it
    chat.reply(chat.row(message), "Sure?")
    assert Message.objects.filter(parent_message=message).count() == 1


def test_a_file_is_uploaded_once_more(chat: Chat) -> None:
    file: FilePayload = {"name": "plan.txt", "mimeType": "text/plain", "buffer": b"words"}
    with delayed(chat.page, "/token/"):  # as above
        sign_in_again(chat, "ada")
        with chat.page.expect_response("**/files/") as refused:
            chat.page.locator(".main .composer [type=file]").set_input_files(file)
        assert refused.value.status == 403
    expect(chat.page.locator(".composer [name=uploaded]")).to_be_checked()


def test_if_somebody_else_signed_in_nothing_is_sent_and_the_text_stays(chat: Chat, ben: User) -> None:
    sign_in_again(chat, "ben")
    chat.send("Ada's secret")
    expect(chat.outbox).to_contain_text("Somebody else is signed in now")
    expect(chat.outbox).to_contain_text("Ada's secret")
    chat.outbox.get_by_role("button", name="Try again").click()
    expect(chat.outbox).to_contain_text("Somebody else is signed in now")
    assert not Message.objects.exists()
    chat.outbox.get_by_role("button", name="Edit").click()
    expect(chat.composer).to_have_value("Ada's secret")


def test_after_a_sign_out_the_text_stays_and_can_be_sent_after_signing_in(chat: Chat) -> None:
    other = chat.page.context.new_page()
    sign_out(other)
    expect(chat.page.locator("#connection")).to_contain_text("You are signed out")
    chat.send("Wait for me")
    expect(chat.outbox).to_contain_text("You are signed out")
    with chat.page.context.expect_page() as opened:
        chat.page.locator("#connection").get_by_role("link", name="Sign in").click()
    sign_in(opened.value, "ada")
    expect(opened.value).to_have_url(chat.page.url)
    chat.page.bring_to_front()
    chat.outbox.get_by_role("button", name="Try again").click()
    expect(chat.row_with("Wait for me")).to_be_visible()
    expect(chat.outbox).to_be_empty()
    expect(chat.page.locator("#connection")).to_be_empty()
    assert Message.objects.count() == 1
