"""The parts of the quick switcher's dialog."""

from playwright.sync_api import Locator, Page, expect


def dialog_of(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Go to")


def options(page: Page) -> Locator:
    return dialog_of(page).get_by_role("option")


def chosen(page: Page) -> Locator:
    """The option that Enter opens, as assistive technology hears of it."""
    one = dialog_of(page).get_by_role("option", selected=True)
    expect(one).to_have_count(1)
    field = dialog_of(page).get_by_role("combobox")
    expect(field).to_have_attribute("aria-activedescendant", one.get_attribute("id") or "")
    return one


def open_switcher(page: Page) -> Locator:
    page.keyboard.press("Control+k")
    expect(options(page).first).to_be_visible()
    return dialog_of(page).get_by_role("combobox")
