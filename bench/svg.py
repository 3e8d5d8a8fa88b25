"""Plots as SVG files, without a library: horizontal bars and lines.

Colours are chosen so that the plots can be read on a light and on a dark page.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape
from typing import NamedTuple

WIDTH, NAMES, VALUES, LINE = 760, 300, 70, 26  # pixels: the plot, the names left, the values right, a row
HEIGHT, MARGIN = 380, 60  # of a plot with lines
COLOURS = "#3b82c4", "#d97706", "#4d9a5a", "#a855c7"
GREY = "#888"


class Bar(NamedTuple):
    """A value with its lowest and its highest measurement."""

    name: str
    value: float
    low: float
    high: float


def bars(title: str, rows: Sequence[Bar], limit: float | None = None) -> str:
    """A horizontal bar for each row, with its spread as a thin line.

    Args:
        title: what is shown, with its unit.
        rows: from top to bottom.
        limit: a value that no bar should pass, drawn as a dashed line.
    """
    largest = max([row.high for row in rows] + [limit or 0]) or 1
    scale = (WIDTH - NAMES - VALUES) / largest
    shapes = [_text(10, 22, title, size=15)]
    for number, row in enumerate(rows):
        top = 40 + number * LINE
        middle, end = top + LINE / 2, NAMES + row.value * scale
        colour = COLOURS[1] if limit and row.value > limit else COLOURS[0]
        shapes += [
            _text(NAMES - 8, middle + 4, row.name, anchor="end"),
            _box(NAMES, top + 4, end - NAMES, LINE - 8, colour),
            _line(NAMES + row.low * scale, middle, NAMES + row.high * scale, middle),
            _text(WIDTH - 10, middle + 4, f"{row.value:.2f}", anchor="end"),
        ]
    bottom = 40 + len(rows) * LINE
    if limit:
        x = NAMES + limit * scale
        shapes.append(_line(x, 34, x, bottom, dashed=True))
    return _svg(bottom + 14, shapes)


def lines(
    title: str,
    across: str,
    series: Mapping[str, Sequence[tuple[float, float]]],
    limit: float | None = None,
) -> str:
    """A line for each series.

    Args:
        title: what the vertical axis shows, with its unit.
        across: what the horizontal axis shows.
        series: points by the name of their line.
        limit: a value that no line should pass, drawn as a dashed line.
    """
    points = [point for line in series.values() for point in line]
    right = max((x for x, _ in points), default=1) or 1
    top = max([y for _, y in points] + [limit or 0]) * 1.05 or 1

    def at(x: float, y: float) -> tuple[float, float]:
        return MARGIN + x / right * (WIDTH - 2 * MARGIN), HEIGHT - MARGIN - y / top * (HEIGHT - 2 * MARGIN)

    shapes = [
        _text(10, 22, title, size=15),
        _text(WIDTH / 2, HEIGHT - 14, across, anchor="middle"),
        _line(*at(0, 0), *at(right, 0)),
        _line(*at(0, 0), *at(0, top)),
        *_ticks(right, top, at),
    ]
    if limit:
        shapes.append(_line(*at(0, limit), *at(right, limit), dashed=True))
    for number, (name, line) in enumerate(series.items()):
        colour = COLOURS[number % len(COLOURS)]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in (at(*point) for point in line))
        shapes += [
            f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>',
            _text(MARGIN + 14, 46 + number * 18, name, colour=colour),
        ]
    return _svg(HEIGHT, shapes)


def _ticks(right: float, top: float, at: Callable[[float, float], tuple[float, float]]) -> Iterator[str]:
    for part in (0.25, 0.5, 0.75, 1.0):
        x, y = at(right * part, 0)
        yield _text(x, y + 18, _number(right * part), anchor="middle")
        x, y = at(0, top * part)
        yield _text(x - 6, y + 4, _number(top * part), anchor="end")


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.2g}"


def _text(x: float, y: float, text: str, size: int = 13, anchor: str = "start", colour: str = GREY) -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" fill="{colour}"'
    return f"<text {place}>{escape(text)}</text>"


def _box(x: float, y: float, width: float, height: float, colour: str) -> str:
    return f'<rect x="{x}" y="{y}" width="{width:.1f}" height="{height}" fill="{colour}"/>'


def _line(x: float, y: float, to_x: float, to_y: float, dashed: bool = False) -> str:
    dashes = ' stroke-dasharray="4 4"' if dashed else ""
    return (
        f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{to_x:.1f}" y2="{to_y:.1f}" '
        f'stroke="{GREY}" stroke-width="1.5"{dashes}/>'
    )


def _svg(height: float, shapes: Sequence[str]) -> str:
    size = f'width="{WIDTH}" height="{height:.0f}" viewBox="0 0 {WIDTH} {height:.0f}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif">'
    return "\n".join([head, *shapes, "</svg>", ""])
