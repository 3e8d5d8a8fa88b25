"""Sentences in scripts."""

import re
from collections.abc import Iterator

from tests.bare_texts.words import STORAGE_KEYS, says_something

SENTENCE = re.compile(r"\"([A-Z][a-z]*[ .…][^\"]*)\"|`([^`]*)`|\"(New|Newest|Show|Fold)\"")


def in_script(source: str) -> Iterator[tuple[int, str]]:
    """Sentences in a script, as line and text."""
    for number, line in enumerate(source.splitlines(), 1):
        if line.lstrip().startswith("//"):
            continue
        for match in SENTENCE.finditer(line):
            text = match[1] or match[3] or ""
            if not text and match[2]:
                # A template literal counts only if it contains words and is no selector, address or markup.
                text = re.sub(r"\$\{[^}]*\}", "", match[2])
                if re.search(r"[#.\[<=?/{}]", text) or not re.search(r"(^|\s)[a-z]{3,}(\s|$|…)", text):
                    continue
            if says_something(text) and text not in STORAGE_KEYS:
                yield number, text
