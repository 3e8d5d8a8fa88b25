"""New messages in an open page: the scroll position, the announcements for screen readers, and the badges."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from e2e.chat import Chat, address_of, delayed
from e2e.scroll_shift import scroll_to_end
from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post
from messaging.models.rooms.members import add
from tests.models.growing import grow

TOP = "row => row.getBoundingClientRect().top"
SCROLL_AREA = ".newest-first"


@pytest.fixture
def waves(room: Conversation, ben: User) -> list[Message]:
    return [post(room, ben, f"Wave {number}") for number in range(40)]


def test_when_scrolled_up_the_position_stays_and_a_button_shows_the_number_of_new_messages(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, waves: list[Message]
) -> None:
    chat = Chat(open_page(ada)).listen(address_of(room))
    row = chat.row(waves[8])
    row.evaluate("row => row.scrollIntoView({block: 'center'})")
    before = row.evaluate(TOP)
    for number in range(3):
        post(room, ben, f"New {number}")
    waves[30].edit("Wave 30,\n\nand\n\nlonger")
    waves[2].edit("Wave 2,\n\nand\n\nlonger")
    post(room, ada, "My own from elsewhere")
    expect(chat.row_with("My own from elsewhere")).to_be_attached()
    expect(chat.row(waves[2]).locator(".prose")).to_contain_text("longer")
    assert row.evaluate(TOP) == pytest.approx(before, abs=2)
    pill = chat.page.get_by_role("link", name="3 new")
    pill.click()
    expect(chat.row_with("My own from elsewhere")).to_be_in_viewport()
    expect(chat.page.locator("#to-newest")).to_be_hidden()


@pytest.mark.parametrize("scale", [1, 1.5, 2], ids=["1x", "1.5x", "2x"])
def test_the_position_does_not_drift_with_each_arrival(
    open_page: Callable[..., Page],
    ada: User,
    ben: User,
    room: Conversation,
    waves: list[Message],
    scale: float,
) -> None:
    chat = Chat(open_page(ada, device_scale_factor=scale)).listen(address_of(room))
    row = chat.row(waves[8])
    row.evaluate("row => row.scrollIntoView({block: 'center'})")
    before = row.evaluate(TOP)
    for number in range(15):
        post(room, (ada, ben)[number % 2], f"New {number}")
        expect(chat.row_with(f"New {number}")).to_be_attached()
        assert row.evaluate(TOP) == pytest.approx(before, abs=0.51)


def test_the_button_to_the_newest_is_there_wherever_the_reader_has_scrolled_up(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, waves: list[Message]
) -> None:
    Message.unread_messages.mark_as_read_for_user(ada)
    chat = Chat(open_page(ada)).listen(address_of(room))
    newest = chat.page.locator("#to-newest")
    area = chat.page.locator(SCROLL_AREA)
    expect(newest).to_be_hidden()
    area.evaluate("area => { area.scrollTop = -300 }")
    expect(newest).to_have_text("Newest")
    expect(newest).to_be_visible()
    post(room, ben, "High water")
    expect(newest).to_have_text("1 new")
    newest.click()
    expect(chat.row_with("High water")).to_be_in_viewport()
    expect(newest).to_be_hidden()
    area.evaluate("area => { area.scrollTop = -300 }")
    expect(newest).to_have_text("Newest")
    area.evaluate("area => { area.scrollTop = 0 }")
    expect(newest).to_be_hidden()


def test_at_the_end_the_view_follows(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, waves: list[Message]
) -> None:
    chat = Chat(open_page(ada)).listen(address_of(room))
    chat.page.locator(SCROLL_AREA).evaluate("area => { area.scrollTop = 0 }")
    for number in range(3):
        post(room, ben, f"New {number}\n\nand longer")
        expect(chat.timeline.locator(".row").last).to_contain_text(f"New {number}")
        expect(chat.timeline.locator(".row").last).to_be_in_viewport(ratio=0.9)
    expect(chat.page.locator("#to-newest")).to_be_hidden()


def test_each_new_message_of_others_is_read_out_once(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, waves: list[Message]
) -> None:
    more = [post(room, ben, "The fortieth"), post(room, ben, "And one")]
    chat = Chat(open_page(ada)).listen(address_of(room))
    announced = chat.page.locator("#arrivals p")
    chat.load_more("Older messages")
    expect(chat.row(waves[0])).to_be_attached()
    post(room, ben, "The ferry is late")
    expect(announced).to_have_text(["Ben Okri: The ferry is late"])
    post(room, ada, "My own, from elsewhere")
    chat.send("My own")
    more[0].edit("Edited")
    post(room, ben, "An answer", parent=more[1])
    ben.display_name = "Benedict"
    ben.save()
    expect(chat.timeline.locator(f".name-{ben.pk}").first).to_have_text("Benedict")
    expect(chat.row_with("My own")).to_be_attached()
    post(room, ben, "It comes")
    expect(announced).to_have_text(["Ben Okri: The ferry is late", "Benedict: It comes"])


def test_a_page_holds_no_more_rows_than_it_needs_and_gets_the_older_ones_back(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, waves: list[Message]
) -> None:
    grow(room, ada, [None] * 340)
    chat = Chat(open_page(ada)).listen(address_of(room))
    scroll_to_end(chat.page, -1500)
    expect(chat.timeline.locator(".row")).to_have_count(380)
    chat.page.locator(SCROLL_AREA).evaluate("area => { area.scrollTop = 0 }")
    for number in range(25):
        post(room, ben, f"New {number}")
    expect(chat.row_with("New 24")).to_be_in_viewport()
    expect(chat.row(waves[0])).to_have_count(0)
    # 280 are kept at the 401st, or soon after if several came at once; the others are added.
    assert 280 <= chat.timeline.locator(".row").count() <= 284
    scroll_to_end(chat.page, -1500)
    expect(chat.row(waves[0])).to_be_attached()
    numbers = chat.timeline.locator(".row").evaluate_all("rows => rows.map((row) => Number(row.dataset.seq))")
    assert numbers == sorted(set(numbers))


def test_badges_and_title_change_in_every_tab_and_own_messages_are_not_counted(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation
) -> None:
    pier = Conversation.objects.create_room("pier", by=ada)
    add(pier, ben)
    his = Chat(open_page(ben)).open(room)
    page = open_page(ada)
    tabs = [Chat(page).listen(address_of(pier)), Chat(page.context.new_page()).listen("/")]
    hers = Chat(open_page(ada)).open(room).without_reports()
    his.send("Is the light on?")
    his.send("Hello?")
    for tab, title in zip(tabs, ("pier · Parley", "Parley"), strict=True):
        expect(tab.badge("harbour")).to_have_text("2 unread")
        expect(tab.page.locator("#badge-inbox")).to_be_hidden()  # nothing of it is for him alone
        expect(tab.page).to_have_title(f"(2) {title}")
    with delayed(his.page, "/seen/"):  # he sees it a second later
        hers.send("My own")
        expect(hers.timeline.locator(".prose").last).to_have_text("My own")
        expect(his.badge("harbour")).to_have_text("1 unread")
    expect(tabs[0].badge("harbour")).to_have_text("2 unread")
    expect(hers.row_with("Hello?")).to_be_visible()  # only what the page shows is marked
    expect(hers.page.locator("#mark-read .badge")).to_have_text("2")
    hers.page.get_by_role("button", name="Mark as read").click()
    for tab, title in zip(tabs, ("pier · Parley", "Parley"), strict=True):
        expect(tab.badge("harbour")).to_be_hidden()
        expect(tab.page).to_have_title(title)
    expect(his.badge("harbour")).to_be_hidden()  # he has seen it by now
