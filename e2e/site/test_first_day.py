"""The whole life of an account, from sign-up to deletion, with a colleague; with script and without."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from e2e.chat import Chat, Form
from e2e.conftest import PASSWORD
from messaging.models import Conversation, Message, User
from tests.factories import open_sign_up


def sign_up(chat: Chat) -> None:
    chat.page.goto("/")
    chat.page.get_by_role("link", name="Create an account").click()
    chat.page.get_by_label("Username").fill("mina")
    chat.page.get_by_label("Your name").fill("Mina Farahani")
    chat.page.get_by_label("Password", exact=False).first.fill(PASSWORD)
    chat.page.get_by_label("Password (again)").fill(PASSWORD)
    chat.page.get_by_role("button", name="Create account").click()


def meet_a_conflict(chat: Chat, message: Message) -> None:
    form = chat.form(chat.row(message), "Edit")
    message.refresh_from_db()
    message.edit("Boats, ropes and tea")
    form.submit("Boats and coffee", "Save")
    expect(form.form.get_by_role("alert")).to_contain_text("changed while you were editing")
    expect(form.text).to_have_value("Boats and coffee")
    form.submit("Boats, ropes and coffee", "Save")
    expect(chat.row(message).locator(".prose")).to_have_text("Boats, ropes and coffee")
    expect(form.form).to_have_count(0)  # the stream may be faster than the answer, which closes it


def test_the_whole_life_of_an_account(
    open_page: Callable[..., Page], ben: User, room: Conversation, script: bool
) -> None:
    open_sign_up()
    mina = Chat(open_page(script=script))
    sign_up(mina)
    mina.page.get_by_role("button", name="Join harbour").click()
    expect(mina.title).to_have_text("# harbour")

    mina.page.get_by_role("link", name="New conversation").first.click()
    mina.page.get_by_label("Ben Okri").check()
    mina.page.get_by_role("button", name="Start").click()
    mina.send("Hello, Ben")
    expect(mina.row_with("Hello, Ben")).to_be_visible()

    mina.page.get_by_role("link", name="New room").first.click()
    mina.page.get_by_label("Name", exact=True).fill("boats")
    mina.page.get_by_role("button", name="Create room").click()
    expect(mina.title).to_have_text("Add people")
    mina.page.get_by_role("link", name="Open the room").click()
    expect(mina.title).to_have_text("# boats")
    mina.send("Boats and ropes")
    expect(mina.row_with("Boats and ropes")).to_be_visible()
    message = Message.objects.get(content="Boats and ropes")

    his = Chat(open_page(ben, script=script))
    his.page.goto("/rooms/")
    expect(his.badge("Mina Farahani")).to_have_text("1 unread")
    expect(his.page).to_have_title("(1) Rooms · Parley")
    his.page.get_by_role("button", name="Join boats").click()
    his.reply(his.row(message), "How many?")
    for text in ("Three", "And oars?"):
        his.reply(his.page.locator(".thread").locator(his.page.locator(".row[id]")).last, text)
    assert Message.objects.get(content="And oars?").depth == 3

    mina.page.reload()
    expect(mina.badge("boats")).to_have_text("3 unread")
    meet_a_conflict(mina, message)
    expect(mina.history(mina.row(message)).locator(".changes")).to_have_count(3)
    mina.open(message.conversation)
    mina.row(message).locator(".summary").click()
    expect(mina.page.locator(".thread .row[id] .prose")).to_have_count(4)
    if not script:
        mina.open(message.conversation)
        mina.page.get_by_role("button", name="Mark as read").click()
    expect(mina.badge("boats")).to_be_hidden()
    expect(mina.page).not_to_have_title(re.compile(r"^\("))

    mina.open(message.conversation)
    mina.send("Tomorrow at nine")
    expect(mina.row_with("Tomorrow at nine")).to_be_visible()
    message = Message.objects.get(content="Tomorrow at nine")
    his.open(message.conversation)
    if not script:
        his.page.get_by_role("button", name="Mark as read").click()
    expect(his.badge("boats")).to_be_hidden()
    his.menu(his.row(message)).get_by_role("button", name="Mark as unread from here").click()
    expect(his.badge("boats")).to_have_text("1 unread")
    his.page.goto("/inbox/")
    expect(his.badge("boats")).to_have_text("1 unread")

    mina.open(message.conversation)
    mina.menu(mina.row(message)).get_by_role("link", name="Remove").click()
    Form(mina.page.locator(".plain-form")).form.get_by_role("button", name="Remove").click()
    expect(mina.row(message)).to_contain_text("Message removed")
    his.page.goto("/inbox/")
    expect(his.badge("boats")).to_be_hidden()

    mina.page.goto("/account/delete/")
    mina.page.get_by_label("Your password").fill(PASSWORD)
    mina.page.get_by_role("button", name="Delete my account").click()
    expect(mina.page.get_by_role("heading", name="Your account was deleted")).to_be_visible()
    assert not User.objects.filter(username="mina").exists()
    assert Message.objects.filter(content="How many?").exists()
