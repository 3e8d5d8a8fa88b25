"""Push notifications and the service worker in a browser."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from playwright.sync_api import Error, Page, Route, expect

from messaging.models import Conversation, Installation, Message, Notification, PushSubscription, User
from messaging.models.inbox.push_claims import ClaimedNotice, claim
from messaging.models.inbox.push_notice import PushNotice, note_new
from messaging.models.messages.saving import post
from messaging.pushing.composing import content_of
from tests.waiting import PATIENCE_SECONDS, until

# The Chromium of the tests shows no notifications and has no push service, so these are made up: in the page
# (permission, subscription, and notices in `notices`) and in the service worker (the notices that it shows).
IN_THE_PAGE = """
Object.defineProperty(Notification, "permission", { get: () => "granted" });
Notification.requestPermission = async () => "granted";
const made = { endpoint: "https://push.example.org/ada", options: { applicationServerKey: null } };
made.unsubscribe = async () => { localStorage.ended = "yes"; delete localStorage.made; };
made.toJSON = () => ({ endpoint: made.endpoint, keys: {
  p256dh: "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
  auth: "BTBZMqHH6r4Tts7J_aSIgg" } });
PushManager.prototype.subscribe = async () => { localStorage.made = "yes"; return made; };
PushManager.prototype.getSubscription = async () => localStorage.made ? made : null;
window.notices = [];
ServiceWorkerRegistration.prototype.getNotifications = async () => window.notices;
"""
INSTALLED = """{
  const { matchMedia } = window;
  const isInstalled = { matches: true };
  window.matchMedia = (query) => (query === "(display-mode: standalone)" ? isInstalled : matchMedia(query));
  navigator.setAppBadge = async (number) => { window.badge = number; };
}"""
IN_THE_WORKER = """() => {
  if (self.shown) return;
  self.navigator.setAppBadge = async (number) => { self.badge = number; }; // the real one ends this Chromium
  self.navigator.clearAppBadge = async () => { self.badge = 0; };
  self.shown = [];
  const close = (notice) => { self.shown = self.shown.filter((one) => one !== notice); };
  registration.showNotification = async (title, options) => {
    self.shown = self.shown.filter((one) => one.tag !== options.tag);
    const notice = { title, ...options, close: () => close(notice) };
    self.shown.push(notice);
  };
  registration.getNotifications = async () => [...self.shown];
  self.send = (type, more) => {
    const event = Object.assign(new Event(type), more);
    let handled;
    event.waitUntil = (promise) => { handled = promise.catch((error) => { self.failed = String(error); }); };
    dispatchEvent(event);
    return handled;
  };
}"""


@pytest.fixture
def page(open_page: Callable[..., Page], ada: User) -> Page:
    User.objects.filter(pk=ada.pk).update(email="ada@example.org", role=User.Role.OWNER)
    page = open_page(ada, service_workers="allow")
    page.add_init_script(IN_THE_PAGE)
    return page


class ServiceWorker:
    """The service worker of a page, with the notices that it shows."""

    def __init__(self, page: Page) -> None:
        page.wait_for_function("() => navigator.serviceWorker.controller?.state === 'activated'")
        self.page = page

    def run(self, script: str, value: object = None) -> Any:
        """Run a script in the worker, which Chromium starts again at any time: until it was run."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                worker = self.page.context.service_workers[-1]
                worker.evaluate(IN_THE_WORKER)
                return worker.evaluate(script, value)
            except Error:
                if time.monotonic() > deadline:
                    raise
            self.page.wait_for_timeout(50)

    def set_offline(self, is_offline: bool) -> None:
        """Returns when it is so for the worker: the browser's network process learns of it on its own way."""
        self.page.context.set_offline(is_offline)
        script = "() => fetch('/offline/', {cache: 'no-store'}).then(() => false, () => true)"
        until(lambda: self.run(script) == is_offline)

    def push(self, content: bytes) -> None:
        """Returns when the worker has done all that it does then, as `click` does."""
        self.run("(text) => send('push', {data: {json: () => JSON.parse(text)}})", content.decode())

    def click(self, action: str = "", reply: str = "") -> None:
        script = "(more) => send('notificationclick', {...more, notification: shown[0]})"
        self.run(script, {"action": action, "reply": reply})

    def shows(self, *expected: tuple[str, str]) -> None:
        wanted = [list(one) for one in expected]
        script = "() => [shown.map(({title, body}) => [title, body]), self.failed ?? null]"
        until(lambda: self.run(script) == [wanted, None], f"It does not show {wanted}: {self.run(script)}")


def turn_on(page: Page) -> ServiceWorker:
    """Turn push notifications on in the settings. Returns when the server knows it."""
    page.goto("/account/notifications/")
    section = page.locator("#push")
    section.get_by_role("button", name="Turn on in this browser").click()
    expect(section.locator("[data-here]")).to_contain_text("this browser")
    PushSubscription.objects.update(present_until=None)
    return ServiceWorker(page)


