"""Where the benchmarks write their tables and plots."""

import argparse
import os
from pathlib import Path

FOLDER = Path(__file__).parent / "results"


def add_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--results", type=Path, default=FOLDER, help="the folder to write to (%(default)s)")


def write(folder: Path, name: str, text: str, plots: dict[str, str]) -> None:
    """Print the text, and write it with the plots into the folder.

    Args:
        folder: is created if it does not exist.
        name: of the benchmark; the file is `<name>.md`.
        text: Markdown.
        plots: SVG by the name of its file, without the suffix.
    """
    print(text)
    folder.mkdir(parents=True, exist_ok=True)
    images = "".join(f"\n![{plot}]({plot}.svg)\n" for plot in plots)
    (folder / f"{name}.md").write_text(f"# python -m bench.{name}\n\n{text}\n{images}")
    for plot, svg in plots.items():
        (folder / f"{plot}.svg").write_text(svg)


def how_busy() -> str:
    """How busy the machine is, to be noted beside a result: the load average of the last minute."""
    return f"load average before the start: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
