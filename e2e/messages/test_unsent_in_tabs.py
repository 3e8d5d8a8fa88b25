"""What one tab sends, and another one reads or sends at the same moment."""

from playwright.sync_api import Route, expect

from e2e.browser_state import until
from e2e.chat import Chat
from e2e.unsent import TEXT, Sent, button, expect_sent_once, fail_to_send, kept, sending_fails

# What the page reads of the kept messages comes when a test says so.
READ_LATE = """() => {
  const { all } = parley.unsent;
  const released = new Promise((go) => { window.go = go; });
  parley.unsent.all = async () => {
    const messages = await all();
    window.hasRead ||= messages.length > 0;
    await released;
    return messages;
  };
}"""
NOTE = """() => {
  const note = ({ data: id }) => { window.isTold ||= Boolean(id); };
  new BroadcastChannel("unsent").addEventListener("message", note);
}"""
# What the page deletes of them is deleted when a test says so.
DROP_LATE = """() => {
  const { drop } = parley.unsent;
  const released = new Promise((go) => { window.go = go; });
  parley.unsent.drop = (id) => released.then(() => drop(id));
}"""
WAITING = "navigator.locks.query().then(({ pending }) => pending.length)"


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


def test_what_was_sent_since_it_was_read_is_not_shown(chat: Chat) -> None:
    other = chat.page.context.new_page()
    other.goto("/")
    other.evaluate(READ_LATE)
    other.evaluate(NOTE)
    with sending_fails(chat.page.context):
        fail_to_send(chat)
        until(other, lambda: other.evaluate("window.hasRead"))
    button(chat.outbox, "Try again").click()
    expect_sent_once(chat)
    until(other, lambda: other.evaluate("window.isTold"))
    other.evaluate("window.go()")
    expect(other.locator(".outgoing-message")).to_have_count(0)


def test_what_was_sent_and_is_still_kept_is_not_sent_again(chat: Chat) -> None:
    sent = Sent(chat.page.context)
    chat.page.evaluate(DROP_LATE)
    chat.send(TEXT)
    expect(chat.row_with(TEXT)).to_be_visible()
    expect(chat.outbox).to_be_empty()  # it has its answer
    other = chat.page.context.new_page()
    other.goto("/")
    until(other, lambda: other.evaluate(WAITING), "It does not wait.")
    chat.page.evaluate("window.go()")
    expect(other.locator(".outgoing-message")).to_have_count(0)
    until(other, lambda: kept(other) == [])
    assert len(sent.ids) == 1
