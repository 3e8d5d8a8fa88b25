"""Files: chosen, pasted and dropped, with script and without, shown, and gone with their message."""

from collections.abc import Callable
from threading import Event
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from playwright.sync_api import FilePayload, Locator, Page, Route, expect

from e2e.browser_state import until
from e2e.chat import Chat
from messaging.http.request_body import RequestBody
from messaging.models import Attachment, Conversation, Message, User
from messaging.models.messages.saving import post
from messaging.models.messages.uploading import upload
from tests.factories import uploaded_picture
from tests.queue import run_tasks

# A DataTransfer with files of these names, and of one letter so many times.
TRANSFER = """files => {
  const data = new DataTransfer();
  for (const [name, times] of files) data.items.add(new File(["x".repeat(times)], name));
  return data;
}"""
# Whether the browser would open the files in place of the page.
OPENS = """(place, dataTransfer) => {
  const event = new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true });
  return place.dispatchEvent(event);
}"""
LARGE = 16_000_000  # bytes: more than the kernel takes before the server reads them


def a_file(name: str, data: bytes = b"the words") -> FilePayload:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": data}


def names(place: Locator) -> Locator:
    return place.locator(".files .file b")


@pytest.fixture
def breaks_off(monkeypatch: pytest.MonkeyPatch) -> Event:
    """While it is set, the server resets the connection when half of a large file has arrived."""
    breaks, limit_of = Event(), RequestBody._limit

    async def limit_and_watch(body: RequestBody) -> int:
        limit, receive, came = await limit_of(body), body._receive, 0

        async def receive_half() -> dict[str, Any]:
            nonlocal came
            message = await receive()
            came += len(message.get("body", b""))
            if breaks.is_set() and came >= LARGE // 2:
                connection = body._scope["extensions"]["connection"]["is_gone"].__self__
                connection.transport.abort()
            return message

        body._receive = receive_half
        return limit

    monkeypatch.setattr(RequestBody, "_limit", limit_and_watch)
    return breaks


def drop(page: Page, place: Locator, files: list[list[Any]]) -> None:
    data = page.evaluate_handle(TRANSFER, files)
    place.dispatch_event("dragover", {"dataTransfer": data})
    expect(page.locator(".drop-here")).to_contain_text("Replying to Ben Okri")
    place.dispatch_event("drop", {"dataTransfer": data})
    expect(page.locator(".drop-here")).to_have_count(0)


def test_files_are_sent_shown_and_gone_with_their_message(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, script: bool
) -> None:
    chat = Chat(open_page(ada, script=script)).open(room)
    other = Chat(open_page(ben)).open(room)
    files = [a_file("two.txt"), a_file("sea.png", uploaded_picture(300)), a_file("one.txt")]
    chat.page.locator(".main .composer [type=file]").set_input_files(files)
    if script:
        expect(chat.page.locator(".composer [name=uploaded]")).to_have_count(3)
        chat.page.get_by_label("Description of sea.png").fill("A grey sea")
    chat.send_button.click()
    place = other.page.locator(".picture-place")
    expect(place).to_be_visible()
    size = place.bounding_box()
    for one in (chat, other):
        expect(names(one.timeline)).to_have_text(["two.txt", "one.txt"])
    expect(other.page.locator("#arrivals")).to_have_text("Ada Lovelace: 3 files")
    run_tasks()
    picture = other.timeline.get_by_alt_text("A grey sea" if script else "sea.png")
    expect(picture).to_be_visible()
    assert picture.bounding_box() == size
    assert len({name for file in Attachment.objects.all() for name in file.stored_names}) == 4
    stored = [name for file in Attachment.objects.all() for name in file.stored_names]
    Message.objects.get().remove()
    expect(other.page.locator(".files")).to_have_count(0)
    run_tasks()
    assert not any(map(default_storage.exists, stored))


def test_dropped_files_go_to_a_reply_one_cancelled_and_one_that_broke_off_half_way_tried_again(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, breaks_off: Event
) -> None:
    question = post(room, ben, "Where are the plans?")
    chat = Chat(open_page(ada)).open(room)
    form = chat.form(chat.row(question), "Reply")
    held: list[Route] = []
    chat.page.route("**/files/", lambda route: route.continue_() if held else held.append(route))
    drop(chat.page, form.text, [["first.txt", LARGE], ["second.txt", 2], ["third.txt", 3]])
    until(chat.page, lambda: bool(held))
    rows = form.form.locator(".upload")
    expect(rows).to_have_count(3)
    form.text.fill("Here they are")
    rows.nth(1).get_by_role("button", name="Cancel").click()
    expect(rows).to_have_count(2)
    breaks_off.set()
    held[0].continue_()
    expect(rows.nth(0)).to_contain_text("The server cannot be reached.")
    breaks_off.clear()
    expect(rows.nth(1).get_by_label("third.txt")).to_be_checked()
    form.form.get_by_role("button", name="Reply").click()
    again = rows.nth(0).get_by_role("button", name="Try again")
    expect(again).to_be_focused()  # nothing is sent without the file
    assert not Message.objects.filter(parent_message=question).exists()
    again.click()
    expect(rows.nth(0).get_by_label("first.txt")).to_be_checked()
    form.form.get_by_role("button", name="Reply").click()
    expect(names(chat.panel)).to_have_text(["first.txt", "third.txt"])
    expect(chat.panel.locator(".row").last).to_contain_text("Here they are")
    files = Attachment.objects.order_by("order")
    assert [(file.name, file.size) for file in files] == [("first.txt", LARGE), ("third.txt", 3)]
    stored = [name for file in files for name in file.stored_names]
    assert all(map(default_storage.exists, stored))
    Message.objects.get(parent_message=question).remove()
    expect(names(chat.panel)).to_have_count(0)
    run_tasks()
    assert not any(map(default_storage.exists, stored))
    aside = chat.page.evaluate_handle(TRANSFER, [["aside.txt", 1]])
    assert not chat.page.locator("#sidebar").evaluate(OPENS, aside)
    expect(chat.page.locator(".main .composer .upload")).to_contain_text("aside.txt")


