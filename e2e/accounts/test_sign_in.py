import re
from collections.abc import Callable

from django.core import mail
from playwright.sync_api import Page, expect
from pytest_django import Settings

from e2e.accessibility import faults_of
from e2e.browser_state import notices_stay
from e2e.chat import Chat
from e2e.conftest import PASSWORD
from messaging.models import Conversation, User
from messaging.models.messages.saving import post
from tests.factories import open_sign_up


def sign_in(page: Page, username: str, password: str) -> None:
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_a_person_signs_in_and_out_and_in(
    open_page: Callable[..., Page], ada: User, room: Conversation, script: bool
) -> None:
    page = open_page(script=script)
    page.goto("/account/login/")
    sign_in(page, "ada", PASSWORD)
    expect(Chat(page).title).to_have_text("# harbour")
    Chat(page).open(Conversation.objects.direct(ada, ada))
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.goto("/")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    sign_in(page, "ada", PASSWORD)
    expect(Chat(page).title).to_have_text("Notes to yourself")  # where she signed out


def test_a_wrong_password_is_reported_and_the_username_is_kept(
    open_page: Callable[..., Page], ada: User, script: bool
) -> None:
    page = open_page(script=script)
    page.goto("/account/login/")
    sign_in(page, "ada", "four grey seals")
    expect(page.get_by_role("alert")).to_contain_text("not correct")
    expect(page.get_by_label("Username")).to_have_value("ada")
    expect(page.get_by_label("Password")).to_have_value("")


def test_signing_in_leads_to_the_page_that_was_requested(
    open_page: Callable[..., Page], ada: User, room: Conversation, script: bool
) -> None:
    message = post(room, ada, "High water at noon")
    chat = Chat(open_page(script=script)).open_thread(message)
    expect(chat.page).to_have_url(f"/account/login/?next=/messages/{message.pk}/thread/")
    expect(chat.page.get_by_text("High water")).to_have_count(0)
    sign_in(chat.page, "ada", PASSWORD)
    expect(chat.page).to_have_url(f"/messages/{message.pk}/thread/")
    expect(chat.answer(message)).to_contain_text("High water at noon")


def test_after_a_password_change_only_the_new_password_works(
    open_page: Callable[..., Page], ada: User, script: bool
) -> None:
    page = notices_stay(open_page(ada, script=script))
    page.goto("/")
    page.get_by_role("link", name="Your settings").click()
    page.get_by_role("link", name="Password").click()
    page.get_by_label("Current password").fill(PASSWORD)
    page.get_by_label("New password", exact=True).fill("five grey seals")
    page.get_by_label("New password (again)").fill("five grey geese")
    page.get_by_role("button", name="Change password").click()
    expect(page.locator(".errors")).to_contain_text("same password")
    page.get_by_label("Current password").fill(PASSWORD)
    page.get_by_label("New password", exact=True).fill("five grey seals")
    page.get_by_label("New password (again)").fill("five grey seals")
    page.get_by_role("button", name="Change password").click()
    expect(page.locator(".notices")).to_contain_text("Your password was changed")

    other = open_page(script=script)
    other.goto("/account/login/")
    sign_in(other, "ada", PASSWORD)
    expect(other.get_by_role("alert")).to_contain_text("not correct")
    sign_in(other, "ada", "five grey seals")
    expect(other.get_by_role("heading", level=1)).to_have_text("Rooms")  # she is in no conversation


def test_a_non_member_sees_nothing_of_a_private_room(
    open_page: Callable[..., Page], ada: User, script: bool
) -> None:
    private = Conversation.objects.create_room("vault", by=ada, is_private=True)
    secret = post(private, ada, "The code is 1234")
    page = open_page(User.objects.create_user("stranger"), script=script)
    for path in (
        f"/conversations/{private.pk}/",
        f"/messages/{secret.pk}/",
        f"/messages/{secret.pk}/thread/",
    ):
        answer = page.goto(path)
        assert answer
        assert answer.status == 404
        expect(page.get_by_role("heading", name="Page not found")).to_be_visible()
        expect(page.get_by_text("1234")).to_have_count(0)
    page.get_by_role("link", name="Back to conversations").click()
    expect(page.get_by_role("heading", name="Choose a conversation")).to_be_visible()
    expect(Chat(page).place("vault")).to_have_count(0)


def test_guessing_a_password_is_stopped(open_page: Callable[..., Page], ada: User) -> None:
    page = open_page()
    page.goto("/account/login/")
    for guess in range(5):
        sign_in(page, "ada", f"guess {guess}")
        expect(page.get_by_role("alert")).to_contain_text("not correct")
        page.goto("/account/login/")
    sign_in(page, "ada", PASSWORD)
    expect(page.get_by_role("alert")).to_contain_text("Too many failed")
    assert faults_of(page) == []


def test_the_email_address_of_a_new_account_is_set_when_its_code_is_entered(
    open_page: Callable[..., Page], ada: User, settings: Settings
) -> None:
    settings.HAS_MAIL_SERVER = True
    open_sign_up()
    page = open_page()
    page.goto("/account/signup/")
    page.get_by_label("Username").fill("zoe")
    page.get_by_label("Email address").fill("zoe@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password (again)").fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_text("We sent a code to zoe@example.org")).to_be_visible()
    assert faults_of(page) == []
    page.get_by_label("Code").fill("BBBB-BBBB")
    page.get_by_role("button", name="Confirm").click()
    expect(page.locator(".errors")).to_contain_text("Incorrect code")
    page.get_by_role("button", name="Send another code").click()
    expect(page.get_by_text("We sent another code")).to_be_visible()
    assert faults_of(page) == []
    [code] = re.findall(r"[A-Z]{4}-[A-Z]{4}", str(mail.outbox[-1].subject))
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Confirm").click()
    expect(page).to_have_url("/rooms/")
    expect(page.get_by_text("Your email address is now zoe@example.org")).to_be_visible()
    page.goto("/account/email/")
    assert faults_of(page) == []
