"""The kinds of answers that a page waits for, and what a person does to get each."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Locator, expect

from e2e.late.events import WaitFor
from e2e.late.scene import Scene
from messaging.models import Message
from messaging.models.messages.saving import post
from messaging.models.rooms.settings import rename

Act = Callable[[], object]


@dataclass(frozen=True)
class Answer:
    """An answer of the server.

    Attributes:
        path: of the request that it answers, a pattern of a shell for the end of the address.
        prepare: does what comes before the request, and returns what makes the page send it.
        method: of that request.
        waits_for: how the page knows of what happens meanwhile.
        follow: waits until the page shows what the stream brings of the request itself.
    """

    path: str
    prepare: Callable[[Scene], Act]
    method: str = "POST"
    waits_for: WaitFor = "shown"
    follow: Callable[[Scene], object] = lambda scene: None


def _newest(scene: Scene) -> Message:
    return Message.rows.filter(sender=scene.ada).latest("pk")


def _row_of(scene: Scene) -> Locator:
    message = scene.target()
    return scene.chat.answer(message) if message.thread_root_id else scene.chat.row(message)


def _send(scene: Scene) -> Act:
    scene.target = lambda: _newest(scene)
    return lambda: scene.chat.send(scene.text("Sent"))


def _reply(scene: Scene) -> Act:
    scene.target = lambda: _newest(scene)
    form = scene.chat.form(scene.chat.row(scene.topic), "Reply")
    return lambda: form.submit(scene.text("Replied"), "Reply")


def _reply_in_thread(scene: Scene) -> Act:
    scene.target = lambda: _newest(scene)
    composer = scene.chat.panel.get_by_label("Message", exact=True)

    def send() -> None:
        composer.fill(scene.text("Replied"))
        composer.press("Enter")

    return send


def _edit(scene: Scene) -> Act:
    form = scene.chat.form(_row_of(scene), "Edit")
    return lambda: form.submit(scene.text("Edited"), "Save")


def _edit_reply(scene: Scene) -> Act:
    scene.own(scene.topic)
    return _edit(scene)


def _cancelled_edit(scene: Scene) -> Act:
    save = _edit(scene)

    def act() -> None:
        save()
        scene.page.once("dialog", lambda dialog: dialog.accept())
        _row_of(scene).locator(".slot").get_by_role("link", name="Cancel").click()

    return act


def _edit_form(scene: Scene) -> Act:
    return lambda: scene.chat.act(_row_of(scene), "Edit")


def _menu(scene: Scene) -> Act:
    return lambda: scene.chat.act(_row_of(scene), "More")


def _history(scene: Scene) -> Act:
    scene.target().edit(scene.text("Edited before"))
    link = _row_of(scene).get_by_role("link", name="edited")
    expect(link).to_be_visible()
    return link.click


def _remove(scene: Scene) -> Act:
    menu = scene.chat.menu(_row_of(scene))
    menu.get_by_role("link", name="Remove…").click()
    return scene.page.locator(".slot").get_by_role("button", name="Remove").click


def _mark_read(scene: Scene) -> Act:
    button = scene.page.locator("#mark-read button")
    expect(button).to_be_visible()
    return button.click


def _mark_unread(scene: Scene) -> Act:
    menu = scene.chat.menu(scene.chat.row(scene.theirs))
    return menu.get_by_role("button", name="Mark as unread from here").click


def _open_thread(scene: Scene) -> Act:
    return scene.chat.row(scene.topic).locator(".summary").click


def _another_reply(scene: Scene) -> Act:
    return lambda: post(scene.room, scene.ben, scene.text("Another"), Message.objects.get(pk=scene.topic.pk))


def _another_name(scene: Scene) -> Act:
    return lambda: rename(scene.room, scene.text("pier"), "", by=scene.ada)


def _another_reset(scene: Scene) -> Act:
    spare = post(scene.room, scene.ben, scene.text("Spare"))
    expect(scene.chat.row(spare)).to_be_visible()
    return lambda: Message.objects.filter(pk=spare.pk).delete()


def _arrived(scene: Scene) -> None:
    expect(_row_of(scene)).to_be_visible()


ANSWERS = {
    "sending": Answer("/send/", _send, follow=_arrived),
    "a reply": Answer("/reply/", _reply, follow=_arrived),
    "a reply in its thread": Answer("/reply/", _reply_in_thread, follow=_arrived),
    "an edit": Answer("/edit/", _edit),
    "an edit of a reply": Answer("/edit/", _edit_reply),
    "an edit that was cancelled": Answer("/edit/", _cancelled_edit),
    "the form of an edit": Answer("/edit/", _edit_form, "GET"),
    "a menu": Answer("/menu/", _menu, "GET"),
    "a history": Answer("/history/", _history, "GET"),
    "a removal": Answer("/remove/", _remove),
    "marking as read": Answer("/read/", _mark_read),
    "marking as unread": Answer("/unread/", _mark_unread),
    "opening a thread": Answer("/thread/", _open_thread, "GET", waits_for="streamed"),
    "the list of a thread": Answer("/replies/*", _another_reply, "GET", waits_for="streamed"),
    "the new replies": Answer("/unread-threads/", _another_reply, "GET", waits_for="streamed"),
    "the title": Answer("/title/", _another_name, "GET", waits_for="streamed"),
    "the sidebar": Answer("/?current=*", _another_name, "GET", waits_for="streamed"),
    "a reload of the list": Answer("/fresh/*", _another_reset, "GET", waits_for="nothing"),
}
