"""Scripts that are loaded on use come late, or not: what was done meanwhile has its effect, and nothing is lost."""

from playwright.sync_api import expect

from e2e.browser_state import until
from e2e.chat import Chat, delayed
from e2e.messages.test_files import a_file, names
from messaging.models import Conversation


def test_what_is_typed_while_a_command_waits_for_its_script_is_no_part_of_it(
    chat: Chat, room: Conversation
) -> None:
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
        attach.set_input_files([a_file("plan.txt")])
        chat.send("The plan")
        expect(chat.composer).to_have_value("The plan")
    expect(names(chat.timeline)).to_have_text(["plan.txt"])
    attach.set_input_files([a_file("map.txt")])
    expect(page.locator(".composer [name=uploaded]")).to_have_count(1)
    with delayed(page, "/uploads*.js"):
        for _ in range(2):  # the first is left before the script has put the file back
            page.reload()
        chat.send("The map")
        expect(chat.composer).to_have_value("The map")
    expect(names(chat.timeline)).to_have_text(["plan.txt", "map.txt"])
    expect(chat.row_with("The map").locator(".file b")).to_have_text("map.txt")
