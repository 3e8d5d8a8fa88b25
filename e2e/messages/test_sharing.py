"""What another app shares: posted by the phone, chosen, changed, and sent like any other message."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from e2e.browser_state import until
from e2e.chat import Chat
from e2e.late.holding import hold
from messaging.models import Conversation, Draft, Message, User

# A form as the phone posts it.
SHARED = ["Boats", "https://example.org/boats"]
SHARE = """([title, url]) => {
  const form = document.createElement("form");
  Object.assign(form, { method: "post", action: "/share/", enctype: "multipart/form-data" });
  for (const [name, value] of [["title", title], ["text", ""], ["url", url]]) {
    form.append(Object.assign(document.createElement("input"), { name, value }));
  }
  const files = new DataTransfer();
  files.items.add(new File(["words"], "plan.txt", { type: "text/plain" }));
  const input = Object.assign(document.createElement("input"), { type: "file", name: "files" });
  input.files = files.files;
  form.append(input);
  document.body.append(form);
  form.submit();
}"""


def test_shared_chosen_by_a_search_and_sent(
    open_page: Callable[..., Page], ada: User, room: Conversation
) -> None:
    page = open_page(ada, phone=True)
    page.goto("/account/")
    page.evaluate(SHARE, SHARED)
    expect(page.get_by_role("heading", name="Share")).to_be_visible()
    expect(page.get_by_role("checkbox", name="plan.txt")).to_be_checked()
    words = page.get_by_role("searchbox", name="Search conversations")
    harbour = page.get_by_role("radio", name="harbour")
    words.fill("nothing like this")
    expect(page.get_by_text("Nothing matches.")).to_be_visible()
    words.fill("")
    expect(harbour).to_be_visible()
    # What is chosen while a search is under way stays chosen.
    with hold(page, "/share/to/", "POST") as held:
        words.fill("harb")
        held.wait()
        harbour.check()
        held.settle()
    expect(harbour).to_be_checked()
    expect(harbour).to_be_focused()
    page.get_by_role("textbox", name="Message").fill("Look:\nhttps://example.org/boats")
    page.get_by_role("button", name="Continue").click()
    chat = Chat(page)
    expect(chat.composer).to_have_value("Look:\nhttps://example.org/boats")
    expect(page.get_by_role("checkbox", name="plan.txt")).to_be_checked()
    assert not Message.objects.exists()
    page.get_by_role("button", name="Send", exact=True).click()
    sent = chat.timeline.locator(".row[id]").filter(has_text="Look:")
    expect(sent).to_contain_text("plan.txt")
    expect(chat.outbox).to_be_empty()
    until(page, lambda: not Draft.objects.exists())
    page.reload()
    expect(sent).to_have_count(1)
    expect(chat.composer).to_have_value("")
    expect(page.get_by_role("checkbox", name="plan.txt")).to_have_count(0)
