"""What is typed and not sent is on every device of the person, and nothing of it is lost."""

import pytest
from playwright.sync_api import Locator, expect

from e2e.browser_state import answered, until
from e2e.chat import Chat, address_of, delayed
from e2e.unsent import kept, sending_fails
from messaging.models import Conversation, Draft, Message, User
from messaging.models.messages.saving import post
from tests.drafts import draft
from tests.factories import RoomFactory

LONGER = "Half a thought, and the other half"


def stored() -> list[str]:
    return list(Draft.objects.order_by("pk").values_list("text", flat=True))


def until_stored(chat: Chat, *texts: str) -> None:
    until(chat.page, lambda: stored() == list(texts))


def offer(chat: Chat) -> Locator:
    return chat.page.locator(".draft-note")


def choose(chat: Chat, name: str) -> None:
    offer(chat).get_by_role("button", name=name).click()
    expect(offer(chat)).to_have_count(0)


def test_a_draft_is_on_the_other_device_and_gone_when_it_is_sent(
    laptop: Chat, phone: Chat, room: Conversation
) -> None:
    saves: list[str] = []
    laptop.page.on("request", lambda request: saves.append(request.url) if "/draft/" in request.url else None)
    laptop.composer.press_sequentially("Half a thought")
    until_stored(laptop, "Half a thought")
    assert len(saves) < len("Half a thought")  # not every key is a request
    phone.listen(address_of(room))
    expect(phone.composer).to_have_value("Half a thought")
    laptop.composer.press_sequentially(", and the other half")
    expect(phone.composer).to_have_value(LONGER)
    phone.send_button.click()
    expect(laptop.row_with(LONGER)).to_be_visible()
    expect(laptop.composer).to_have_value("")
    until_stored(laptop)
    assert Message.rows.count() == 1


def test_the_other_tabs_sidebar_marks_it_and_links_to_the_list(
    laptop: Chat, phone: Chat, room: Conversation, ben: User
) -> None:
    page = laptop.page.context.new_page()
    other = Chat(page).listen("/people/")
    link, mark = page.locator("#drafts-link"), other.place(room.name).locator(".row-mark")
    expect(link).to_be_hidden()
    laptop.composer.fill("Half a thought")
    expect(mark).to_have_text(", draft")
    expect(laptop.page.locator(".row-mark:visible")).to_have_count(0)  # it is in sight
    link.click()
    expect(page.locator("#list li")).to_contain_text("Half a thought")
    laptop.composer.fill("")
    expect(page.get_by_role("heading", name="No drafts")).to_be_visible()
    expect(mark).to_have_count(0)
    expect(link).to_be_hidden()


def test_what_both_have_typed_is_offered_and_nothing_is_lost(
    laptop: Chat, phone: Chat, room: Conversation
) -> None:
    phone.listen(address_of(room))
    with sending_fails(phone.page.context):  # also of drafts
        phone.page.route("**/draft/", lambda route: route.abort())
        phone.composer.fill("From the phone")
        laptop.composer.fill("From the laptop")
        until_stored(laptop, "From the laptop")
    expect(offer(phone)).to_have_count(0)
    phone.page.unroute("**/draft/")
    phone.composer.press_sequentially("!")
    expect(offer(phone)).to_contain_text("From the laptop")
    expect(phone.composer).to_have_value("From the phone!")
    choose(phone, "Keep both")
    both = "From the laptop\n\nFrom the phone!"
    expect(phone.composer).to_have_value(both)
    expect(laptop.composer).to_have_value(both)
    until_stored(laptop, both)


@pytest.mark.parametrize(
    ("choice", "result"), [("Use that", "From the laptop"), ("Keep mine", "From the phone")]
)
def test_one_of_the_two_can_be_chosen(
    laptop: Chat, phone: Chat, room: Conversation, ben: User, choice: str, result: str
) -> None:
    phone.listen(address_of(room))
    with delayed(phone.page, "/draft/"):
        phone.composer.fill("From the phone")
        draft(ben, room, "From the laptop")
    expect(offer(phone)).to_contain_text("From the laptop")
    choose(phone, choice)
    expect(phone.composer).to_have_value(result)
    expect(laptop.composer).to_have_value(result)
    until_stored(laptop, result)


