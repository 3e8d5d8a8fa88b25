"""Whether only parts of a page scroll, and never the page itself."""

from playwright.sync_api import Page, ViewportSize

from messaging.models import Conversation, Membership, User

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


def faults_of(page: Page) -> list[str]:
    """What of the open page has moved or is too tall, on a desktop and on a phone."""
    found: list[str] = []
    for size in (DESKTOP, PHONE):
        page.set_viewport_size(size)
        found += [f"at {size['width']} px, {fault}" for fault in page.evaluate(MOVED)]
    return found
