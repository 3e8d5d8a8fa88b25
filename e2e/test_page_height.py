"""The header and the composer stay where they are: only parts of a page scroll, never the page itself."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, ViewportSize

from e2e.pages import paths
from messaging.models import Conversation, Membership, Message, User
from messaging.models.messages.saving import post

DESKTOP: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}

# What has moved or is too large, at first and after everything that can be scrolled to or focused was.
MOVED = """() => {
  const faults = new Set();
  const measure = (when) => {
    const { scrollHeight, scrollTop } = document.documentElement;
    const framed = [...document.querySelectorAll("body, .shell, .sidebar, .main, .panel")];
    if (scrollHeight > innerHeight) faults.add(`${when}: the page is ${scrollHeight} px tall`);
    if (scrollTop) faults.add(`${when}: the page is scrolled by ${scrollTop} px`);
    for (const part of framed) {
      if (part.scrollTop) faults.add(`${when}: ${part.className} is scrolled by ${part.scrollTop} px`);
    }
    const top = document.querySelector(".main > .bar")?.getBoundingClientRect().top;
    if (top < 0) faults.add(`${when}: the header is at ${top} px`);
  };
  // Of the many equal rows of the sidebar the last ones, which are the farthest away.
  const those = (selector) => {
    const found = [...document.querySelectorAll(selector)];
    const inRows = found.filter((one) => one.closest(".sidebar-row"));
    return [...found.filter((one) => !inRows.includes(one)), ...inRows.slice(-5)];
  };
  measure("at first");
  for (const part of those("[id]")) part.scrollIntoView();
  measure("after anchors");
  for (const one of those("a, button, input, select, textarea, [tabindex]")) one.focus();
  measure("after focus");
  scrollTo(0, 10000);
  measure("after scrolling");
  return [...faults];
}"""


def join_rooms(person: User, number: int) -> None:
    """Make the person a member of so many further rooms, half of them private."""
    rooms = Conversation.objects.bulk_create(
        Conversation(kind=Conversation.Kind.ROOM, name=f"room {place}", is_private=place % 2 == 0)
        for place in range(number)
    )
    Membership.objects.bulk_create(Membership(conversation=room, user=person) for room in rooms)


@pytest.fixture
def message(room: Conversation, ada: User, ben: User) -> Message:
    """A message that was edited and answered, in a room of more messages than fit on the screen."""
    User.objects.filter(pk=ada.pk).update(role=User.Role.OWNER)
    message = post(room, ada, "High water at nine")
    message.edit("High water at ten", by=ada)
    for number in range(20):
        post(room, ben, f"Answer {number}", parent=message)
        post(room, ben, f"Wave {number}")
    return message


def faults_of(page: Page, path: str) -> dict[str, list[str]]:
    page.goto(path, wait_until="domcontentloaded")
    found = {}
    for size in (DESKTOP, PHONE):
        page.set_viewport_size(size)
        found[f"{path} at {size['width']} px"] = page.evaluate(MOVED)
    return {where: faults for where, faults in found.items() if faults}


@pytest.mark.parametrize("rooms", [27, 500])
def test_no_page_is_taller_than_its_window(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, message: Message, rooms: int
) -> None:
    join_rooms(ada, rooms - 1)
    page = open_page(ada)
    page.route("**/live/*", lambda route: route.abort())
    reply = message.replies.latest("seq")
    permalinks = [reverse("message", args=[one.pk]) for one in (message, reply)]
    faults: dict[str, list[str]] = {}
    for path in [*paths(room, ben, message).values(), *permalinks]:
        faults |= faults_of(page, path)
    assert faults == {}
