"""A team comes together: its owner sets Parley up, a member joins on the phone, a guest sees one room."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from e2e.accessibility import faults_of
from e2e.browser_state import notices_stay
from e2e.chat import Chat
from e2e.conftest import PASSWORD
from e2e.passkeys import VirtualAuthenticator
from messaging.http.middleware import SetUpMiddleware
from messaging.models import Conversation, Installation, User
from tests.factories import uploaded_picture

OpenPage = Callable[..., Page]


def set_up(page: Page) -> None:
    """The link from the console: the first account, and the team's name."""
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Parley is not set up yet")
    page.goto(f"/set-up/{Installation.objects.new_setup_link()}/")
    page.get_by_label("Team name").fill("Harbour office")
    page.get_by_label("Username").fill("olga")
    page.get_by_label("Your name").fill("Olga Tide")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password (again)").fill(PASSWORD)
    page.get_by_role("button", name="Start").click()
    expect(Chat(page).title).to_have_text("# general")
    expect(page.get_by_role("link", name="Harbour office")).to_be_visible()


def take_the_first_steps(page: Page) -> None:
    """Each ticks itself off, and with the last they are gone."""
    chat, steps = Chat(page), page.get_by_role("region", name="First steps")
    assert faults_of(page) == []
    steps.get_by_role("link", name="Say hello").click()
    expect(chat.composer).to_be_focused()
    chat.send("Hello, everybody")
    expect(steps.get_by_role("listitem").first).to_have_text("Say hello, done")
    assert faults_of(page) == []
    steps.get_by_role("button", name="Copy an invitation link").click()
    expect(page.get_by_role("button", name="Copy")).to_be_visible()
    expect(steps.get_by_role("listitem").nth(1)).to_have_text("Copy an invitation link, done")
    steps.get_by_role("link", name="Name the team").click()
    picture = {"name": "team.png", "mimeType": "image/png", "buffer": uploaded_picture(900)}
    page.get_by_role("button", name="Picture").set_input_files(picture)  # type: ignore[arg-type]
    page.get_by_role("button", name="Save").click()
    expect(page.locator("img.logo")).to_be_visible()
    expect(steps).to_have_count(0)


def invite(page: Page, role: str, room: str = "") -> str:
    """Creates an invitation and returns the path of its link."""
    page.goto("/")
    page.get_by_role("link", name="Invite people").click()
    page.get_by_label(role).check()
    expect(page.get_by_label("# general")).to_be_checked()
    if room:
        page.get_by_label("# general").uncheck()
        page.get_by_label(f"# {room}").check()
    page.get_by_role("button", name="Create link").click()
    link = page.get_by_label("Link", exact=True).input_value()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == link
    expect(page.locator(".person", has_text=role).first).to_contain_text("for 1 person")
    return link[link.index("/invitations/") :]


def accept_invitation(page: Page, link: str, username: str, name: str) -> None:
    page.goto(link)
    expect(page.locator(".card")).to_contain_text("invites you to Harbour office")
    page.get_by_label("Username").fill(username)
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password (again)").fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    expect(page.locator(".me").or_(page.locator(".bar"))).not_to_have_count(0)


def add_a_passkey(page: Page, password: str = "") -> None:
    """Add one in the settings, which ask for the password unless the person signed in a moment ago."""
    page.goto("/account/")
    page.get_by_role("link", name="Two-factor authentication").click()
    page.get_by_role("link", name="Add a passkey").click()
    if password:
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Add passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    expect(page.locator(".codes code")).to_have_count(10)
    page.get_by_role("link", name="Done").click()
    expect(page.locator(".person")).to_contain_text("Passkey")


