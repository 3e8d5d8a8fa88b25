"""What the answer to an act has shown already is not drawn again by the stream: focus and selection stay."""

from e2e.browser_state import until
from e2e.chat import Chat, address_of
from messaging.models import Conversation, Message

# Events of the stream wait until `goOn` is called.
HOLD = """() => document.addEventListener("htmx:sse:before:message", ({ detail }) => {
  detail.waitUntil(new Promise((done) => { window.goOn = done; }));
})"""
IS_MARKED = "message => message.isMarked"


def test_focus_and_selection_stay_when_the_stream_follows_the_answer(
    chat: Chat, room: Conversation, question: Message
) -> None:
    chat.listen(address_of(room))
    chat.page.evaluate(HOLD)
    chat.reply(chat.row(question), "I do")
    message = chat.row(question).locator(":scope > .message")
    until(chat.page, lambda: "1 reply" in message.inner_text())
    message.evaluate("message => { message.isMarked = true; message.focus(); }")
    message.locator(".prose").evaluate("prose => getSelection().selectAllChildren(prose)")
    until(chat.page, lambda: chat.page.evaluate("Boolean(window.goOn)"))
    question.conversation.refresh_from_db()
    version = question.conversation.version
    until(
        chat.page,
        lambda: chat.page.evaluate("v => { goOn(); return parley.appliedVersion() >= v; }", version),
    )
    assert message.evaluate(IS_MARKED)
    assert message.evaluate("message => message === document.activeElement")
    assert chat.page.evaluate("String(getSelection())").strip() == question.content


def test_own_message_is_inserted_once(chat: Chat, room: Conversation) -> None:
    chat.listen(address_of(room))
    chat.page.evaluate(HOLD)
    chat.send("The first")
    message = chat.row_with("The first").locator(":scope > .message")
    message.evaluate("message => { message.isMarked = true; message.focus(); }")
    until(chat.page, lambda: chat.page.evaluate("Boolean(window.goOn)"))
    version = Message.objects.get().version
    until(
        chat.page,
        lambda: chat.page.evaluate("v => { goOn(); return parley.appliedVersion() >= v; }", version),
    )
    assert message.evaluate(IS_MARKED)
    assert message.evaluate("message => message === document.activeElement")
