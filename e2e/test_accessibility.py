from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django import Settings

from e2e import page_height
from e2e.accessibility import faults_of
from e2e.chat import Chat
from e2e.page_height import join_rooms
from e2e.pages import paths
from messaging.models import Attachment, Conversation, Message, User
from messaging.models.inbox.blocking import block
from messaging.models.messages.preparing import prepare_picture
from messaging.models.messages.reacting import react
from messaging.models.messages.saving import post
from messaging.models.messages.uploading import upload
from tests.factories import link_preview, open_sign_up, uploaded_picture

MP4 = b"\0\0\0\x18ftypmp42"
RICH = """**Bold** and *italic*, `code`, ~~gone~~, [a link](https://example.org) for @ada

> A quotation

- one
- two

```python
def wide(line: str) -> str: return "a comment that is far too long for the column that it is in"  # yes
```

| place | time |
|-------|------|
| quay  | noon |
"""


@pytest.fixture
def message(room: Conversation, ada: User, ben: User) -> Message:
    """A message of Ada's that was edited and answered, in a room with unread and removed messages."""
    message = post(room, ada, "High water at nine")
    message.edit("High water at ten", by=ada)
    sure = post(room, ben, "Sure?", parent=message)
    post(room, ada, "Quite", parent=sure)
    sure.remove(by=ben)
    link_preview(post(room, ada, "See https://harbour.example/tides"), description="Twice a day")
    gone = post(room, ben, "Gone")
    post(room, ada, "What was it?", parent=gone)
    gone.remove(by=ben)
    rich = post(room, ben, RICH)
    for user, emoji in ((ada, "👍🏽"), (ben, "👍"), (ben, "🎉")):
        react(rich, user, emoji)
        react(message, user, emoji)
    files = [
        ("plan.txt", b"words"),
        ("tides.py", b"tide = 1  # metres\n" * 60),
        ("sea.png", uploaded_picture()),
        ("song.mp3", b"ID3"),
        ("tide.mp4", MP4),
    ]
    for name, data in files:
        file = upload(SimpleUploadedFile(name, data), ada)
        post(room, ada, "", files=[file.pk])
    prepare_picture.func(Attachment.objects.get(name="sea.png").pk)
    Message.objects.create(sender=ben, receiver=ada, content="Tea?")
    return message


def test_no_page_has_accessibility_faults_or_is_taller_than_its_window(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, message: Message
) -> None:
    User.objects.filter(pk=ada.pk).update(role=User.Role.OWNER)
    join_rooms(ada, 25)
    block(ada, User.objects.create_user("eve"))
    ben.set_unusable_password()
    ben.save()
    pages, bens_page = open_page(ada), open_page(ben)
    faults = {}
    addresses = {**paths(room, ben, message), "account_set_password": reverse("account_set_password")}
    quay = Conversation.objects.create_room("quay", by=ben)  # which Ada has not joined
    post(quay, ben, "Anybody?", parent=post(quay, ben, "Low water"))
    addresses["reading"] = reverse("conversation", args=[quay.pk])
    addresses["made"] = f"{reverse('conversation_members', args=[room.pk])}?new"
    described = Message.objects.get(files__name="sea.png")
    addresses["descriptions"] = reverse("message_descriptions", args=[described.pk])
    text = Attachment.objects.get(name="tides.py")
    addresses["text"] = reverse("file_text", args=[text.pk])
    for name, path in addresses.items():
        page = bens_page if name == "account_set_password" else pages
        page.goto(path)
        expect(page).to_have_url(path)
        faults[name] = [*faults_of(page), *page_height.faults_of(page)]
        page.set_viewport_size(page_height.DESKTOP)
    assert {name: found for name, found in faults.items() if found} == {}


def test_sign_in_pages_have_no_accessibility_faults(
    open_page: Callable[..., Page], ada: User, settings: Settings
) -> None:
    page = open_page()
    page.goto(reverse("account_login"))
    assert faults_of(page) == []
    page.get_by_label("Username").fill("ada")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert faults_of(page) == []
    for path in (
        *("/account/inactive/", "/account/signup/"),
        *("/account/password/reset/", "/account/password/reset/done/", "/account/password/reset/key/1-no/"),
    ):
        page.goto(path)
        assert faults_of(page) == []
    open_sign_up()
    settings.HAS_MAIL_SERVER = True
    for path in ("/account/login/", "/account/signup/", "/account/password/reset/"):
        page.goto(path)
        assert faults_of(page) == []
    page.goto("/nowhere/")
    assert faults_of(page) == []


def test_panels_forms_and_menus_have_no_accessibility_faults(
    open_page: Callable[..., Page], ada: User, room: Conversation, message: Message
) -> None:
    chat = Chat(open_page(ada)).open(room)
    chat.row(message).locator(".summary").click()
    expect(chat.panel.locator(".prose")).to_have_count(2)
    chat.form(chat.row(message), "Reply")
    chat.act(chat.answer(message), "Reply")
    expect(chat.page.locator(".reply-form")).to_have_count(2)
    assert faults_of(chat.page) == []
    chat.history(chat.row(message))
    expect(chat.page.locator(".history")).to_be_visible()
    assert faults_of(chat.page) == []
    chat.page.keyboard.press("Escape")
    chat.act(chat.answer(message), "React with an emoji")
    expect(chat.page.locator(".emoji-picker[data-ready]")).to_be_visible()
    assert faults_of(chat.page) == []
    chat.page.keyboard.press("Escape")
    chat.menu(chat.answer(message))
    assert faults_of(chat.page) == []


def test_the_inbox_has_no_accessibility_faults_with_what_opens_in_it(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, message: Message
) -> None:
    post(room, ben, "Below it, @ada", parent=Message.objects.get(content="Quite"))
    page = Chat(open_page(ada)).listen("/inbox/").page
    first, second, third = page.locator("#list .waiting").all()
    second.get_by_role("link", name="Answer").click()
    Chat(page).act(third.locator(".row").first, "Reply")
    expect(page.locator(".reply-form")).to_have_count(2)
    first.get_by_role("link", name="Later").click()
    expect(page.locator(".later")).to_be_visible()
    assert faults_of(page) == []
    page.get_by_role("button", name="Tomorrow").click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    assert faults_of(page) == []
    for part in ("later", "your-threads"):
        page.goto(f"/inbox/?show={part}")
        expect(page.locator("#list :is(.waiting, .line)").first).to_be_visible()
        assert faults_of(page) == []


def test_forms_with_errors_have_no_accessibility_faults(
    open_page: Callable[..., Page], ada: User, room: Conversation, message: Message
) -> None:
    chat = Chat(open_page(ada)).open(room)
    chat.send("x" * 10_001)
    expect(chat.page.locator(".writing .errors")).to_be_visible()
    assert faults_of(chat.page) == []
    form = chat.form(chat.row(message), "Edit")
    message.edit("High water at noon", by=ada)
    form.submit("High water at one", "Save")
    expect(form.form.get_by_role("alert")).to_be_visible()
    assert faults_of(chat.page) == []


def test_pages_on_a_phone_have_no_accessibility_faults(
    open_page: Callable[..., Page], ada: User, room: Conversation, message: Message
) -> None:
    page = open_page(ada, phone=True)
    others = ("/account/", "/people/", "/conversations/new/", "/rooms/new/")
    for path in (*others, "/", reverse("conversation", args=[room.pk]), reverse("thread", args=[message.pk])):
        page.goto(path)
        assert faults_of(page) == []
