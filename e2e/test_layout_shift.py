"""Nothing moves while a page loads: what scripts add has its room already, or takes none."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, ViewportSize

from e2e import marked
from e2e.layout_shift import load_slowly
from e2e.pages import paths
from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post

MOST = 0.02
PHONE: ViewportSize = {"width": 390, "height": 844}
pytestmark = pytest.mark.skipif(marked.IS_ON, reason="Our fonts lack its signs, so lines are higher.")


@pytest.fixture
def message(room: Conversation, ada: User, ben: User) -> Message:
    """A message that was edited, with a thread that has a long branch, in a room with runs and days.

    Ada has some of the messages and replies unread.
    """
    User.objects.filter(pk=ada.pk).update(role=User.Role.OWNER)
    message = post(room, ada, "High water at nine")
    message.edit("High water at ten", by=ada)
    for number in range(60):
        post(room, (ada, ben)[number // 5 % 2], f"Wave {number}")
    roots = Message.rows.order_by("-seq").values_list("pk", flat=True)
    for place, pk in enumerate(roots):
        sent = timezone.now() - place * timedelta(minutes=2) - place // 20 * timedelta(days=1)
        Message.rows.filter(pk=pk).update(timestamp=sent)
    for _ in range(3):
        reply = message
        for level in range(8):
            reply = post(room, (ada, ben)[level % 2], f"Level {level}", parent=reply)
    Message.objects.create(sender=ben, receiver=ada, content="Tea?")
    late = Message.unread_messages.for_user(ada).order_by("-seq").values_list("pk", flat=True)
    Message.unread_messages.mark_as_read_for_user(ada, message_ids=list(late[6:]))
    return message


def expect_steady(page: Page, path: str) -> None:
    shift = load_slowly(page, path)
    assert shift["sum"] < MOST, f"{path}: {shift}"


def test_no_page_moves_while_it_loads(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, message: Message
) -> None:
    page = open_page(ada)
    page.route("**/live/*", lambda route: None)  # an error would show a line above the page
    for path in paths(room, ben, message).values():
        expect_steady(page, path)


@pytest.mark.parametrize("read", [False, True], ids=["unread", "read"])
def test_no_timeline_and_no_thread_moves_while_it_loads(
    open_page: Callable[..., Page], ada: User, room: Conversation, message: Message, read: bool
) -> None:
    if read:
        Message.unread_messages.mark_as_read_for_user(ada)
    page = open_page(ada)
    page.route("**/live/*", lambda route: None)  # an error would show a line above the page
    replies = message.replies.order_by("seq")
    middle = room.messages.filter(parent_message=None).order_by("seq")[20]
    for size in (None, PHONE):
        if size:
            page.set_viewport_size(size)
        for path in ("conversation_list", "inbox"):
            expect_steady(page, reverse(path))
        for one in (message, middle, *replies):
            expect_steady(page, reverse("message", args=[one.pk]))
            expect_steady(page, reverse("thread", args=[one.pk]))
        expect_steady(page, reverse("conversation", args=[room.pk]))


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "America/Los_Angeles", "Asia/Kolkata"])
def test_the_days_of_a_timeline_do_not_move_in_another_zone(
    open_page: Callable[..., Page], ada: User, room: Conversation, zone: str
) -> None:
    for number in range(30):
        post(room, ada, f"Wave {number}", timestamp=timezone.now() - timedelta(hours=5 * (30 - number)))
    page = open_page(ada, timezone_id=zone, viewport=PHONE)
    page.route("**/live/*", lambda route: None)  # an error would show a line above the page
    page.goto("/")
    path = reverse("conversation", args=[room.pk])
    expect_steady(page, path)
    days = [day.get_attribute("datetime") for day in page.locator(".day time").all()]
    plain = page.context.request.get(path).text()
    assert days == re.findall(r'<time datetime="([0-9-]+)"', plain)


def test_sign_in_pages_do_not_move_while_they_load(open_page: Callable[..., Page], ada: User) -> None:
    page = open_page()
    for path in ("account_login", "account_signup", "account_reset_password"):
        expect_steady(page, reverse(path))