def sign_out(page: Page) -> None:
    page.goto("/")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_a_team_comes_together(
    open_page: OpenPage,
    server: str,
    faults: list[str],
    transactional_db: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(SetUpMiddleware, "is_set_up", False)
    address_by_name = server.replace("127.0.0.1", "localhost")
    owner = notices_stay(open_page())
    set_up(owner)
    take_the_first_steps(owner)
    assert [fault[:3] for fault in faults] == ["503"]  # the page that says that Parley is not set up
    faults.clear()

    phone = open_page(phone=True, address=address_by_name)
    VirtualAuthenticator(phone)
    accept_invitation(phone, invite(owner, "Member"), "mia", "Mia Sand")
    expect(Chat(phone).title).to_have_text("# general")
    add_a_passkey(phone, PASSWORD)
    sign_out(phone)
    phone.get_by_role("button", name="Sign in with a passkey").click()
    expect(phone.locator(".me")).to_contain_text("Mia Sand")

    owner.goto(f"/people/{User.objects.get(username='mia').pk}/")
    owner.get_by_label("Role").select_option(label="Administrator")
    owner.get_by_role("button", name="Change role").click()
    expect(owner.locator(".notices")).to_contain_text("Role of Mia Sand: Administrator")

    phone.goto("/rooms/new/")
    phone.get_by_role("textbox", name="Name").fill("quay")
    phone.get_by_label("Private: only people who are added").check()
    phone.get_by_role("button", name="Create room").click()
    expect(Chat(phone).title).to_have_text("Add people")
    quay = Conversation.objects.get(name="quay")
    mia = Chat(phone).open(quay)
    mia.send("Only for the quay")
    expect(mia.row_with("Only for the quay")).to_be_visible()
    owner.goto("/rooms/new/")
    owner.get_by_role("textbox", name="Name").fill("everyone")
    owner.get_by_role("button", name="Create room").click()
    expect(Chat(owner).title).to_have_text("Add people")

    guest = open_page()
    accept_invitation(guest, invite(phone, "Guest", room="quay"), "gil", "Gil Rope")
    gil = Chat(guest)
    expect(gil.title).to_contain_text("quay")
    expect(gil.row_with("Only for the quay")).to_be_visible()
    expect(guest.get_by_role("navigation", name="Conversations")).not_to_contain_text("everyone")
    everyone = Conversation.objects.get(name="everyone")
    for path in (f"/conversations/{everyone.pk}/", "/site/", "/invitations/"):
        assert guest.request.get(path).status == 404
    guest.goto("/rooms/")
    expect(guest.locator("main")).not_to_contain_text("everyone")
    guest.goto("/people/")
    expect(guest.locator("main")).not_to_contain_text("Olga Tide")
    expect(guest.locator("main")).to_contain_text("Mia Sand")

    phone.goto("/account/delete/")
    phone.get_by_role("button", name="Delete my account with a passkey").click()
    expect(phone.get_by_role("heading", name="Your account was deleted")).to_be_visible()
    assert not User.objects.filter(username="mia").exists()


@pytest.fixture
def adas_browser(open_page: OpenPage, ada: User, server: str) -> Page:
    """Ada's browser, signed in with her password. It is at `localhost`, since passkeys need a host name."""
    page = open_page(address=server.replace("127.0.0.1", "localhost"))
    page.goto("/account/login/")
    sign_in_by_password(page)
    expect(page.locator(".me")).to_be_visible()
    return page


def sign_in_by_password(page: Page) -> None:
    page.get_by_label("Username").fill("ada")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_the_page_that_asks_for_a_passkey_is_asked_for_once(adas_browser: Page) -> None:
    page = adas_browser
    page.goto("/account/two-factor/")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/webauthn/add/" in request.url else None)
    page.get_by_role("link", name="Add a passkey").hover()
    page.wait_for_timeout(150)  # more than a pointer must rest on a link whose place is fetched ahead
    page.get_by_role("link", name="Add a passkey").click()
    expect(page.get_by_role("button", name="Add passkey")).to_be_visible()
    assert len(asked) == 1


def test_after_the_password_a_passkey_is_asked_for(adas_browser: Page, ada: User) -> None:
    authenticator = VirtualAuthenticator(adas_browser)
    add_a_passkey(adas_browser)
    sign_out(adas_browser)
    sign_in_by_password(adas_browser)
    expect(adas_browser.get_by_role("heading", name="Two-factor authentication")).to_be_visible()
    authenticator.fail_verification()
    adas_browser.get_by_role("button", name="Use a passkey").click()
    expect(adas_browser.get_by_role("alert")).to_contain_text("No passkey was chosen")
    adas_browser.goto("/")
    expect(adas_browser.get_by_role("heading", name="Two-factor authentication")).to_be_visible()
    expect(adas_browser.locator(".me")).to_have_count(0)


def test_a_passkey_is_renamed_and_removed(adas_browser: Page, ada: User) -> None:
    VirtualAuthenticator(adas_browser)
    add_a_passkey(adas_browser)
    adas_browser.get_by_role("link", name="Rename").click()
    adas_browser.get_by_role("textbox", name="Name").fill("My phone")
    adas_browser.get_by_role("button", name="Save").click()
    expect(adas_browser.locator(".person")).to_contain_text("My phone")
    adas_browser.get_by_role("link", name="Remove").click()
    adas_browser.get_by_role("button", name="Remove").click()
    expect(adas_browser.locator(".person")).to_have_count(0)
    sign_out(adas_browser)
    sign_in_by_password(adas_browser)
    expect(adas_browser.locator(".me")).to_be_visible()
