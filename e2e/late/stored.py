"""What the page shows is what is stored, in all its parts.

The HTML of a message follows from its version and its author's name, so these are compared.
"""

from contextlib import suppress
from typing import Any

from e2e.browser_state import until
from e2e.late.scene import Scene
from messaging.models import Conversation, Message, ThreadedMessage
from messaging.models.inbox.sidebar import sidebar_of
from messaging.models.messages.unread_queries import unread_threads

SHOWN = """() => {
  const text = (element) => element?.textContent.trim();
  const number = (badge) => badge.hidden ? 0 : parseInt(badge.textContent);
  const messages = (rows) => [...document.querySelectorAll(rows)].map(({ id, firstElementChild: message }) =>
    [Number(id.slice(2)), Number(message.dataset.version), text(message.querySelector(".name")) ?? ""]);
  const { dataset } = document.querySelector("#conversation-title");
  const mark = document.querySelector("#mark-read");
  return {
    timeline: messages("#timeline > .row"),
    "is newest": !document.querySelector("#timeline > .newer:last-child"),
    thread: messages("#panel .replies > .row"),
    "reply count": text(document.querySelector("#panel [id^=reply-count-]")),
    "new replies": document.querySelector("#unread-threads").dataset.unread.trim(),
    heading: text(document.querySelector("#conversation-title h1")),
    "is archived": "archived" in dataset,
    title: document.title.replace(/^\\(\\d+\\+?\\) /, "").split(" · ")[0],
    sidebar: [...document.querySelectorAll("#sidebar .sidebar-row")].map((place) =>
      [text(place.querySelector(".sidebar-row-name")), number(place.querySelector(".badge"))]),
    "to be read": mark.hidden ? 0 : parseInt(text(mark.querySelector(".badge"))),
  };
}"""


def expect_as_stored(scene: Scene) -> None:
    """The page comes to show what is stored."""
    with suppress(AssertionError):  # the next line says in what they differ
        until(scene.page, lambda: not difference(scene))
    found = difference(scene)
    assert not found, found


def difference(scene: Scene) -> dict[str, tuple[object, object]]:
    """What the page shows, and what it should show, for each part that differs."""
    shown = scene.page.evaluate(SHOWN)
    expected = stored(scene)
    length = len(shown["timeline"])
    timeline = expected["timeline"]
    place = next((n for n, row in enumerate(timeline) if shown["timeline"][:1] == [row]), 0)
    end = place + length
    expected |= {"timeline": timeline[place:end], "is newest": end >= len(timeline)}
    return {part: (shown[part], one) for part, one in expected.items() if shown[part] != one}


def stored(scene: Scene) -> dict[str, Any]:
    room = Conversation.objects.get(pk=scene.room.pk)
    sidebar = sidebar_of(scene.ada, room.pk)
    messages = list(Message.rows.filter(conversation=room).select_related("sender").order_by("seq"))
    rows = {one.pk: [one.pk, one.version, one.author.name if one.author else ""] for one in messages}
    thread = ThreadedMessage.outline(Message.rows.get(pk=scene.topic.pk))
    count = sum(not node.is_removed for node in thread[1:])
    return {
        "timeline": [rows[one.pk] for one in messages if one.thread_root_id is None],
        "thread": [rows[node.pk] for node in thread],
        "reply count": f"{count} repl{'y' if count == 1 else 'ies'}",
        "new replies": " ".join(f"{root}:{new}" for root, new in unread_threads(scene.ada, room).items()),
        "heading": f"# {room.name}",
        "is archived": room.archived_at is not None,
        "title": room.name,
        "sidebar": [[one.title, one.unread] for one in (*sidebar.rooms, *sidebar.direct_and_groups)],
        "to be read": sidebar.entries[room.pk].unread,
    }
