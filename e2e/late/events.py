"""What happens while an answer is held back, and how one sees that the page knows of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from e2e.browser_state import until
from e2e.late.law import streamed
from e2e.late.scene import Scene
from messaging.models import Message
from messaging.models.messages.saving import post
from messaging.models.rooms.settings import archive, rename, unarchive

# How the test sees that the page knows of an event: the page shows it; or, if the part that would show it is
# held back, its stream has received it; or not at all, if the stream itself cannot go on before the answer.
WaitFor = Literal["shown", "streamed", "nothing"]


@dataclass(frozen=True)
class Event:
    """Something that others do, or the person elsewhere.

    Attributes:
        happen: does it, and returns a function that says whether the page shows it.
        names: of the stream's events by which the page learns of it.
        undo: makes the scene as it was, as far as another event needs it.
    """

    happen: Callable[[Scene], Callable[[], object]]
    names: tuple[str, ...]
    undo: Callable[[Scene], object] = lambda scene: None


def _written(scene: Scene) -> Callable[[], object]:
    message = post(scene.room, scene.ben, scene.text("New"))
    return scene.chat.row(message).count


def _replied(scene: Scene) -> Callable[[], object]:
    post(scene.room, scene.ben, scene.text("Reply"), Message.objects.get(pk=scene.topic.pk))
    count = Message.rows.filter(thread_root=scene.topic.pk, removed_at=None).count()
    return scene.chat.row(scene.topic).locator(".summary", has_text=f"{count} repl").count


def _edited(scene: Scene) -> Callable[[], object]:
    text = scene.text("Edited")
    Message.objects.get(pk=scene.theirs.pk).edit(text)
    return scene.chat.row(scene.theirs).locator(".prose", has_text=text).count


def _removed(scene: Scene) -> Callable[[], object]:
    message = Message.objects.get(pk=scene.target().pk)
    message.remove(by=scene.ben, reason="Not here")
    return scene.page.locator(f"#{'t' if message.thread_root_id else 'm'}-{message.pk} > .removed").count


def _read(scene: Scene) -> Callable[[], object]:
    Message.unread_messages.mark_as_read_for_user(scene.ada)
    return scene.chat.badge(scene.other.name).is_hidden


def _people_renamed(scene: Scene) -> Callable[[], object]:
    for person in (scene.ada, scene.ben):
        person.refresh_from_db()
        person.display_name = scene.text(person.username)
        person.save()
    author = scene.chat.row(scene.theirs).locator(".name", has_text=scene.ben.display_name)
    return lambda: author.count() and scene.chat.place(scene.ben.display_name).count()


def _room_renamed(scene: Scene) -> Callable[[], object]:
    rename(scene.room, scene.text("quay"), "Ships", by=scene.ada)
    name = scene.room.name
    return lambda: scene.chat.title.filter(has_text=name).count() and scene.chat.place(name).count()


def _archived(scene: Scene) -> Callable[[], object]:
    archive(scene.room, by=scene.ada)
    return scene.page.locator("#conversation-title[data-archived]").count


def _unarchived(scene: Scene) -> None:
    unarchive(scene.room, by=scene.ada)
    until(scene.page, scene.page.locator("#conversation-title:not([data-archived])").count)


def _deleted(scene: Scene) -> Callable[[], object]:
    Message.objects.filter(pk=scene.spare.pk).delete()
    return lambda: not scene.chat.row(scene.spare).count()


EVENTS = {
    "a new message": Event(_written, ("message",)),
    "a reply": Event(_replied, ("message",)),
    "an edit": Event(_edited, ("message",)),
    "a removal by a moderator": Event(_removed, ("message",)),
    "read elsewhere": Event(_read, ("badges",)),
    "people renamed": Event(_people_renamed, ("reset", "sidebar")),
    "a room renamed": Event(_room_renamed, ("conversation", "sidebar")),
    "archived": Event(_archived, ("conversation", "sidebar"), undo=_unarchived),
    "a reset": Event(_deleted, ("reset",)),
}


def happen(scene: Scene, event: Event, wait_for: WaitFor) -> None:
    """Let it happen, and wait until the page knows of it."""
    before = {name: streamed(scene.page, name) for name in event.names}
    is_shown = event.happen(scene)
    if wait_for == "shown":
        until(scene.page, is_shown, "The page does not show what happened.")
    elif wait_for == "streamed":
        until(scene.page, lambda: all(streamed(scene.page, name) > old for name, old in before.items()))
        # While the page loads its list again, what happens may come with the list, and without an event.
        until(scene.page, lambda: not scene.page.locator("#connection.htmx-request").count())
