"""Texts in templates."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from django.template.base import Lexer, TokenType

from tests.bare_texts.words import says_something

_TEXT = r"""\{% trans(?:late)? (?:"[^"]*"|'[^']*')[^%]*%\}|\{% endblocktrans(?:late)? %\}"""
_MARKUP = r"""(?:\{% end(?:if|with) %\}|</(?:b|strong|a)>)*"""
_TIME_OR_NAME = r"""\{% include "messaging/inbox/_time\.html"|<time|\{\{"""
# A translated text that goes on behind its end: with punctuation, which not every language puts there or in
# the same way, or with a time or a name, which not every language puts last.
GOES_ON = re.compile(rf"(?:{_TEXT})(?:{_MARKUP}[:;,!?“”](?=[\s{{<])|\s*(?:{_TIME_OR_NAME}))")
READ_ATTRIBUTES = {"title", "placeholder", "aria-label", "alt", "value"}
TEXT_FILTER = re.compile(r"\|(?:default|default_if_none|yesno|pluralize):(\"[^\"]*\"|'[^']*')")
TEXT_ARGUMENT = re.compile(r"\b(?:label|heading|caption|title|text)=(\"[^\"]*\"|'[^']*')")


class Texts(HTMLParser):
    """Collects what a reader sees of markup."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[int, str]] = []
        self.inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "style"):
            self.inside.append(tag)
        is_unseen = ("type", "hidden") in attrs
        for name, value in attrs:
            if name in READ_ATTRIBUTES and value and not (name == "value" and (is_unseen or tag == "option")):
                self.handle_data(value)

    def handle_endtag(self, tag: str) -> None:
        if self.inside and self.inside[-1] == tag:
            self.inside.pop()

    def handle_data(self, data: str) -> None:
        if not self.inside and says_something(data):
            self.found.append((self.getpos()[0], " ".join(data.split())))


def in_template(source: str, is_html: bool = True) -> Iterator[tuple[int, str]]:
    """Bare texts of a template, as line and text."""
    for match in GOES_ON.finditer(source):
        if not is_html and "\n" in match[0]:
            continue  # what follows is on a line of its own
        yield source.count("\n", 0, match.end()) + 1, match[0]
    markup = ""
    translated = False
    for token in Lexer(source).tokenize():
        word = token.contents.split(maxsplit=1)[0] if token.contents.strip() else ""
        plain = token.contents if token.token_type == TokenType.TEXT else ""
        if token.token_type == TokenType.BLOCK and word in ("blocktranslate", "blocktrans"):
            translated = True
        elif token.token_type == TokenType.BLOCK and word in ("endblocktranslate", "endblocktrans"):
            translated = False
        elif token.token_type in (TokenType.VAR, TokenType.BLOCK):
            yield from ((token.lineno or 0, text) for text in _in_tag(token.contents))
        if translated or not plain:
            # Keep the line numbers. The "0" separates attributes with only a template variable between them.
            lines = source_lines(token.contents) if token.token_type == TokenType.TEXT else 0
            markup += "\n" * lines or ("0" if token.token_type == TokenType.VAR else "")
        else:
            markup += plain
    if not is_html:
        for number, line in enumerate(markup.splitlines(), 1):
            if says_something(line):
                yield number, line.strip()
        return
    texts = Texts()
    texts.feed(markup)
    texts.close()
    yield from texts.found


def source_lines(text: str) -> int:
    return text.count("\n")


def _in_tag(contents: str) -> Iterator[str]:
    patterns = [TEXT_FILTER]
    if contents.startswith("include"):
        patterns.append(TEXT_ARGUMENT)
    for pattern in patterns:
        for match in pattern.finditer(contents):
            text = match[1][1:-1]
            is_a_name = re.fullmatch(r"[\w-]*", text) and text.islower()  # of an icon, a class, a kind
            if says_something(text) and not is_a_name:
                yield text
