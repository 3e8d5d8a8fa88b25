"""A page object for Parley's pages: the same methods for a browser with JavaScript and one without."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.urls import reverse
from playwright.sync_api import Locator, Page, Route, expect

from e2e.browser_state import unfocus, until
from messaging.models import Conversation, Message

# The next Tab leads to the first stop of the page.
FOCUS_TOP = "document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex')"


@contextmanager
def delayed(page: Page, path: str) -> Iterator[list[Route]]:
    """Delays the requests for a path until the block ends, as a slow connection would.

    The block ends only after there was such a request.

    Yields:
        The delayed requests.
    """
    waiting: list[Route] = []
    is_open = False

    def wait(route: Route) -> None:
        if is_open:
            route.continue_()
        else:
            waiting.append(route)

    page.route(f"**{path}", wait)
    yield waiting
    until(page, lambda: waiting, f"There was no request for {path}.")
    is_open = True  # set first, so that requests that follow these are not delayed
    for route in waiting:
        route.continue_()
    page.unroute(f"**{path}")


@contextmanager
def lost(page: Page, script: str) -> Iterator[None]:
    """A script of this name cannot be loaded until the block ends; it ends only after the page has tried."""
    asked: list[Route] = []

    def lose(route: Route) -> None:
        route.abort()
        asked.append(route)

    page.route(f"**/{script}.*", lose)
    yield
    until(page, lambda: asked, f"There was no request for {script}.")
    page.unroute(f"**/{script}.*")


def wait_until_visible(part: Locator) -> Locator:
    """Waits until the element is visible, and returns it. Then the request that loaded it has finished."""
    expect(part).to_be_visible()
    return part


def address_of(conversation: Conversation) -> str:
    return reverse("conversation", args=[conversation.pk])


class Chat:
    """A person's tab."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.timeline = page.locator(".timeline")
        self.outbox = page.locator(".main .outbox")
        self.panel = page.locator("#panel")
        self.composer = page.locator(".writing").get_by_label("Message", exact=True)
        self.send_button = page.get_by_role("button", name="Send")
        self.title = page.get_by_role("heading", level=1)

    def open(self, conversation: Conversation) -> "Chat":
        self.page.goto(address_of(conversation))
        return self

    def listen(self, path: str) -> "Chat":
        """Open a page and its stream, and wait until the page has done what it does when the stream opens.

        No message is marked as read when it is seen.
        """
        self.without_reports()
        self.page.goto(path)
        expect(self.page.locator("body[data-live]")).to_be_attached()
        return self

    def open_thread(self, message: Message) -> "Chat":
        self.page.goto(reverse("thread", args=[message.pk]))
        return self

    def place(self, name: str) -> Locator:
        """The line of the sidebar that leads to a conversation."""
        return self.page.get_by_role("navigation", name="Conversations").locator(
            ".sidebar-row", has_text=name
        )

    def badge(self, name: str) -> Locator:
        return self.place(name).locator(".badge")

    def without_reports(self) -> "Chat":
        """From now on no message is marked as read when it is seen: the page reports nothing."""
        unfocus(self.page)
        return self

    def row(self, message: Message) -> Locator:
        """A message in the timeline."""
        return self.page.locator(f"#m-{message.pk}")

    def answer(self, message: Message) -> Locator:
        """A message in a thread, in the panel or on a page of its own."""
        return self.page.locator(f"#t-{message.pk}")

    def row_with(self, text: str) -> Locator:
        """The row, in the timeline or in a thread, whose message has this text."""
        prose = self.page.locator(".prose").get_by_text(text, exact=True)
        return self.page.locator(".row[id]").filter(has=prose)

    def load_more(self, name: str, script: bool = True) -> None:
        """Load older or newer messages: scroll to the link, or click it where no script does so."""
        link = self.page.get_by_role("link", name=name)
        if script:
            link.evaluate("link => link.scrollIntoView()")
        else:
            link.click()

    def load_rest(self) -> None:
        """Scroll to what is older than what was loaded, if there is something."""
        self.page.evaluate("document.querySelector('#timeline > .older')?.scrollIntoView()")

    def send(self, text: str) -> None:
        self.composer.fill(text)
        self.send_button.click()

    def act(self, row: Locator, action: str) -> None:
        """Click one of the actions that show while the mouse is over a message: Reply, Edit, More."""
        row.hover()
        row.get_by_title(action, exact=True).click()

    def menu(self, row: Locator) -> Locator:
        self.act(row, "More")
        return wait_until_visible(self.page.locator(".menu", has_text="Open thread"))

    def form(self, row: Locator, action: str) -> "Form":
        """Open the form of an action: in the message's slot, or on a page of its own."""
        self.act(row, action)
        return Form(wait_until_visible(self.page.locator(".slot-form")))

    def reply(self, row: Locator, text: str) -> None:
        """Reply to a message; the reply is then shown in its thread: beside the timeline, or on its page."""
        self.form(row, "Reply").submit(text, "Reply")
        expect(self.page.locator(".thread").locator(self.row_with(text))).to_be_visible()
        # A stream may be faster than the answer, which closes or empties the form.
        typed = "() => document.querySelector('.slot-form')?.elements.content.value"
        until(self.page, lambda: not self.page.evaluate(typed), "The form was not answered.")

    def reply_in_inbox(self, row: Locator, text: str) -> None:
        """Reply to a message in the inbox; the reply is then shown below its group."""
        self.form(row, "Reply").submit(text, "Reply")
        expect(self.page.locator(".answers").locator(self.row_with(text))).to_be_visible()

    def history(self, row: Locator) -> Locator:
        row.get_by_role("link", name="edited").click()
        return wait_until_visible(self.page.locator(".history"))


class Form:
    """A form to reply or edit with."""

    def __init__(self, form: Locator) -> None:
        self.form = form
        self.text = form.get_by_label("Message")

    def submit(self, text: str, button: str) -> None:
        self.text.fill(text)
        self.form.get_by_role("button", name=button).click()
