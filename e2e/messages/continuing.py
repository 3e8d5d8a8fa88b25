"""What the tests of going on after a reply or an edit share."""

from playwright.sync_api import Locator

from e2e.browser_state import until
from e2e.chat import Chat, Form
from messaging.models import Message


def said(chat: Chat, text: str) -> Message:
    """The message with this text, once it is stored."""
    until(chat.page, lambda: Message.objects.filter(content=text).exists(), f"{text!r} is not stored.")
    return Message.objects.get(content=text)


def foot(column: Locator) -> Locator:
    """The field of the composer below a thread."""
    return column.locator(".thread-foot").get_by_label("Message", exact=True)


def by_enter(form: Form) -> None:
    form.text.press("Enter")


def by_button(form: Form) -> None:
    form.form.get_by_role("button", name="Reply").click()
