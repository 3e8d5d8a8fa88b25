"""On a touch screen every control has an area of at least 44 by 44 pixels, however small it looks."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from e2e.chat import Chat
from e2e.pages import paths
from messaging.models import Conversation, Message, User
from messaging.models.messages.reacting import react
from messaging.models.messages.saving import post
from tests.factories import link_preview

# Links within a sentence may be as tall as their line. So may a message's name and time: its picture and its
# menu lead to the same places.
TOO_SMALL = """within => {
  const text = ".prose a, .link:not(.continue), .name, .moment, .members-link, .waiting a, .new, .skip-link";
  const controls = [...document.querySelector(within).querySelectorAll("a[href], button, summary")];
  const belongs = (control, x, y) => {
    const hit = document.elementFromPoint(x, y);
    return hit && (control.contains(hit) || hit.contains(control) && hit.matches("label"));
  };
  const faults = [];
  for (const control of controls) {
    if (control.matches(text) || !control.checkVisibility({ opacityProperty: true })) continue;
    control.scrollIntoView({ block: "center" });
    const { left, right, top, bottom, width } = control.getBoundingClientRect();
    if (width <= 1) continue; // for screen readers only
    const x = (left + right) / 2;
    const y = (top + bottom) / 2;
    const around = [[x - 21, y], [x + 21, y], [x, y - 21], [x, y + 21]].filter(([at, down]) =>
      at > 0 && down > 0 && at < innerWidth && down < innerHeight);
    const missed = around.filter(([at, down]) => !belongs(control, at, down));
    if (missed.length) {
      const box = `${Math.round(right - left)} × ${Math.round(bottom - top)}`;
      const size = missed.map(([at, down]) => `${Math.round(at - x)},${Math.round(down - y)}`).join(" ");
      faults.push(`${control.cloneNode().outerHTML.slice(0, 90)} ${box}: not at ${size}`);
    }
  }
  return faults;
}"""


@pytest.fixture
def message(room: Conversation, ada: User, ben: User) -> Message:
    """An edited message with a thread, in a room with runs, one of which ends in edited and answered ones."""
    User.objects.filter(pk=ada.pk).update(role=User.Role.OWNER)
    message = post(room, ada, "High water at nine")
    message.edit("High water at ten", by=ada)
    for parent in (message, post(room, ben, "Sure?", parent=message)):
        post(room, ada, "Quite", parent=parent)
    for number in range(6):
        post(room, ben, f"Wave {number}")
    late = post(room, ben, "Late")
    late.edit("Later", by=ben)
    post(room, ada, "Yes", parent=late)
    for emoji in (":+1:", "🎉", "👀"):
        react(late, ben, emoji)
    link_preview(post(room, ada, "See https://harbour.example/tides"))
    post(room, ben, "And the last")
    post(room, ben, "\n".join(["```", "tide()", "```", *["Long"] * 40]))
    Message.objects.create(sender=ben, receiver=ada, content="Tea?")
    return message


def test_every_control_can_be_tapped(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, message: Message
) -> None:
    page = open_page(ada, phone=True)
    page.route("**/live/*", lambda route: route.abort())
    faults: list[str] = []
    for name, path in paths(room, ben, message).items():
        page.goto(path)
        faults += [f"{name}: {fault}" for fault in page.evaluate(TOO_SMALL, "body")]
    assert not faults, "\n".join(faults)


def test_the_menu_and_the_history_of_a_message_can_be_tapped(
    open_page: Callable[..., Page], ada: User, room: Conversation, message: Message
) -> None:
    chat = Chat(open_page(ada, phone=True)).open(room)
    chat.row(message).locator(".edited").tap()
    expect(chat.page.locator(".history")).to_be_visible()
    assert chat.page.evaluate(TOO_SMALL, ".history") == []
    chat.page.keyboard.press("Escape")
    chat.row(message).get_by_title("More").tap()
    expect(chat.page.locator(".menu.floating:popover-open")).to_be_visible()
    assert chat.page.evaluate(TOO_SMALL, ".menu:popover-open") == []
