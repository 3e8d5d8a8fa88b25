"""The custom emoji of the demo team, drawn here."""

import io
from collections.abc import Callable
from typing import Final

from PIL import Image, ImageDraw

from messaging.models import User
from messaging.models.messages.managing_emoji import add_emoji

SIDE: Final = 128
SCALE: Final = 4  # drawn so much larger, so that the edges are smooth
Draw = ImageDraw.ImageDraw
WHITE, NAVY, SEA, SAND, GREY, RED = "#ffffff", "#17324d", "#2f7f9e", "#e9c46a", "#7d8894", "#c8452e"


def add_all_emoji(by: User) -> None:
    """Add the emoji of the team."""
    for name, other, draw in (
        ("tidebook", "tide", _tidebook),
        ("harbour-seal", "seal", _seal),
        ("smooth-sailing", "sailing", _sailing),
    ):
        add_emoji(by, _picture(draw), name, [other])


def _picture(draw: Callable[[Draw], None]) -> bytes:
    """A WebP of a picture that is drawn on a square of 512 pixels."""
    large = Image.new("RGBA", (SIDE * SCALE, SIDE * SCALE))
    draw(ImageDraw.Draw(large))
    written = io.BytesIO()
    large.resize((SIDE, SIDE), Image.Resampling.LANCZOS).save(written, "WEBP", quality=90)
    return written.getvalue()


def _tidebook(on: Draw) -> None:
    """The team's sign: two waves below a sun."""
    on.rounded_rectangle((16, 16, 496, 496), 110, fill=NAVY)
    on.ellipse((186, 84, 326, 224), fill=SAND)
    for top, colour in ((250, SEA), (350, WHITE)):
        for left in (64, 192, 320):
            on.arc((left, top, left + 128, top + 96), 0, 180, fill=colour, width=38)


def _seal(on: Draw) -> None:
    """The face of a seal that looks out of the water."""
    on.ellipse((66, 50, 446, 470), fill=GREY)
    on.pieslice((16, 330, 496, 640), 180, 360, fill=SEA)
    for left in (146, 306):
        on.ellipse((left, 176, left + 60, 242), fill=NAVY)
        on.ellipse((left + 30, 186, left + 50, 206), fill=WHITE)
    on.ellipse((160, 250, 352, 360), fill="#c9d1d8")
    on.ellipse((222, 244, 290, 296), fill=NAVY)


def _sailing(on: Draw) -> None:
    """A boat with two sails."""
    on.polygon(((276, 40), (276, 330), (450, 330)), fill=RED)
    on.polygon(((244, 90), (244, 330), (90, 330)), fill=SAND)
    on.polygon(((50, 350), (462, 350), (390, 440), (130, 440)), fill=NAVY)
    for left in (32, 182, 332):
        on.arc((left, 400, left + 150, 490), 0, 180, fill=SEA, width=26)