def content() -> bytes:
    """What would be pushed if nobody looked at the page, which says every few seconds that somebody does."""
    note_new()
    claimed: list[ClaimedNotice] = []

    def is_claimed() -> bool:
        with transaction.atomic():  # which waits for the server's threads
            PushSubscription.objects.update(present_until=None)
            PushNotice.objects.exclude(due_at=None).update(due_at="2020-01-01T00:00Z")
        claimed.extend(claim()[0])
        return bool(claimed)

    until(is_claimed)
    (one,) = claimed
    return content_of(one, Installation.objects.current())


def test_turned_on_read_replied_and_turned_off(page: Page, ada: User, ben: User, room: Conversation) -> None:
    worker = turn_on(page)
    section = page.locator("#push")
    expect(section.get_by_role("button", name="Turn on in this browser")).to_be_hidden()
    expect(page.locator("#desktop")).to_be_hidden()
    assert PushSubscription.objects.get().user == ada

    direct = Conversation.objects.direct(ada, ben)
    post(direct, ben, "The first")
    worker.push(content())
    worker.shows(("Ben Okri", "The first"))
    post(direct, ben, "The second")
    worker.push(content())
    worker.shows(("Ben Okri (2)", "The second"))
    assert worker.run("() => badge") == 2

    worker.click("reply", "An answer")
    until(lambda: Message.objects.filter(sender=ada, content="An answer").exists())
    until(lambda: not Notification.objects.filter(user=ada, read_at=None).exists())
    worker.shows()
    until(lambda: worker.run("() => badge") == 0)

    post(room, ben, "For @ada")
    worker.push(content())
    worker.shows(("#harbour", "Ben Okri: For @ada\nYou are mentioned"))
    worker.click("read")
    until(lambda: not Notification.objects.filter(user=ada, read_at=None).exists())
    worker.shows()

    section.get_by_role("button", name="Turn off").click()
    expect(page.get_by_text("turned off in that browser")).to_be_visible()
    assert not PushSubscription.objects.exists()
    until(lambda: page.evaluate("localStorage.ended") == "yes")


def test_a_reply_that_cannot_be_sent_stays_and_is_sent_once(
    page: Page, ada: User, ben: User, room: Conversation, faults: list[str]
) -> None:
    worker = turn_on(page)
    post(room, ben, "For @ada")
    worker.push(content())
    worker.shows(("#harbour", "Ben Okri: For @ada\nYou are mentioned"))
    worker.set_offline(True)
    worker.click("reply", "Not lost")
    worker.shows(("#harbour", "Not sent: Not lost"))
    worker.set_offline(False)
    worker.click("again")
    assert Message.objects.filter(content="Not lost").count() == 1
    worker.shows()


def test_a_reply_that_was_sent_is_not_called_unsent_if_only_marking_as_read_fails(
    page: Page, ada: User, ben: User, room: Conversation
) -> None:
    worker = turn_on(page)
    post(room, ben, "For @ada")
    worker.push(content())
    failed: list[str] = []

    def fail(route: Route) -> None:
        failed.append(route.request.url)
        route.abort()

    page.context.route("**/read/", fail)
    worker.click("reply", "Arrives")
    assert Message.objects.filter(content="Arrives").count() == 1
    assert failed
    worker.shows()


def test_an_open_page_closes_notices_about_what_was_read_elsewhere_and_counts_on_the_icon(
    page: Page, ada: User, ben: User, room: Conversation
) -> None:
    page.add_init_script(INSTALLED)
    direct = Conversation.objects.direct(ada, ben)
    post(direct, ben, "Waits")
    post(room, ben, "For @ada")
    page.goto("/inbox/")
    ServiceWorker(page)  # the page asks it for its notices
    script = """(all) => { window.notices = all.map((conversation) => ({
      data: {conversation}, close() { this.isClosed = true; } })); }"""
    page.evaluate(script, [direct.pk, room.pk])
    Message.unread_messages.mark_as_read_for_user(ada, [direct.messages.get().pk])
    closed = "notices.filter((one) => one.isClosed).map((one) => one.data.conversation)"
    until(lambda: page.evaluate(closed) == [direct.pk])
    until(lambda: page.evaluate("badge") == 1)


def test_without_a_connection_a_page_of_its_own_is_shown(page: Page, ada: User) -> None:
    page.goto("/account/notifications/")
    worker = ServiceWorker(page)
    kept = page.evaluate(
        """caches.keys().then(async (names) => {
            const all = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
            return all.flat().map(({ url }) => new URL(url).pathname);
        })"""
    )
    assert all(path.startswith("/static/") or path == "/offline/" for path in kept), kept
    worker.set_offline(True)
    page.goto("/inbox/")
    expect(page.get_by_role("heading", name="No connection")).to_be_visible()
    worker.set_offline(False)
    page.get_by_role("link", name="Try again").click()
    expect(page.locator("#sidebar")).to_be_visible()
