"""The law of rendering: every word that was typed can be read, in the same order."""

import re
from html.parser import HTMLParser
from urllib.parse import unquote

from messaging.text.emoji import EMOJI
from messaging.text.excerpts import visible_parts
from messaging.text.fences import FENCE_LANGUAGES

_WORD = re.compile(r"[^\W_]+")
_HREF = re.compile(r'href="([^"]*)"')
_EMOJI = re.compile(r":({}):".format("|".join(map(re.escape, EMOJI))))
_TASK = re.compile(r"\[[xX]\](?=[ \t])")
_FENCE = re.compile(r"(?:`{3,}|~{3,})[ \t]*(\S+)")


def lost_words(content: str, html: str) -> list[str]:
    """The words of a text that its HTML does not show at their place.

    Those in the target of a link, the names of emoji, the marks of tasks, and the languages of fences need
    not be shown.
    """
    words = _WORD.findall(_FENCE.sub(_without_language, _TASK.sub(" ", _EMOJI.sub(" ", content))))
    shown = "".join(visible_parts(html))
    if not _missing(words, shown):
        return []
    targets = " ".join(map(unquote, _HREF.findall(html)))
    return _missing([word for word in words if word not in targets], shown)


class _Hidden(HTMLParser):
    """Collects the text of spoilers."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.spans: list[bool] = []  # those that are open: whether each is a spoiler
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "span":
            self.spans.append(("class", "spoiler") in attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag == "span":
            self.spans.pop()

    def handle_data(self, data: str) -> None:
        self.text += data if any(self.spans) else " "


def hidden_text(html: str) -> str:
    """What is hidden in spoilers, with spaces between."""
    reader = _Hidden()
    reader.feed(html)
    reader.close()
    return reader.text


def _missing(words: list[str], shown: str) -> list[str]:
    missing, position = [], 0
    for word in words:
        found = shown.find(word, position)
        if found >= 0:
            position = found + len(word)
        else:
            missing.append(word)
    return missing


def _without_language(fence: re.Match[str]) -> str:
    return " " if fence[1].lower() in FENCE_LANGUAGES else fence[0]
