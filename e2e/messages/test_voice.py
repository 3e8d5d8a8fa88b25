"""A voice message: recorded, discarded, brought back, sent, and heard by others."""

import re
from collections.abc import Callable

from django.urls import reverse
from playwright.sync_api import Page, expect

from e2e.chat import Chat
from e2e.freshness import expect_as_fresh
from messaging.models import Attachment, Conversation, Message, User
from messaging.models.messages.reacting import react

REFUSE = """name => {
  navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("", name));
}"""
ALLOW = "() => { delete navigator.mediaDevices.getUserMedia; }"
# What is played goes on from its beginning until the test has seen that it is played.
GO_ON = """() => {
  const { Audio } = window;
  window.Audio = function () { return (window.sound = Object.assign(new Audio(), { loop: true })); };
}"""
END = "() => { sound.loop = false; }"
TIME = r"(?!0:00)\d+:\d\d"


def test_voice_message_is_recorded_sent_and_heard(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation
) -> None:
    other = Chat(open_page(ben)).listen(reverse("conversation", args=[room.pk]))
    plain = Chat(open_page(ben, script=False)).open(room)
    expect(plain.page.locator(".record").first).to_be_hidden()
    chat = Chat(open_page(ada)).open(room)
    page, form = chat.page, chat.page.locator(".main .composer")
    record = form.get_by_role("button", name="Record a voice message")

    # The server cannot be reached, and then it can.
    page.route("**/files/recorder/", lambda route: route.abort())
    record.click()
    expect(page.get_by_text("The server cannot be reached.")).to_be_visible()
    page.unroute("**/files/recorder/")

    # The browser refuses, and the page says what to do.
    page.evaluate(REFUSE, "NotAllowedError")
    record.click()
    expect(form.get_by_role("alert")).to_contain_text("does not let this page use the microphone")
    page.evaluate(ALLOW)
    form.get_by_role("button", name="Close").click()
    expect(form.locator(".recording-note")).to_have_count(0)

    # One that was discarded is brought back, and can be heard.
    record.click()
    expect(form.get_by_role("timer")).to_have_text(re.compile(TIME))
    expect(form).to_contain_text("of 15 minutes at most")
    assert page.evaluate("parley.isUploading()")  # somebody who leaves the page is asked
    form.get_by_role("button", name="Discard").click()
    undo = form.get_by_role("button", name="Undo")
    expect(undo).to_be_focused()
    undo.click()
    page.evaluate(GO_ON)
    first = form.get_by_role("checkbox", name="Voice message.webm")
    expect(first).to_be_checked()
    own = form.get_by_role("group", name=re.compile(f"Voice message, {TIME}"))
    own.get_by_role("button", name="Play").click()
    expect(own.get_by_role("button", name="Pause")).to_be_visible()
    page.evaluate(END)
    first.uncheck()

    # A message that is sent while one is recorded waits for it.
    record.click()
    expect(form.get_by_role("timer")).to_have_text(re.compile(TIME))
    chat.composer.fill("Listen to this")
    chat.send_button.click()
    player = other.timeline.get_by_role("group", name=re.compile(f"Voice message, {TIME}"))
    expect(player).to_be_visible()
    expect(chat.timeline.locator(".voice-player")).to_have_count(1)
    expect_as_fresh(other)
    message = Message.objects.get()
    sent = Attachment.objects.get(message=message)
    assert (message.content, sent.content_type, sent.is_voice) == ("Listen to this", "audio/webm", True)
    assert "f" in sent.waveform

    # The other hears it, when it can be reached again, also while the message changes.
    other.page.evaluate(GO_ON)
    other.page.route("**/files/*/*", lambda route: route.abort())
    player.get_by_role("button", name="Play").click()
    expect(other.timeline.locator(".voice-failed")).to_be_visible()
    other.page.unroute("**/files/*/*")
    player.get_by_role("button", name="Play").click()
    expect(other.timeline.locator(".voice-failed")).to_be_hidden()
    expect(player.get_by_role("button", name="Pause")).to_be_visible()
    react(message, ada, "👍")
    expect(other.timeline.locator(".reactions")).to_contain_text("1")
    expect(player.get_by_role("button", name="Pause")).to_be_visible()
    other.page.evaluate(END)
    expect(player.get_by_role("button", name="Play")).to_be_visible()  # to its end
    player.get_by_role("button", name="Speed 1×").click()
    expect(player.get_by_role("button", name="Speed 1.5×")).to_be_visible()
    position = player.get_by_role("slider", name="Position")
    position.focus()
    position.press("End")
    expect(position).to_have_attribute("aria-valuetext", re.compile(f"{TIME} / {TIME}"))
    plain.page.reload()
    expect(plain.timeline.locator("audio")).to_be_visible()
    expect(plain.timeline.locator(".voice-player")).to_be_hidden()
