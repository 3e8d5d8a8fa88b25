from collections.abc import Callable

from playwright.sync_api import Page, expect

from e2e.accessibility import faults_of
from e2e.chat import Chat
from messaging.models import Conversation, User
from messaging.models.messages.saving import post
from messaging.models.messages.timeline import PAGE_SIZE
from messaging.models.rooms.members import add, leave
from messaging.models.rooms.settings import archive, unarchive
from tests.views.growing import add_members, write_roots


def test_a_person_joins_and_leaves_a_room(
    open_page: Callable[..., Page], ada: User, room: Conversation, script: bool
) -> None:
    Conversation.objects.create_room("vault", by=ada, is_private=True)
    post(room, ada, "Come in")
    noor = User.objects.create_user("noor")
    chat = Chat(open_page(noor, script=script))
    chat.page.goto("/")
    chat.page.get_by_role("link", name="Browse rooms").last.click()
    expect(chat.page.locator(".room h2")).to_have_text(["# harbour"])
    expect(chat.page.locator(".room")).to_contain_text("2 people")
    chat.page.get_by_role("button", name="Join harbour").click()
    expect(chat.title).to_have_text("# harbour")
    expect(chat.page.locator(".bar")).to_contain_text("3 people · Ships and tides")
    expect(chat.row_with("Come in")).to_be_visible()
    expect(chat.place("harbour")).to_be_visible()

    chat.page.get_by_role("button", name="Room menu").click()
    chat.page.get_by_role("link", name="Leave this room").click()
    chat.page.get_by_role("button", name="Leave", exact=True).click()
    expect(chat.page.get_by_role("heading", name="Choose a conversation")).to_be_visible()
    expect(chat.place("harbour")).to_have_count(0)
    chat.page.goto(f"/conversations/{room.pk}/")
    expect(chat.row_with("Come in")).to_be_visible()
    expect(chat.composer).to_have_count(0)
    chat.page.get_by_role("button", name="Join # harbour").click()
    chat.send("Here again")
    expect(chat.row_with("Here again")).to_be_visible()


def test_a_public_room_is_read_before_joining(
    open_page: Callable[..., Page], ada: User, room: Conversation, script: bool
) -> None:
    """From the newest message to the oldest one and back, with nothing to press that is for members only."""
    messages = write_roots(room, ada, 2 * PAGE_SIZE + 5)
    reply = post(room, ada, "An answer", parent=messages[-1])
    messages[-1].edit("The last one")
    chat = Chat(open_page(User.objects.create_user("noor"), script=script))
    chat.page.goto(f"/messages/{reply.pk}/")
    last = chat.row(messages[-1])
    expect(last).to_be_in_viewport()
    expect(last.locator(".summary b")).to_have_text("1 reply")
    expect(last.get_by_role("link", name="1 reply")).to_have_count(0)
    expect(last.get_by_role("link", name="edited")).to_have_count(0)
    last.hover()
    expect(last.get_by_title("Reply", exact=True)).to_be_hidden()
    for shown in (messages[PAGE_SIZE], messages[0]):
        chat.timeline.get_by_role("link", name="Older messages").click()
        expect(chat.row(shown)).to_be_visible()
    chat.page.get_by_role("link", name="Newest").click()
    expect(last).to_be_visible()
    expect(chat.place("harbour")).to_have_count(0)
    if script:
        assert faults_of(chat.page) == []
    chat.page.get_by_role("button", name="Join # harbour").click()
    expect(chat.composer).to_be_visible()
    expect(chat.badge("harbour")).to_be_hidden()


def test_text_of_a_removed_member_is_not_lost(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, script: bool
) -> None:
    post(room, ada, "Only for us")
    chat = Chat(open_page(ben, script=script)).open(room)
    chat.composer.fill("My long letter")
    leave(room, ben)
    chat.send_button.click()
    if script:
        expect(chat.outbox.get_by_role("alert")).to_contain_text("do not have access")
        expect(chat.outbox).to_contain_text("My long letter")
        expect(chat.page.locator("#connection")).to_contain_text("no longer a member")
    else:
        expect(chat.page.get_by_label("Your message")).to_have_value("My long letter")
        expect(chat.page.get_by_text("Only for us")).to_have_count(0)


def test_an_open_page_is_updated_when_the_room_is_archived_and_unarchived(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation
) -> None:
    message = post(room, ben, "To be continued")
    chat = Chat(open_page(ben)).listen(f"/conversations/{room.pk}/")
    note = chat.page.get_by_text("This room is archived")
    reply, edit = (chat.row(message).locator(".action").nth(number) for number in (0, 1))
    chat.composer.fill("Half a thought")

    def expect_writable(is_writable: bool) -> None:
        chat.row(message).hover()
        for part in (chat.composer, reply, edit):
            expect(part).to_be_visible(visible=is_writable)
        expect(note).to_be_visible(visible=not is_writable)

    expect_writable(True)
    archive(room, ada)
    expect_writable(False)
    expect(chat.menu(chat.row(message)).get_by_text("Reply")).to_have_count(0)
    chat.page.keyboard.press("Escape")
    plain = Chat(open_page(ben, script=False)).open(room)
    expect(plain.page.get_by_text("This room is archived")).to_be_visible()
    expect(plain.composer).to_be_hidden()
    unarchive(room, ada)
    expect_writable(True)
    expect(chat.composer).to_have_value("Half a thought")


def test_the_members_of_a_large_room_are_searched(
    open_page: Callable[..., Page], ada: User, room: Conversation, script: bool
) -> None:
    add_members(room, 120)
    add(room, User.objects.create_user("zoe", display_name="Zoë Zander"))
    page = open_page(ada, script=script)
    page.goto(f"/conversations/{room.pk}/members/")
    expect(page.locator(".person")).to_have_count(50)
    expect(page.get_by_text("Zoë Zander")).to_have_count(0)
    page.get_by_role("searchbox", name="Search members").fill("zoe z")
    page.get_by_role("search").get_by_role("button", name="Search").click()
    expect(page.locator(".person b")).to_have_text(["Zoë Zander"])
    expect(page.locator(".bar")).to_contain_text("123 people")
    if script:
        assert faults_of(page) == []
    page.get_by_role("searchbox", name="Search members").fill("nobody")
    page.get_by_role("searchbox", name="Search members").press("Enter")
    page.get_by_role("link", name="Show all members").click()
    expect(page.locator(".person")).to_have_count(50)
