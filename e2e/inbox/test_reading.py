import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from e2e.chat import Chat
from e2e.inbox.unread_rows import waves
from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post


def test_the_sidebar_shows_unread_counts_and_leads_to_the_conversations(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, script: bool
) -> None:
    post(room, ben, "The ferry is late")
    post(room, ben, "Very late")
    post(room, ada, "Thank you")
    Message.objects.create(sender=ben, receiver=ada, content="Tea?")
    chat = Chat(open_page(ada, script=script))
    chat.page.goto("/")
    expect(chat.badge("harbour")).to_have_text("2 unread")
    expect(chat.badge("Ben Okri")).to_have_text("1 unread")
    chat.place("harbour").click()
    expect(chat.title).to_have_text("# harbour")
    expect(chat.place("harbour")).to_have_attribute("aria-current", "page")
    expect(chat.timeline.locator(".prose")).to_have_text(["The ferry is late", "Very late", "Thank you"])


def test_marking_as_read_removes_the_badge_and_the_number_in_the_title(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, script: bool
) -> None:
    post(room, ben, "The ferry is late")
    chat = Chat(open_page(ada, script=script)).without_reports().open(room)
    expect(chat.page).to_have_title("(1) harbour · Parley")
    chat.page.get_by_role("button", name="Mark as read").click()
    expect(chat.page).to_have_title("harbour · Parley")
    expect(chat.badge("harbour")).to_be_hidden()
    expect(chat.page.get_by_role("button", name="Mark as read")).to_have_count(0)
    expect(chat.row_with("The ferry is late")).to_be_visible()
    assert Message.unread_messages.count_for_user(ada) == 0


def test_older_messages_are_a_click_away_and_newer_ones_too(
    open_page: Callable[..., Page], ada: User, room: Conversation, script: bool
) -> None:
    all_waves = waves(room, ada, 90)
    chat = Chat(open_page(ada, script=script)).open(room)
    texts = chat.timeline.locator(".prose")
    expect(texts).to_have_count(40)
    expect(chat.row(all_waves[-1])).to_be_in_viewport()
    for _ in range(1 if script else 2):
        first = texts.first.text_content() or ""
        chat.load_more("Older messages", script)
        expect(texts.first).not_to_have_text(first)
    if script:
        chat.load_rest()
    expect(chat.row(all_waves[0])).to_be_attached()
    if script:
        expect(texts).to_have_text([f"Wave {number}" for number in range(90)])
        return
    expect(texts).to_have_text([f"Wave {number}" for number in range(10)])
    chat.page.get_by_role("link", name="Newer messages").click()
    expect(texts).to_have_text([f"Wave {number}" for number in range(10, 50)])


def test_a_link_to_a_message_leads_to_its_place_and_on_to_the_newer_ones(
    open_page: Callable[..., Page], ada: User, room: Conversation, script: bool
) -> None:
    all_waves = waves(room, ada, 90)
    page = open_page(ada, script=script)
    page.goto(f"/messages/{all_waves[20].pk}/")
    chat = Chat(page)
    expect(page).to_have_url(re.compile(rf"#m-{all_waves[20].pk}$"))
    expect(chat.row(all_waves[20])).to_be_in_viewport()
    if not script:  # it loads what is near
        chat.load_more("Newer messages", script)
    expect(chat.row(all_waves[60])).to_be_attached()
    expect(chat.row(all_waves[20])).to_have_count(1 if script else 0)


def test_another_person_sees_a_message_after_a_reload(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, script: bool
) -> None:
    hers = Chat(open_page(ada, script=script)).open(room)
    his = Chat(open_page(ben, script=script)).without_reports().open(room)
    hers.send("Is the light on?")
    expect(hers.row_with("Is the light on?")).to_be_visible()
    his.page.reload()
    expect(his.row_with("Is the light on?")).to_be_visible()
    expect(his.badge("harbour")).to_have_text("1 unread")
    his.send("It is")
    expect(his.row_with("It is")).to_be_visible()
    hers.page.reload()
    expect(hers.timeline.locator(".prose")).to_have_text(["Is the light on?", "It is"])
