"""People and places in the browser: an account, a picture, rooms, conversations; with script and without."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from e2e.accessibility import faults_of
from e2e.browser_state import notices_stay
from e2e.chat import Chat
from e2e.conftest import PASSWORD
from e2e.late.holding import hold
from messaging.models import Conversation, User
from messaging.models.messages.saving import post
from tests.factories import open_sign_up, uploaded_picture


@pytest.fixture
def sol(transactional_db: None) -> User:
    return User.objects.create_user("sol", display_name="Sol Marek")


def test_a_newcomer_makes_an_account_and_finds_the_rooms(
    open_page: Callable[..., Page], room: Conversation, script: bool
) -> None:
    open_sign_up()
    chat = Chat(open_page(script=script))
    chat.page.goto("/")
    chat.page.get_by_role("link", name="Create an account").click()
    chat.page.get_by_label("Username").fill("Mina")
    chat.page.get_by_label("Your name").fill("Mina Farahani")
    chat.page.get_by_label("Password", exact=False).first.fill(PASSWORD)
    chat.page.get_by_label("Password (again)").fill("three grey geese")
    chat.page.get_by_role("button", name="Create account").click()
    expect(chat.page.locator(".errors")).to_contain_text("same password")
    expect(chat.page.get_by_label("Your name")).to_have_value("Mina Farahani")
    assert faults_of(chat.page) == [] if script else True
    chat.page.get_by_label("Password", exact=False).first.fill(PASSWORD)
    chat.page.get_by_label("Password (again)").fill(PASSWORD)
    chat.page.get_by_role("button", name="Create account").click()
    chat.page.get_by_role("button", name="Join harbour").click()
    expect(chat.title).to_have_text("# harbour")
    expect(chat.page.locator(".me")).to_contain_text("@mina")


def test_a_person_sets_a_name_a_picture_and_the_dark_theme(
    open_page: Callable[..., Page],
    ada: User,
    ben: User,
    room: Conversation,
    script: bool,
    tmp_path: Path,
) -> None:
    message = post(room, ada, "Land ho")
    picture = tmp_path / "me.png"
    picture.write_bytes(uploaded_picture(300))
    his = Chat(open_page(ben, script=script)).open(room)
    expect(his.row(message).locator("img.avatar")).to_have_count(0)
    page = notices_stay(open_page(ada, script=script))
    page.goto("/")
    page.get_by_role("link", name="Your settings").click()
    page.get_by_label("Your name").fill("Ada King")
    page.get_by_role("button", name="Picture").set_input_files(picture)
    page.get_by_label("Dark").check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".notices")).to_contain_text("Settings saved")
    expect(page.locator("html")).to_have_css("color-scheme", "dark")
    expect(page.locator(".me img.avatar")).to_be_visible()
    his.open(room)
    face = his.row(message).locator("img.avatar")
    expect(face).to_be_visible()
    if script:
        assert face.evaluate("image => image.decode().then(() => image.naturalWidth)") == 256
    his.row(message).get_by_role("link", name="Ada King", exact=True).click()
    if script:  # the link opens a card
        his.page.get_by_role("link", name="Profile", exact=True).click()
    expect(his.page.get_by_role("heading", name="Ada King")).to_be_visible()
    expect(his.page.locator(".profile img.avatar")).to_be_visible()

    page.get_by_label("Remove the picture").check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".me img.avatar")).to_have_count(0)
    picture.write_text("no picture")
    page.get_by_label("Your name").fill("Ada the Great")
    page.get_by_role("button", name="Picture").set_input_files(picture)
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".errors")).to_contain_text("picture cannot be read")
    expect(page.get_by_label("Your name")).to_have_value("Ada the Great")


def test_a_conversation_is_begun_with_one_person_and_with_several(
    open_page: Callable[..., Page], ada: User, ben: User, sol: User, script: bool
) -> None:
    chat = Chat(open_page(ada, script=script))

    def choose(*names: str) -> None:
        chat.page.get_by_role("link", name="New conversation").first.click()
        for name in names:
            chat.page.get_by_label("Search people").fill(name[:4])
            if not script:
                chat.page.get_by_role("button", name="Search").click()
            expect(chat.page.locator("label", has_text=name)).to_be_visible()
            chat.page.get_by_label(name).check()
        chat.page.get_by_role("button", name="Start").click()

    chat.page.goto("/")
    choose("Ben Okri")
    expect(chat.title).to_have_text("Ben Okri")
    chat.send("Hello you")
    expect(chat.row_with("Hello you")).to_be_visible()
    choose("Ben Okri", "Sol Marek")
    expect(chat.title).to_have_text("Ben Okri, Sol Marek")
    group = chat.page.url
    chat.send("Hello both")
    expect(chat.row_with("Hello both")).to_be_visible()
    choose("Sol Marek", "Ben Okri")
    expect(chat.page).to_have_url(group.partition("#")[0])
    choose("Ada Lovelace")
    expect(chat.title).to_have_text("Notes to yourself")


def test_searching_while_typing_keeps_the_focus_and_the_chosen_people(
    open_page: Callable[..., Page], ada: User, ben: User, sol: User
) -> None:
    page = open_page(ada)
    page.goto("/conversations/new/")
    page.get_by_label("Ben Okri").check()
    words = page.get_by_label("Search people")
    words.press_sequentially("marek")
    expect(page.locator(".choice")).to_have_count(2)
    expect(words).to_be_focused()
    expect(page.get_by_label("Ben Okri")).to_be_checked()
    assert faults_of(page) == []
    page.get_by_role("button", name="Start").click()
    expect(Chat(page).title).to_have_text("Ben Okri")


def test_who_is_chosen_while_a_search_is_under_way_stays_chosen(
    open_page: Callable[..., Page], ada: User, ben: User, sol: User
) -> None:
    page = open_page(ada)
    page.goto("/conversations/new/")
    with hold(page, "/conversations/new/", "POST") as held:
        page.get_by_label("Search people").press_sequentially("okri")
        held.wait()
        page.get_by_label("Sol Marek").check()
        held.settle()
    expect(page.locator(".choice")).to_have_count(2)
    expect(page.get_by_label("Sol Marek")).to_be_checked()
    expect(page.get_by_label("Sol Marek")).to_be_focused()


def test_a_private_room_is_created_gets_members_and_is_left(
    open_page: Callable[..., Page], ada: User, ben: User, script: bool
) -> None:
    Conversation.objects.create_room("Harbour", by=ben)
    chat = Chat(notices_stay(open_page(ada, script=script)))
    chat.page.goto("/")
    chat.page.get_by_role("link", name="New room").click()
    chat.page.get_by_label("Name", exact=True).fill("harbour")
    chat.page.get_by_label("Topic").fill("Ships and tides")
    chat.page.get_by_label("Private: only people who are added").check()
    chat.page.get_by_role("button", name="Create room").click()
    expect(chat.page.locator(".errors")).to_contain_text("A room with this name already exists")
    expect(chat.page.get_by_label("Topic")).to_have_value("Ships and tides")
    chat.page.get_by_label("Name", exact=True).fill("Vault")
    chat.page.get_by_role("button", name="Create room").click()
    chat.page.get_by_label("Ben Okri").check()
    chat.page.get_by_role("button", name="Add").click()
    expect(chat.page.locator(".notices")).to_contain_text("Added: Ben Okri")
    expect(chat.page.locator(".bar")).to_contain_text("2 people · private · Ships and tides")

    his = Chat(open_page(ben, script=script))
    his.page.goto("/")
    his.place("Vault").click()
    his.page.get_by_role("button", name="Room menu").click()
    his.page.get_by_role("link", name="Leave this room").click()
    his.page.get_by_role("link", name="Cancel").click()
    expect(his.title).to_have_text("# Vault")
    his.page.get_by_role("button", name="Room menu").click()
    his.page.get_by_role("link", name="Leave this room").click()
    his.page.get_by_role("button", name="Leave").click()
    expect(his.page.get_by_role("heading", name="Choose a conversation")).to_be_visible()
    expect(his.place("Vault")).to_have_count(0)
