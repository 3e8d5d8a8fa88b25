"""Scripts that are loaded on use come late, or not: what was done meanwhile counts, and nothing is lost."""

from collections.abc import Callable

from django.core.files.uploadedfile import SimpleUploadedFile
from playwright.sync_api import Page, expect

from e2e.browser_state import notices_stay, until
from e2e.chat import Chat, delayed
from e2e.messages.test_files import TRANSFER, a_file, names
from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post
from messaging.models.messages.uploading import upload
from tests.factories import uploaded_picture
from tests.queue import run_tasks


def test_what_is_typed_while_a_command_waits_for_its_script_is_no_part_of_it(
    open_page: Callable[..., Page], ada: User, room: Conversation
) -> None:
    chat = Chat(notices_stay(open_page(ada))).open(room)
    with delayed(chat.page, "/commanding*.js"):
        chat.composer.fill("/topic Ebb and flood")
        chat.composer.press("Enter")
        chat.page.keyboard.type("Low water at four")
    expect(chat.page.locator(".notices")).to_contain_text("Topic saved.")
    expect(chat.composer).to_have_value("Low water at four")
    until(chat.page, lambda: Conversation.objects.get(pk=room.pk).topic == "Ebb and flood")


def test_a_message_waits_for_the_script_of_its_files(chat: Chat) -> None:
    page, attach = chat.page, chat.page.locator(".main .composer [type=file]")
    page.route("**/uploads*.js", lambda route: route.abort())
    attach.set_input_files([a_file("lost.txt")])
    expect(page.locator(".notices")).to_contain_text("The server cannot be reached.")
    page.unroute("**/uploads*.js")
    with delayed(page, "/uploads*.js"):
        dropped = {"dataTransfer": page.evaluate_handle(TRANSFER, [["plan.txt", 1]])}
        for event in ("dragover", "drop"):
            chat.composer.dispatch_event(event, dropped)
        chat.send("The plan")
        expect(chat.composer).to_have_value("The plan")
    expect(names(chat.timeline)).to_have_text(["plan.txt"])
    expect(page.locator(".drop-here")).to_have_count(0)
    attach.set_input_files([a_file("map.txt")])
    expect(page.locator(".composer [name=uploaded]")).to_have_count(1)
    with delayed(page, "/uploads*.js"):
        for _ in range(2):  # the first is left before the script has put the file back
            page.reload()
        chat.send("The map")
        expect(chat.composer).to_have_value("The map")
    expect(names(chat.timeline)).to_have_text(["plan.txt", "map.txt"])
    expect(chat.row_with("The map").locator(".file b")).to_have_text("map.txt")


def test_a_typed_reaction_is_to_the_message_that_was_newest_whenever_its_script_comes(
    question: Message, chat: Chat, room: Conversation, ben: User
) -> None:
    with delayed(chat.page, "/emoji*.js"):
        chat.composer.fill("+:tada:")
        chat.composer.press("Enter")
        later = post(room, ben, "Or the lamp?")
        expect(chat.row(later)).to_be_visible()
        for line in ("Low water", "at four"):
            chat.page.keyboard.type(line)
            chat.page.keyboard.press("Enter")
    expect(chat.row(question).locator(".reaction[data-by]")).to_have_count(1)
    expect(chat.composer).to_have_value("Low water\nat four\n")
    expect(chat.row(later).locator(".reaction[data-by]")).to_have_count(0)


def test_a_picture_is_opened_if_its_message_changes_meanwhile_or_the_script_cannot_be_loaded(
    open_page: Callable[..., Page], ada: User, room: Conversation
) -> None:
    file = upload(SimpleUploadedFile("sea.png", uploaded_picture(300)), ada)
    message = post(room, ada, "The sea", files=[file.pk])
    run_tasks()
    chat = Chat(open_page(ada)).open(room)
    link, script = chat.timeline.locator(".picture > a"), "/lightbox*.js"
    with delayed(chat.page, script):
        link.click()
        message.edit("The grey sea", by=ada)
        expect(chat.row_with("The grey sea")).to_be_visible()
    expect(chat.page.get_by_role("dialog", name="Picture")).to_be_visible()
    chat.open(room)
    address = str(link.get_attribute("href"))
    chat.page.route(f"**{script}", lambda route: route.abort())
    link.click()
    chat.page.wait_for_url(f"**{address}")


def test_a_field_that_is_replaced_before_the_script_of_drafts_comes_makes_no_error(chat: Chat) -> None:
    with delayed(chat.page, "/drafts*.js"):
        chat.send("x" * 10_001)
        expect(chat.page.locator(".writing .errors")).to_be_visible()
    chat.page.wait_for_function("() => parley.drafts.saving")
