"""Planting a fault into the script of a page, to see that the tests find it."""

from playwright.sync_api import Page, Route


def plant(page: Page, right: str, wrong: str) -> None:
    """Replace a part of the built script, from the next page on.

    A text in quotes, such as a selector, is the same in the built script as in its source.

    Raises:
        AssertionError: when the page loads, if the script does not contain that part exactly once any more.
    """

    def answer(route: Route) -> None:
        response = route.fetch()
        script = response.text()
        assert script.count(right) == 1, f"The script does not contain: {right}"
        route.fulfill(response=response, body=script.replace(right, wrong))

    page.route("**/js/app*.js", answer)