def test_a_draft_is_saved_when_the_place_or_the_page_is_left(
    laptop: Chat, room: Conversation, ben: User
) -> None:
    other = RoomFactory.create(name="attic", by=ben)
    laptop.page.reload()
    laptop.composer.fill("Left the place")
    laptop.place("attic").click()
    expect(laptop.title).to_contain_text("attic")
    until_stored(laptop, "Left the place")
    laptop.composer.fill("Left the page")
    laptop.page.goto("/people/")  # a tab that is closed may be killed before it could save anything
    until(laptop.page, lambda: "Left the page" in stored())
    assert Draft.objects.get(conversation=other).text == "Left the page"


def test_a_reload_and_the_way_back_show_what_was_typed_last(
    laptop: Chat, room: Conversation, ben: User
) -> None:
    RoomFactory.create(name="attic", by=ben)
    laptop.page.reload()
    laptop.composer.fill("Half")
    until_stored(laptop, "Half")
    laptop.composer.fill("Half a thought")
    laptop.page.reload()
    expect(laptop.composer).to_have_value("Half a thought")
    laptop.place("attic").click()
    expect(laptop.title).to_contain_text("attic")
    laptop.page.go_back()
    expect(laptop.composer).to_have_value("Half a thought")
    laptop.send_button.click()
    expect(laptop.row_with("Half a thought")).to_be_visible()
    until_stored(laptop)
    laptop.page.go_forward()
    laptop.page.go_back()
    expect(laptop.composer).to_have_value("")


def test_a_text_that_is_scheduled_on_a_page_of_its_own_leaves_no_draft(laptop: Chat, ben: User) -> None:
    page = laptop.page
    laptop.composer.press_sequentially("Half")  # loads what saves
    until_stored(laptop, "Half")
    laptop.composer.fill("")
    until_stored(laptop)
    laptop.composer.fill("The tide turns")
    page.locator(".writing").get_by_role("button", name="Schedule").click()
    page.get_by_role("button", name="At another time").click()
    until_stored(laptop, "The tide turns")  # it was saved when the page was left
    page.get_by_role("button", name="In an hour").click()
    expect(page.get_by_role("link", name="1 message scheduled here")).to_be_visible()
    assert ben.scheduled.get().text == "The tide turns"
    assert stored() == []
    expect(laptop.composer).to_have_value("")


def test_an_unsent_message_is_no_draft_beside(laptop: Chat, room: Conversation) -> None:
    laptop.composer.fill("Half a thought")
    until_stored(laptop, "Half a thought")
    with sending_fails(laptop.page.context):
        laptop.send_button.click()
        expect(laptop.outbox).to_contain_text("Try again")
        assert stored() == ["Half a thought"]
        another = Chat(laptop.page.context.new_page())
        for chat in (laptop, another):
            chat.open(room)
            expect(chat.outbox).to_contain_text("Half a thought")
            expect(chat.composer).to_have_value("")
        another.page.close()
        until(laptop.page, lambda: [one["retried"] for one in kept(laptop.page)] == [True])
        answered(laptop.page)  # from here on it is not sent by itself
    laptop.outbox.get_by_role("button", name="Discard").click()
    until_stored(laptop)


def test_a_reply_has_a_draft_of_its_own(laptop: Chat, phone: Chat, room: Conversation, ada: User) -> None:
    root = post(room, ada, "Who comes?")
    form = laptop.form(laptop.row(root), "Reply")
    form.text.fill("I do, if")
    until_stored(laptop, "I do, if")
    phone.open_thread(root)
    field = phone.page.get_by_label("Message", exact=True)
    expect(field).to_have_value("I do, if")
    phone.page.get_by_role("button", name="Reply", exact=True).click()
    expect(phone.row_with("I do, if")).to_be_visible()
    expect(form.text).to_have_value("")
    until_stored(laptop)


def test_a_text_that_is_too_long_is_refused_and_stays_in_the_tab(laptop: Chat) -> None:
    laptop.composer.fill("x" * 10_001)
    expect(offer(laptop)).to_contain_text("the limit is 10,000")
    laptop.page.reload()
    expect(laptop.composer).to_have_value("x" * 10_001)
    assert stored() == []
