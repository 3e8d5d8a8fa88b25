from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page, expect

from e2e.chat import Chat
from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post
from messaging.models.retention.rules import set_room_rule, withdraw_room_rule
from messaging.models.retention.run import run_for
from messaging.models.site.retention import RoomRules, Rule
from tests.models.retention.conftest import rule_of_room, rule_of_site


def test_an_open_page_follows_the_rule_and_what_it_deletes(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation
) -> None:
    """What is typed in the composer, and where the page is, stay as they are."""
    root, alone = post(room, ada, "With an answer"), post(room, ada, "Alone")
    post(room, ben, "Young", parent=root)
    old = timezone.now() - timedelta(days=40)
    Message.rows.filter(pk__in=[root.pk, alone.pk]).update(timestamp=old)
    rule_of_site(Rule(rooms=RoomRules.ANY))
    chat = Chat(open_page(ben))
    chat.page.goto(f"/conversations/{room.pk}/")
    line = chat.page.locator("#retention-line")
    expect(chat.row(alone)).to_be_visible()
    expect(line).to_be_hidden()
    chat.composer.fill("Half a sentence")

    set_room_rule(room, Rule(30), by=ada)
    expect(line).to_contain_text("messages here are deleted after 30 days")
    withdraw_room_rule(room, by=ada)
    expect(line).to_be_hidden()

    rule_of_room(room, Rule(30))
    run_for(60)
    expect(chat.row(alone)).to_have_count(0)
    expect(chat.row(root)).to_contain_text("Deleted because of its age")
    expect(line).to_have_text("Messages here are deleted after 30 days. More")
    expect(chat.composer).to_have_value("Half a sentence")
