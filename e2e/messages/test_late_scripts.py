"""Scripts that are loaded on use come late, or never: what was done meanwhile counts, and nothing is lost."""

import re
from collections.abc import Callable

from django.core.files.uploadedfile import SimpleUploadedFile
from playwright.sync_api import Dialog, Page, expect

from e2e.browser_state import notices_stay, until
from e2e.chat import Chat, delayed, lost
from e2e.messages.test_files import TRANSFER, a_file, names
from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post
from messaging.models.messages.uploading import upload
from messaging.text import MAX_LENGTH
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
    with delayed(page, "/uploads*.js*"):
        dropped = {"dataTransfer": page.evaluate_handle(TRANSFER, [["plan.txt", 1]])}
        for event in ("dragover", "drop"):
            chat.composer.dispatch_event(event, dropped)
        chat.send("The plan")
        expect(chat.composer).to_have_value("The plan")
    expect(names(chat.timeline)).to_have_text(["plan.txt"])
    expect(page.locator(".drop-here")).to_have_count(0)
    attach.set_input_files([a_file("map.txt")])
    expect(page.locator(".composer [name=uploaded]")).to_have_count(1)
    with delayed(page, "/uploads*.js*"):
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
        # The list is loaded again.
        chat.row(question).evaluate("row => row.replaceWith(row.cloneNode(true))")
        for line in ("Low water", "at four"):
            chat.page.keyboard.type(line)
            chat.page.keyboard.press("Enter")
    expect(chat.row(question).locator(".reaction[data-by]")).to_have_count(1)
    expect(chat.composer).to_have_value("Low water\nat four\n")
    expect(chat.row(later).locator(".reaction[data-by]")).to_have_count(0)


def test_another_text_is_sent_while_a_reaction_is_under_way(question: Message, chat: Chat) -> None:
    with delayed(chat.page, "/react/"):
        chat.composer.fill("+:tada:")
        chat.composer.press("Enter")
        chat.send("Low water")
        expect(chat.row_with("Low water")).to_be_visible()
    expect(chat.row(question).locator(".reaction[data-by]")).to_have_count(1)
    expect(chat.row_with("Low water").locator(".reaction[data-by]")).to_have_count(0)


def test_who_leaves_while_a_file_waits_for_its_script_is_asked(chat: Chat, room: Conversation) -> None:
    questions: list[str] = []

    def stay(dialog: Dialog) -> None:
        questions.append(dialog.message)
        dialog.dismiss()

    chat.page.on("dialog", stay)
    with delayed(chat.page, "/uploads*.js"):
        chat.page.locator(".main .composer [type=file]").set_input_files([a_file("plan.txt")])
        chat.page.get_by_role("link", name="Inbox").first.click()
        until(chat.page, lambda: questions)
    expect(chat.page.locator(".composer [name=uploaded]")).to_have_count(1)


def test_a_picture_is_opened_if_its_message_changes_meanwhile_or_the_script_could_not_be_loaded_at_first(
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
    message.edit("The wide sea", by=ada)
    expect(chat.row_with("The wide sea")).to_be_visible()
    chat.page.keyboard.press("Escape")
    expect(link).to_be_focused()
    chat.open(room)
    with lost(chat.page, "lightbox"):
        link.click()
        expect(chat.page.locator(".notices")).to_contain_text("The server cannot be reached.")
    link.click()
    expect(chat.page.get_by_role("dialog", name="Picture")).to_be_visible()


def test_a_field_that_is_replaced_before_the_script_of_drafts_comes_makes_no_error(chat: Chat) -> None:
    with delayed(chat.page, "/drafts*.js"):
        chat.send("x" * 10_001)
        expect(chat.page.locator(".writing .errors")).to_be_visible()
    chat.page.wait_for_function("() => parley.drafts.saving")


def test_a_press_whose_script_cannot_be_loaded_says_so_and_the_next_one_works(
    question: Message, chat: Chat
) -> None:
    page, form = chat.page, chat.page.locator(".main .composer")

    def said() -> None:
        """The page says that a script is missing; then the notice is taken away."""
        notices = page.locator(".notices")
        expect(notices).to_contain_text("The server cannot be reached.")
        notices.evaluate("notices => notices.replaceChildren()")

    with lost(page, "emoji"):
        chat.composer.press("Escape")
        page.keyboard.press("+")
        said()
    search = page.locator(".emoji-picker").get_by_role("searchbox")
    expect(search).to_be_focused()
    with page.expect_request(re.compile(r"/emoji\S*\.js\?1$")):  # some browsers keep the failure
        page.keyboard.type("thumbs")
    expect(page.locator(".emoji-picker .emoji:visible")).to_have_count(2)
    page.keyboard.press("Escape")

    formats = form.get_by_role("button", name="Formatting")
    with lost(page, "formatting"):
        formats.click()
        said()
    formats.click()
    expect(page.get_by_role("toolbar", name="Formatting")).to_be_visible()

    chat.composer.fill("x" * (MAX_LENGTH + 1))
    offer = form.get_by_role("button", name="Attach it as a text file")
    with lost(page, "uploads"):
        offer.click()
        said()
    offer.click()
    expect(form.locator(".upload:not(.under-way)")).to_contain_text("text.txt")
    expect(chat.composer).to_have_value("")

    record = form.get_by_role("button", name="Record a voice message")
    with lost(page, "recording"):
        record.click()
        said()
    record.click()
    expect(form.get_by_role("timer")).to_have_text(re.compile(r"0:0[1-9]"))
    form.get_by_role("button", name="Stop").click()

    play = form.locator(".voice-player").get_by_role("button", name="Play")
    with lost(page, "voice"):
        play.click()
        said()
    play.click()
    expect(form.locator(".voice-player.used")).to_be_visible()
