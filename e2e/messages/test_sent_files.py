"""Files after they were sent: descriptions, the files of a conversation, texts in place."""

from collections.abc import Callable

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from playwright.sync_api import Page, expect

from e2e.chat import Chat
from e2e.freshness import expect_as_fresh
from e2e.messages.test_files import names
from messaging.models import Conversation, User
from messaging.models.messages.reacting import react
from messaging.models.messages.saving import post
from messaging.models.messages.uploading import upload
from tests.factories import uploaded_picture
from tests.queue import run_tasks


def test_description_is_written_afterwards_and_shown_below_the_picture(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, script: bool
) -> None:
    file = upload(SimpleUploadedFile("sea.png", uploaded_picture(300)), ada)
    message = post(room, ada, "", files=[file.pk])
    run_tasks()
    other = Chat(open_page(ben)).listen(reverse("conversation", args=[room.pk]))
    chat = Chat(open_page(ada, script=script)).open(room)
    chat.menu(chat.row(message)).get_by_role("link", name="Describe pictures").click()
    chat.page.get_by_label("Description of sea.png").fill("A grey sea")
    chat.page.get_by_role("button", name="Save").click()
    expect(chat.timeline.get_by_alt_text("A grey sea")).to_be_visible()
    expect(other.timeline.get_by_alt_text("A grey sea")).to_be_visible()
    expect_as_fresh(other)
    other.timeline.locator(".picture > a").click()
    box = other.page.get_by_role("dialog", name="Picture")
    expect(box.get_by_role("img", name="A grey sea")).to_be_focused()
    expect(box.locator(".lightbox-name")).to_have_text("sea.png")
    expect(box.locator(".lightbox-caption")).to_have_text("A grey sea")


def test_files_of_a_conversation_are_listed_and_pictures_opened(
    open_page: Callable[..., Page], ada: User, room: Conversation, script: bool
) -> None:
    for name, data in (("sea.png", uploaded_picture(300)), ("plan.txt", b"words")):
        post(room, ada, "", files=[upload(SimpleUploadedFile(name, data), ada).pk])
    run_tasks()
    chat = Chat(open_page(ada, script=script)).open(room)
    page = chat.page
    page.get_by_role("button", name="Room menu").click()
    page.locator(".menu").get_by_role("link", name="Files").click()
    expect(page.locator(".file-name")).to_have_text(["plan.txt", "sea.png"])
    page.get_by_role("link", name="Pictures").click()
    expect(page.locator(".file-name")).to_have_text(["sea.png"])
    if script:
        page.locator(".picture > a").click()
        expect(page.get_by_role("dialog", name="Picture").get_by_role("img", name="sea.png")).to_be_visible()
        page.keyboard.press("Escape")
    page.get_by_role("link", name="Show message").click()
    expect(chat.timeline.get_by_alt_text("sea.png")).to_be_in_viewport()


def test_text_file_is_unfolded_stays_so_and_leads_to_all_of_it(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, script: bool
) -> None:
    code = b"".join(b"tide_%d = %d\n" % (number, number) for number in range(1, 101))
    file = upload(SimpleUploadedFile("tides.py", code), ada)
    message = post(room, ada, "", files=[file.pk])
    chat = Chat(open_page(ben, script=script))
    chat = chat.listen(reverse("conversation", args=[room.pk])) if script else chat.open(room)
    shown = chat.timeline.locator(".text-file")
    folded = shown.locator("pre").bounding_box()
    shown.get_by_text("Show more").click()
    expect(shown.get_by_text("Show less")).to_be_visible()
    unfolded = shown.locator("pre").bounding_box()
    assert folded
    assert unfolded
    assert (round(folded["height"]), round(unfolded["height"])) == (258, 40 * 20 + 20)
    if script:
        react(message, ada, "👍")
        expect(chat.timeline.locator(".reaction").first).to_contain_text("👍")
        expect(shown.get_by_text("Show less")).to_be_visible()
    shown.get_by_role("link", name="Show all 100 lines").click()
    expect(chat.page.get_by_role("heading", level=1)).to_have_text("tides.py")
    expect(chat.page.locator("pre")).to_contain_text("tide_100 = 100")
    chat.page.get_by_role("link", name="Back to the message").click()
    expect(chat.row(message)).to_be_visible()


def test_page_that_was_sent_as_a_file_is_saved(
    open_page: Callable[..., Page], ada: User, room: Conversation
) -> None:
    file = upload(SimpleUploadedFile("plan.html", b"<script>alert(1)</script>"), ada)
    post(room, ada, "", files=[file.pk])
    chat = Chat(open_page(ada)).open(room)
    with chat.page.expect_download() as download:
        names(chat.timeline).click()
    assert download.value.suggested_filename == "plan.html"
