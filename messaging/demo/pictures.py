"""The pictures that the demo team shows each other, drawn here."""

import io
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT, SCALE = 1200, 750, 2  # drawn larger, so that the edges are smooth
LEFT, RIGHT, TOP, BOTTOM = 96, 1160, 150, 700
FIRST_HOUR, LAST_HOUR = 6, 22
LOW_WATER, CYCLE = 13 + 5 / 60, 12.42  # hours: between two high waters there are 12 h 25 min
SHALLOW: Final = (11.4, 14.8)  # when boats deeper than the bar wait
BERTHS: Final = (  # the berth, and each boat from when to when
    ("3", (("Havfruen", 6, 11.2), ("Petrea", 15.2, 22))),
    ("7", (("Svanen", 8.5, 17.5),)),
    ("12", (("Morild", 6, 10.5), ("Other boat", 15.4, 22))),
    ("14", (("Other boat", 9.2, 20.4),)),
    ("18", (("Fulmar", 16.2, 22),)),
)


@dataclass(frozen=True)
class Colours:
    paper: str
    ink: str
    faint: str
    shade: str
    boat: str
    line: str
    turn: str


LIGHT = Colours("#fcfbf8", "#1d1b19", "#8d877f", "#ece7dd", "#cfe0e4", "#2f7f9e", "#c8452e")
DARK = Colours("#1a1816", "#efece6", "#8d877f", "#25221f", "#27404a", "#3f8099", "#f0a35e")


def picture(name: str) -> bytes:
    """The bytes of a picture, a PNG. Raises KeyError: there is none of this name."""
    colours = {"day-view.png": LIGHT, "day-view-dark.png": DARK}[name]
    large = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), colours.paper)
    _day_view(ImageDraw.Draw(large), colours)
    written = io.BytesIO()
    large.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS).save(written, "PNG", optimize=True)
    return written.getvalue()


def _day_view(on: ImageDraw.ImageDraw, colours: Colours) -> None:
    """A day in a harbour: its berths, the tide behind them, and the hours in which the bar is too shallow."""
    _text(on, (LEFT, 44), "Ebeltoft", 40, colours.ink)
    _text(on, (LEFT, 100), "5 of 23 berths are booked. Low water is at 13:05.", 22, colours.faint)
    _box(on, (_x(SHALLOW[0]), TOP, _x(SHALLOW[1]), BOTTOM), colours.shade)
    for hour in range(FIRST_HOUR, LAST_HOUR + 1, 2):
        _text(on, (_x(hour), BOTTOM + 26), f"{hour:02}", 20, colours.faint, "mm")
    row = (BOTTOM - TOP) / len(BERTHS)
    for number, (berth, boats) in enumerate(BERTHS):
        top = TOP + number * row + 24
        _text(on, (LEFT - 24, top + 28), berth, 24, colours.ink, "rm")
        for _boat, start, end in boats:
            _box(on, (_x(start), top, _x(end), top + 56), colours.boat, 12)
    on.line([_scaled(point) for point in _tide()], fill=colours.line, width=4 * SCALE, joint="curve")
    for number, (_, boats) in enumerate(BERTHS):
        for boat, start, _end in boats:
            _text(on, (_x(start) + 18, TOP + number * row + 52), boat, 24, colours.ink, "lm")
    x, y = _scaled((_x(LOW_WATER), _height(LOW_WATER)))
    on.ellipse((x - 9 * SCALE, y - 9 * SCALE, x + 9 * SCALE, y + 9 * SCALE), fill=colours.turn)


def _tide() -> Iterator[tuple[float, float]]:
    for step in range((LAST_HOUR - FIRST_HOUR) * 12 + 1):
        hour = FIRST_HOUR + step / 12
        yield _x(hour), _height(hour)


def _height(hour: float) -> float:
    middle, swing = (TOP + BOTTOM) / 2, (BOTTOM - TOP) / 2 - 30
    return middle + swing * math.cos((hour - LOW_WATER) / CYCLE * math.tau)


def _x(hour: float) -> float:
    return LEFT + (hour - FIRST_HOUR) / (LAST_HOUR - FIRST_HOUR) * (RIGHT - LEFT)


def _box(
    on: ImageDraw.ImageDraw, corners: tuple[float, float, float, float], colour: str, radius: int = 0
) -> None:
    left, top, right, bottom = corners
    on.rounded_rectangle((*_scaled((left, top)), *_scaled((right, bottom))), radius * SCALE, fill=colour)


def _text(
    on: ImageDraw.ImageDraw,
    at: tuple[float, float],
    words: str,
    size: int,
    colour: str,
    anchor: str = "la",
) -> None:
    on.text(_scaled(at), words, colour, ImageFont.load_default(size * SCALE), anchor)


def _scaled(point: tuple[float, float]) -> tuple[float, float]:
    return point[0] * SCALE, point[1] * SCALE
