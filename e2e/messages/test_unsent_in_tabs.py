"""What one tab sends, and another one reads or sends at the same moment."""

from playwright.sync_api import Route, expect

from e2e.browser_state import until
from e2e.chat import Chat
from e2e.unsent import button, expect_sent_once, fail_to_send, kept, sending_fails

NOTE = """() => {
  const note = ({ data: id }) => { window.isTold ||= Boolean(id); };
  new BroadcastChannel("unsent").addEventListener("message", note);
}"""


def test_what_another_tab_has_sent_is_not_kept_again_by_one_that_fails(chat: Chat) -> None:
    context = chat.page.context
    held: list[Route] = []
    with sending_fails(context):
        fail_to_send(chat)
        other = context.new_page()
        other.route("**/send/", lambda route: held.append(route))
        other.goto("/")
        until(other, lambda: held)  # it sends it again by itself
        other.evaluate(NOTE)
    button(chat.outbox, "Try again").click()
    expect_sent_once(chat)
    until(other, lambda: other.evaluate("window.isTold"))
    chat.page.goto("about:blank")  # no page shows that it was sent
    held[0].abort()
    expect(other.locator(".outgoing-message")).to_have_count(0)
    until(other, lambda: kept(other) == [])
