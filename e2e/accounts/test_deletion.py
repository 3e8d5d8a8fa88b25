import json
from collections.abc import Callable
from zipfile import ZipFile

from playwright.sync_api import Page, expect

from e2e.chat import Chat
from e2e.conftest import PASSWORD
from messaging.models import Conversation, User
from messaging.models.messages.saving import post


def test_a_person_exports_their_data_and_deletes_their_account(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, script: bool
) -> None:
    question = post(room, ada, "Who has the key?")
    answer = post(room, ben, "I have", parent=question)
    page = open_page(ada, script=script)
    page.goto("/")
    page.get_by_role("link", name="Your settings").click()
    page.get_by_role("link", name="Delete your account").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Export your data first").click()
    lines = ZipFile(download.value.path()).read("messages.jsonl").decode().splitlines()
    assert "Who has the key?" in json.loads(lines[-1]).values()

    password = page.get_by_label("Your password")
    password.fill("four grey seals")
    page.get_by_role("button", name="Delete my account").click()
    expect(page.locator(".errors")).to_contain_text("not your password")
    password.fill(PASSWORD)
    page.get_by_role("button", name="Delete my account").click()
    expect(page.get_by_role("heading", name="Your account was deleted")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text="Messages: 1")).to_be_visible()
    page.get_by_role("link", name="Go to the sign-in page").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()

    his = Chat(open_page(ben, script=script)).open(room)
    expect(his.row(question)).to_contain_text("Message removed")
    expect(his.page.get_by_text("Ada Lovelace")).to_have_count(0)
    his.open_thread(question)
    expect(his.answer(answer)).to_contain_text("I have")
