from collections.abc import Callable

from playwright.sync_api import Page, expect

from e2e.chat import Chat
from messaging.models import Conversation, MessageHistory, User
from messaging.models.messages.saving import post


def test_only_the_author_is_offered_the_edit_action(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, script: bool
) -> None:
    hers, his = post(room, ada, "Mine"), post(room, ben, "Yours")
    chat = Chat(open_page(ada, script=script)).open(room)
    chat.row(hers).hover()
    expect(chat.row(hers).get_by_title("Edit")).to_be_visible()
    expect(chat.row(his).get_by_title("Edit")).to_be_hidden()
    menu = chat.menu(chat.row(his))
    expect(menu.get_by_role("link", name="Reply", exact=True)).to_be_visible()
    expect(menu.get_by_role("link", name="Edit")).to_have_count(0)
    expect(menu.get_by_role("link", name="Remove")).to_be_visible()  # she made the room
    bens = Chat(open_page(ben, script=script)).open(room)
    menu = bens.menu(bens.row(hers))
    expect(menu.get_by_role("link", name="Reply", exact=True)).to_be_visible()
    expect(menu.get_by_role("link", name="Remove")).to_have_count(0)
    chat.open(room)
    expect(chat.menu(chat.row(hers)).get_by_role("link", name="Edit")).to_be_visible()


def test_an_edit_changes_the_message_in_place(
    open_page: Callable[..., Page], ada: User, room: Conversation, script: bool
) -> None:
    message = post(room, ada, "High water at nine")
    chat = Chat(open_page(ada, script=script)).open(room)
    form = chat.form(chat.row(message), "Edit")
    expect(form.text).to_have_value("High water at nine")
    form.submit("High water at ten", "Save")
    expect(chat.row(message).locator(".prose")).to_have_text("High water at ten")
    expect(chat.row(message).get_by_role("link", name="edited")).to_be_visible()
    expect(form.form).to_have_count(0)
    if script:
        expect(chat.page).to_have_url(f"/conversations/{room.pk}/")
        expect(chat.composer).to_be_focused()


def test_an_edit_changes_timeline_and_panel_alike(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation
) -> None:
    message = post(room, ada, "High water at nine")
    post(room, ben, "Sure?", parent=message)
    chat = Chat(open_page(ada)).open(room)
    chat.row(message).locator(".summary").click()
    chat.form(chat.answer(message), "Edit").submit("High water at ten", "Save")
    for row in (chat.row(message), chat.answer(message)):
        expect(row.locator(".prose")).to_have_text("High water at ten")
    expect(chat.page.locator(".slot-form")).to_have_count(0)  # the stream may be faster than the answer
    expect(chat.row(message).locator(".summary")).to_contain_text("1 reply")
    chat.form(chat.row(message), "Edit").submit("High water at eleven", "Save")
    for row in (chat.row(message), chat.answer(message)):
        expect(row.locator(".prose")).to_have_text("High water at eleven")


def test_two_edits_at_once_lose_neither_text(
    open_page: Callable[..., Page], ada: User, room: Conversation, script: bool
) -> None:
    message = post(room, ada, "Bring rope")
    first = Chat(open_page(ada, script=script)).open(room)
    second = Chat(open_page(ada, script=script)).open(room)
    form = first.form(first.row(message), "Edit")
    second.form(second.row(message), "Edit").submit("Bring rope and tea", "Save")
    expect(second.row(message).locator(".prose")).to_have_text("Bring rope and tea")

    with first.page.expect_response(lambda answer: answer.url.endswith("/edit/")) as answered:
        form.submit("Bring string", "Save")
    assert answered.value.status == 409
    conflict = form.form.get_by_role("alert")
    expect(conflict).to_contain_text("changed while you were editing")
    expect(conflict.locator("del")).to_contain_text(["rope and tea"])
    expect(conflict.locator("ins")).to_contain_text(["string"])
    conflict.get_by_text("Current version", exact=True).click()
    expect(conflict.locator("blockquote")).to_have_text("Bring rope and tea")
    expect(form.text).to_have_value("Bring string")

    form.submit("Bring string and tea", "Save")
    expect(first.row(message).locator(".prose")).to_have_text("Bring string and tea")
    old = MessageHistory.objects.filter(message=message).order_by("number")
    assert [row.old_content for row in old] == ["Bring rope", "Bring rope and tea"]


def test_the_history_shows_the_words_that_changed(
    open_page: Callable[..., Page], ada: User, room: Conversation, script: bool
) -> None:
    message = post(room, ada, "Freeze on Tuesday")
    message.edit("Freeze on Wednesday", by=ada)
    message.edit("Freeze on Wednesday at noon", by=ada)
    chat = Chat(open_page(ada, script=script)).open(room)
    history = chat.history(chat.row(message))
    expect(history.locator(".changes")).to_have_text(
        ["Freeze on Wednesday at noon", "Freeze on TuesdayWednesday", "Freeze on Tuesday"]
    )
    revisions = history.locator(".revision")
    expect(revisions.nth(0).locator("ins")).to_have_text("at noon")
    expect(revisions.nth(0).locator("del")).to_have_count(0)
    expect(revisions.nth(1).locator("del")).to_have_text("Tuesday")
    expect(revisions.nth(1).locator("ins")).to_have_text("Wednesday")
    expect(revisions.nth(0)).to_contain_text("Ada Lovelace")
    expect(revisions.nth(2)).to_contain_text("original")
    if script:
        chat.page.keyboard.press("Escape")
        expect(history).to_have_count(0)
        expect(chat.page).to_have_url(f"/conversations/{room.pk}/")


def test_cancelling_changes_nothing(
    open_page: Callable[..., Page], ada: User, room: Conversation, script: bool
) -> None:
    message = post(room, ada, "High water at nine")
    chat = Chat(open_page(ada, script=script)).open(room)
    form = chat.form(chat.row(message), "Edit")
    form.text.fill("Low water")
    if script:  # a dialog asks first: it is dismissed, then accepted
        form.form.get_by_role("link", name="Cancel").click()
        expect(form.text).to_have_value("Low water")
        chat.page.on("dialog", lambda dialog: dialog.accept())
    form.form.get_by_role("link", name="Cancel").click()
    expect(form.form).to_have_count(0)
    expect(chat.row(message).locator(".prose")).to_have_text("High water at nine")
    message.refresh_from_db()
    assert not message.edited
