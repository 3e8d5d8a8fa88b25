"""The groups of the inbox, and the step that it offers to undo."""

from playwright.sync_api import Locator, Page, expect

from e2e.browser_state import until


def groups(page: Page) -> Locator:
    return page.locator("#list .waiting")


def expect_done(page: Page, left: int, before: str | None) -> None:
    """The list is without the group, and offers to undo this step, and no longer the one before.

    The stream may take the group away before the answer comes.
    """
    expect(groups(page)).to_have_count(left)
    until(page, lambda: undoable(page) not in (None, before))


def undoable(page: Page) -> str | None:
    """The moment of the step that can be undone."""
    moment: str | None = page.evaluate("document.querySelector('#undo [name=undo]')?.value")
    return moment
