"""Whether any word of real messages is lost: `python -m tests.text.corpus messages.jsonl.gz …`.

Each line of a file is a JSON object with the message in "text".
"""

import gzip
import json
import sys
from time import perf_counter

from django.core.exceptions import ValidationError

from messaging.text import clean_text, render
from messaging.text.cleaning import is_visible
from messaging.text.excerpts import excerpt_of
from tests.text.typed_words import lost_words


def main(paths: list[str]) -> None:
    texts = refused = losing = blank = 0
    slowest = 0.0
    for path in paths:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                texts += 1
                try:
                    content = clean_text(json.loads(line)["text"])
                except ValidationError:
                    refused += 1
                    continue
                start = perf_counter()
                html = render(content)
                slowest = max(slowest, perf_counter() - start)
                if lost := lost_words(content, html):
                    losing += 1
                    print(f"{content!r} loses {lost}")
                if not is_visible(excerpt_of(html, 1_000)):
                    blank += 1
                    print(f"{content!r} is blank")
    print(f"{texts:,} texts, {refused:,} of them refused; {losing:,} lose words, {blank:,} are blank.")
    print(f"The slowest took {slowest * 1_000:.0f} ms.")


if __name__ == "__main__":
    main(sys.argv[1:])
