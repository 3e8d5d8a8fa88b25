"""Drafts whose saves, or the answers to them, arrive after something else has happened."""

from playwright.sync_api import Route, expect

from e2e.browser_state import answered, until
from e2e.chat import Chat, address_of, delayed
from e2e.late.holding import hold
from e2e.messages.test_drafts_on_server import LONGER, choose, offer, stored, until_stored
from messaging.models import Conversation, Draft, Session, User
from messaging.models.messages.drafting import Place, Typed, save_draft
from tests.drafts import draft
from tests.factories import RoomFactory


def test_a_save_that_arrives_after_the_message_brings_nothing_back(laptop: Chat, room: Conversation) -> None:
    held: list[Route] = []
    laptop.page.route("**/draft/", lambda route: held.append(route))
    laptop.composer.fill("Half a thought")
    until(laptop.page, lambda: len(held) == 1)
    laptop.send_button.click()
    expect(laptop.row_with("Half a thought")).to_be_visible()
    with laptop.page.expect_response("**/draft/") as answer:
        held[0].continue_()
    assert answer.value.status == 409
    laptop.page.unroute("**/draft/")
    laptop.page.reload()
    expect(laptop.composer).to_have_value("")
    assert stored() == []


def test_a_text_that_is_emptied_during_its_first_save_leaves_no_draft(laptop: Chat) -> None:
    held: list[Route] = []
    laptop.page.route("**/draft/", lambda route: held.append(route), times=1)
    laptop.composer.fill("Half a thought")
    until(laptop.page, lambda: len(held) == 1)
    laptop.composer.fill("")
    laptop.page.wait_for_timeout(2500)  # longer than the pause before a save
    with laptop.page.expect_response("**/draft/"):
        held[0].continue_()
    until_stored(laptop)


def test_what_is_sent_elsewhere_before_the_answer_to_its_save_is_gone_too(
    laptop: Chat, phone: Chat, room: Conversation
) -> None:
    with hold(laptop.page, "/draft/", "POST") as held:
        laptop.composer.fill("Half a thought")
        held.wait()
        phone.listen(address_of(room))
        phone.send_button.click()
        expect(laptop.row_with("Half a thought")).to_be_visible()
        until(laptop.page, lambda: laptop.page.evaluate("parley.drafts.listed.places.length === 0"))
    expect(laptop.composer).to_have_value("")
    until_stored(laptop)


def test_an_earlier_text_of_this_tab_is_not_offered_as_another_one(
    laptop: Chat, room: Conversation, ben: User
) -> None:
    page = laptop.page
    laptop.composer.fill("Half")
    until_stored(laptop, "Half")
    answered(page)
    page.route("**/draft/", lambda route: route.abort())
    laptop.composer.fill(LONGER)
    page.goto("/people/")
    token = Draft.objects.get().token
    save_draft(ben, Place(room.pk), Typed("Half a thought", token, 9))  # it was typed between the two
    page.unroute("**/draft/")
    laptop.listen(address_of(room))
    expect(laptop.composer).to_have_value(LONGER)
    until_stored(laptop, LONGER)
    expect(offer(laptop)).to_have_count(0)


def test_a_draft_that_arrives_after_a_newer_one_does_not_replace_it(
    laptop: Chat, ben: User, room: Conversation
) -> None:
    with hold(laptop.page, "/draft/") as held:
        draft(ben, room, "Half a thought")
        held.wait()
        draft(ben, room, "Another thought")
        expect(laptop.composer).to_have_value("Another thought")
    answered(laptop.page)
    expect(laptop.composer).to_have_value("Another thought")


def test_a_duplicated_tab_takes_what_the_first_one_has_typed_since(laptop: Chat, room: Conversation) -> None:
    """It has the same storage, so the same token: it must not save its older text over the newer one."""
    laptop.composer.fill("Half")
    until_stored(laptop, "Half")
    answered(laptop.page)
    storage = laptop.page.evaluate("JSON.stringify(sessionStorage)")
    other = Chat(laptop.page.context.new_page())
    other.page.goto("/people/")
    other.page.evaluate("all => Object.assign(sessionStorage, JSON.parse(all))", storage)
    other.listen(address_of(room))
    expect(other.composer).to_have_value("Half")
    laptop.composer.fill(LONGER)
    expect(other.composer).to_have_value(LONGER)
    other.page.goto("/people/")
    laptop.composer.fill("Another thought")
    until_stored(laptop, "Another thought")
    other.listen(address_of(room))
    expect(other.composer).to_have_value("Another thought")
    answered(other.page)
    assert stored() == ["Another thought"]
    expect(laptop.composer).to_have_value("Another thought")


def test_a_save_answered_after_its_person_was_signed_out_is_read_and_ends(laptop: Chat, ben: User) -> None:
    page = laptop.page
    with hold(page, "/draft/", "POST") as held:
        laptop.composer.fill("Half a thought")
        held.wait()
        Session.objects.filter(user=ben).delete()
        page.evaluate("document.dispatchEvent(new Event('refused'))")
        until(page, lambda: not page.evaluate("parley.viewer.isSignedIn()"))
    answered(page)  # an answer that the page does not read never ends
    expect(laptop.composer).to_have_value("Half a thought")


def test_an_offer_is_made_again_on_the_way_back_when_the_server_can_be_reached(
    laptop: Chat, room: Conversation, ben: User
) -> None:
    page = laptop.page
    RoomFactory.create(name="attic", by=ben)
    page.reload()
    with delayed(page, "/draft/"):
        laptop.composer.fill("From the laptop")
        draft(ben, room, "From elsewhere")
    expect(offer(laptop)).to_be_visible()
    laptop.place("attic").click()
    expect(laptop.title).to_contain_text("attic")
    answered(page)  # or an answer could still offer the text
    page.route("**/draft/", lambda route: route.abort())
    page.go_back()
    expect(laptop.composer).to_have_value("From the laptop")
    expect(offer(laptop)).to_have_count(0)  # its buttons could do nothing
    page.unroute("**/draft/")
    draft(ben, room, "From elsewhere, again")
    expect(offer(laptop)).to_contain_text("From elsewhere, again")
    choose(laptop, "Use that")
    expect(laptop.composer).to_have_value("From elsewhere, again")