def test_message_waits_for_a_pasted_picture(
    open_page: Callable[..., Page], ada: User, room: Conversation
) -> None:
    chat = Chat(open_page(ada)).open(room)
    held: list[Route] = []
    chat.page.route("**/files/", lambda route: held.append(route))
    chat.composer.evaluate(
        """(field, bytes) => {
          const data = new DataTransfer();
          data.items.add(new File([new Uint8Array(bytes)], "image.png", { type: "image/png" }));
          const options = { clipboardData: data, bubbles: true, cancelable: true };
          field.dispatchEvent(new ClipboardEvent("paste", options));
        }""",
        list(uploaded_picture()),
    )
    expect(chat.page.locator(".composer .upload progress")).to_be_visible()
    expect(chat.page.locator(".composer .upload img")).to_be_visible()
    chat.composer.fill("Look")
    chat.composer.press("Enter")
    expect(chat.composer).to_have_value("Look")
    until(chat.page, lambda: bool(held))
    held[0].continue_()
    expect(chat.page.locator(".timeline .picture-place")).to_be_visible()
    expect(chat.composer).to_have_value("")
    expect(chat.page.locator(".composer .upload")).to_have_count(0)


def test_uploaded_files_stay_while_another_place_is_shown(
    open_page: Callable[..., Page], ada: User, room: Conversation
) -> None:
    quay = Conversation.objects.create_room("quay", by=ada)
    chat = Chat(open_page(ada)).open(room)
    page = chat.page
    page.locator(".composer [type=file]").set_input_files([a_file("sea.png", uploaded_picture())])
    page.get_by_label("Description of sea.png").fill("A grey sea")
    page.locator("#sidebar").get_by_role("link", name="quay").click()
    expect(chat.title).to_contain_text("quay")
    expect(page.locator(".composer .upload")).to_have_count(0)
    page.locator("#sidebar").get_by_role("link", name="harbour").click()
    expect(page.locator(".composer .upload")).to_contain_text("sea.png")
    page.reload()
    expect(page.locator(".composer .upload")).to_contain_text("sea.png")
    chat.send_button.click()
    expect(chat.timeline.locator(".picture-place")).to_be_visible()
    page.reload()
    expect(chat.timeline.locator(".picture-place")).to_be_visible()
    expect(page.locator(".composer .upload")).to_have_count(0)
    assert Attachment.objects.get().alternative_text == "A grey sea"
    assert not quay.messages.exists()


def test_refused_file_is_told_in_words_without_script(
    open_page: Callable[..., Page], ada: User, room: Conversation, settings: Any
) -> None:
    settings.MAX_FILE_BYTES = 20
    chat = Chat(open_page(ada, script=False)).open(room)
    chat.page.locator(".composer [type=file]").set_input_files([a_file("a.txt"), a_file("b.txt", b"x" * 21)])
    chat.composer.fill("Kept")
    chat.send_button.click()
    expect(chat.page.locator(".composer .errors")).to_contain_text("b.txt: This file is too large.")
    expect(chat.composer).to_have_value("Kept")
    chat.send_button.click()
    expect(names(chat.timeline)).to_have_text(["a.txt"])


def test_pictures_are_opened_above_the_page(
    open_page: Callable[..., Page], ada: User, room: Conversation
) -> None:
    for name in ("one.png", "two.png", "three.png"):
        file = upload(SimpleUploadedFile(name, uploaded_picture(300)), ada)
        post(room, ada, "", files=[file.pk])
    run_tasks()
    chat = Chat(open_page(ada)).open(room)
    link = chat.timeline.locator(".picture > a").filter(has=chat.page.get_by_alt_text("two.png"))
    link.click()
    box = chat.page.get_by_role("dialog", name="Picture")
    expect(box.get_by_role("img", name="two.png")).to_be_focused()
    expect(box).to_contain_text("2 / 3")
    chat.page.keyboard.press("ArrowRight")
    expect(box.get_by_role("img", name="three.png")).to_be_visible()
    expect(box.get_by_role("button", name="Next picture")).to_be_hidden()
    box.get_by_role("button", name="Previous picture").click()
    chat.page.keyboard.press("ArrowLeft")
    expect(box.get_by_role("img", name="one.png")).to_be_visible()
    chat.page.keyboard.press("+")
    expect(box).to_have_class("lightbox zoomed")
    with chat.page.expect_download() as download:
        box.get_by_role("link", name="Download").click()
    assert download.value.suggested_filename == "one.png"
    chat.page.keyboard.press("Escape")
    expect(box).to_be_hidden()
    expect(link).to_be_focused()
