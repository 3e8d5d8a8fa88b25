"""The accessibility faults that axe finds on a page, and some that axe does not check."""

from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page

# References to ids that do not exist, and duplicate ids. axe does not report most of them.
DANGLING = """() => {
  const all = [...document.querySelectorAll("*")];
  const ids = all.map((element) => element.id).filter(Boolean);
  const twice = ids.filter((id, place) => ids.indexOf(id) !== place).map((id) => `id ${id} twice`);
  const names = ["aria-describedby", "aria-controls", "aria-labelledby", "aria-owns", "aria-errormessage",
    "aria-activedescendant", "aria-details", "for", "form", "list", "popovertarget"];
  const missing = all.flatMap((element) => names.flatMap((name) =>
    element.hasAttribute(name)
      ? (element.getAttribute(name).split(/\\s+/))
          .filter((id) => !document.getElementById(id))
          .map((id) => `${element.localName}[${name}=${id}]`)
      : []));
  const nowhere = [...document.querySelectorAll('a[href^="#"]')]
    .filter((link) => !document.getElementById(link.hash.slice(1)))
    .map((link) => `a[href=${link.getAttribute("href")}]`);
  return [...twice, ...missing, ...nowhere];
}"""
# axe allows articles without a name, and headings that contain controls, whose names become part of the
# heading's. What people write is their own.
UNNAMED = """() => [
  ...document.querySelectorAll("article:not([aria-label]:not([aria-label='']), [aria-labelledby])"),
  ...document.querySelectorAll(":is(h1, h2, h3, h4, h5, h6) :is(a, button):not(.prose *)"),
].map((element) => element.outerHTML.slice(0, 200))"""
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
# What depends on the theme: all that has to do with colours.
COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"]}
THEMES: dict[Literal["light", "dark"], dict[str, list[str]]] = {"light": RULES, "dark": COLOURS}
axe = Axe()


def faults_of(page: Page) -> list[str]:
    """The accessibility faults of the page in its current state, in the light and in the dark theme."""
    found: list[str] = page.evaluate(DANGLING) + page.evaluate(UNNAMED)
    for theme, rules in THEMES.items():
        page.emulate_media(color_scheme=theme)
        for violation in axe.run(page, options=rules).response["violations"]:
            found += [f"{theme}: {violation['id']}: {_where(node)}" for node in violation["nodes"]]
    return found


def _where(node: dict[str, Any]) -> str:
    return f"{node['html'][:200]} ({node['failureSummary']})"
