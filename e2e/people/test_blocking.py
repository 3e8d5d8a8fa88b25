"""Somebody is blocked: their messages are hidden, nothing of theirs notifies, and nobody else notices."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from e2e.chat import Chat, address_of
from messaging.models import Conversation, User
from messaging.models.inbox.blocking import block
from messaging.models.messages.saving import post
from messaging.models.rooms.members import add


def test_a_person_is_blocked_and_unblocked(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, script: bool
) -> None:
    cleo = User.objects.create_user("cleo", display_name="Cleo Sand")
    add(room, cleo)
    before = post(room, ben, "Buy my boat")
    direct = Conversation.objects.direct(ada, ben)
    page = open_page(ada, script=script)
    page.goto(f"/people/{ben.pk}/")
    page.get_by_role("link", name="Block…").click()
    expect(page.get_by_text("They are not told")).to_be_visible()
    page.get_by_role("button", name="Block").click()
    expect(page.get_by_text("You blocked Ben Okri")).to_be_visible()

    chat = Chat(page).open(room)
    prose = chat.row(before).locator(".prose")
    expect(prose).to_be_hidden()
    expect(prose).to_have_text("Buy my boat")
    after = post(room, ben, "It floats, @ada")
    written = post(direct, ben, "Only to you")
    if not script:
        page.reload()
    expect(chat.row(after).locator(".prose")).to_be_hidden()
    expect(chat.row(after).locator(".prose")).to_contain_text("It floats")
    expect(chat.badge("Ben Okri")).to_be_hidden()
    assert not page.title().startswith("(")
    chat.row(after).locator(".moment").first.click()
    expect(chat.row(after).locator(".prose")).to_be_visible()
    expect(chat.row(before).locator(".prose")).to_be_hidden()
    page.goto("/inbox/")
    expect(page.get_by_text("It floats")).to_have_count(0)

    hers = Chat(open_page(cleo, script=script)).open(room)
    expect(hers.row(after).locator(".prose")).to_be_visible()
    his = Chat(open_page(ben, script=script)).open(direct)
    expect(his.row(written).locator(".prose")).to_be_visible()

    page.goto("/account/")
    page.get_by_role("link", name="Blocked people").click()
    page.get_by_role("button", name="Unblock Ben Okri").click()
    expect(page.get_by_text("You unblocked Ben Okri")).to_be_visible()
    chat.open(room)
    expect(chat.row(before).locator(".prose")).to_be_visible()
    post(direct, ben, "Sold")
    if not script:
        page.reload()
    expect(chat.badge("Ben Okri")).to_be_visible()


def test_a_blocked_person_is_not_shown_as_typing(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("messaging.live.typing.SHOWN_SECONDS", 3600.0)
    cleo = User.objects.create_user("cleo", display_name="Cleo Sand")
    add(room, cleo)
    for person in (ben, cleo):
        post(room, person, "Here")
    block(ada, ben)
    address = address_of(room)
    hers, his, theirs = (Chat(open_page(person)).listen(address) for person in (ada, ben, cleo))
    his.composer.press_sequentially("Well")
    expect(theirs.page.locator(".writing .typing")).to_have_text("Ben Okri is typing…")
    theirs.composer.press_sequentially("Quite")
    expect(hers.page.locator(".writing .typing")).to_have_text("Cleo Sand is typing…")
