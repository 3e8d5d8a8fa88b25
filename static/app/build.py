"""Draws the icons of the app from static/logo.svg, with the Chromium of the tests:
`python static/app/build.py`.

`any` is the logo; `maskable` fills the square, since systems cut it to their own shape (a circle of 80 % is
safe: https://w3c.github.io/manifest/#icon-masks); `badge` is the letter alone, of which Android uses the
opacity.
"""

import re
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

FOLDER = Path(__file__).parent
sys.path.insert(0, str(FOLDER.parent.parent))

from tests import chromium  # noqa: E402

LOGO = (FOLDER.parent / "logo.svg").read_text()
LETTER = re.search(r'<path fill="#fcfbf8" d="([^"]+)"', LOGO)[1]


def drawing(purpose: str) -> str:
    if purpose == "any":
        return LOGO
    fill, ground = (
        ("#fff", "") if purpose == "badge" else ("#fcfbf8", '<path fill="#211e1a" d="M0 0h32v32H0z"/>')
    )
    scale = 1.5 if purpose == "badge" else 0.95
    place = f'transform="translate(16 16) scale({scale}) translate(-16.4 -16)"'
    letter = f'<path {place} fill="{fill}" d="{LETTER}"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">{ground}{letter}</svg>'


with sync_playwright() as playwright:
    browser = playwright.chromium.launch(
        executable_path=chromium.find(), args=["--no-sandbox", "--disable-gpu"]
    )
    for purpose, side in [("any", 192), ("any", 512), ("maskable", 192), ("maskable", 512), ("badge", 96)]:
        page = browser.new_page(viewport={"width": side, "height": side})
        svg = drawing(purpose).replace(
            "<svg ", f'<svg width="{side}" height="{side}" style="display:block" ', 1
        )
        page.set_content(f'<body style="margin:0">{svg}</body>')
        page.screenshot(path=FOLDER / f"{purpose}-{side}.png", omit_background=True)
    browser.close()
