"""Texts that people read and that cannot be translated, found without GNU gettext.

In templates: what stands between tags, in attributes that are read, in the arguments of filters and of
`{% include … with %}`. In Python: labels, help texts, choices, messages, errors. In the scripts: sentences,
which belong into `data-…` attributes of the page.
"""

import ast
import re
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from django.template.base import Lexer, TokenType

READ_ATTRIBUTES = {"title", "placeholder", "aria-label", "alt", "value"}
WORD = re.compile(r"[^\W\d_]{2,}")
# What is the same in every language: names, addresses, and what is typed into a shell.
NO_LANGUAGE = ("Parley", "UTC", "python manage.py setup_link")
# Files, and why their texts are not translated.
EXCEPTIONS = {
    "messaging/demo/": "the demo's people talk English",
    "messaging/management/": "for whoever runs the server, in English like the log",
    "messaging/archive/": "for whoever runs the server, in English like the log",
    "messaging/migrations/": "a record of what was",
    "messaging/background/migrations/": "a record of what was",
    "messaging/live/": "answers to a script: the page has its own words for what happens to its stream",
}
STORAGE_KEYS = {"draft "}
SCRIPTS_MADE = {"app.js", "passkeys.min.js"}

SPEAKING_FILTER = re.compile(r"\|(?:default|default_if_none|yesno|pluralize):(\"[^\"]*\"|'[^']*')")
SPEAKING_ARGUMENT = re.compile(r"\b(?:label|heading|caption|title|text)=(\"[^\"]*\"|'[^']*')")

WRAPPERS = {
    "_",
    "gettext",
    "gettext_lazy",
    "gettext_noop",
    "ngettext",
    "ngettext_lazy",
    "pgettext",
    "pgettext_lazy",
    "npgettext",
}
SPEAKING_KEYWORDS = {
    "label",
    "help_text",
    "verbose_name",
    "verbose_name_plural",
    "description",
    "placeholder",
}
SPEAKING_NAMES = SPEAKING_KEYWORDS | {"help_text", "empty_label", "site_header", "site_title", "index_title"}
SPEAKING_DICTS = {"error_messages", "labels", "help_texts"}
NOTICES = {"success", "error", "info", "warning", "debug", "add_message"}
ERRORS = {"ValidationError", "Refused", "HttpResponse", "HttpResponseBadRequest", "HttpResponseForbidden"}


def complaints(root: Path) -> list[str]:
    """Every bare text below a project's folder, with where it stands."""
    found: list[str] = []
    for folder in ("templates", "messaging"):
        for path in sorted((root / folder).rglob("*")):
            name = path.relative_to(root).as_posix()
            if any(name.startswith(exception) for exception in EXCEPTIONS):
                continue
            if path.suffix == ".py":
                found += (f"{name}:{line}: {text!r}" for line, text in in_python(path.read_text()))
            elif path.suffix in (".html", ".txt") and folder == "templates":
                is_html = path.suffix == ".html"
                found += (f"{name}:{line}: {text!r}" for line, text in in_template(path.read_text(), is_html))
    for path in sorted((root / "static/js").glob("*.js")):
        if path.name not in SCRIPTS_MADE:
            name = path.relative_to(root).as_posix()
            found += (f"{name}:{line}: {text!r}" for line, text in in_script(path.read_text()))
    return found


def says_something(text: str) -> bool:
    for known in NO_LANGUAGE:
        text = text.replace(known, "")
    return bool(WORD.search(re.sub(r"&\w+;", "", text)))


# Templates


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
            # Its lines count; a word keeps attributes of tags apart that only a template's tag separates.
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
    patterns = [SPEAKING_FILTER]
    if contents.startswith("include"):
        patterns.append(SPEAKING_ARGUMENT)
    for pattern in patterns:
        for match in pattern.finditer(contents):
            text = match[1][1:-1]
            is_a_name = re.fullmatch(r"[\w-]*", text) and text.islower()  # of an icon, a class, a kind
            if says_something(text) and not is_a_name:
                yield text


# Python


def in_python(source: str) -> Iterator[tuple[int, str]]:
    """Bare texts of a module, as line and text."""
    tree = ast.parse(source)
    assigned: dict[str, list[ast.expr]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    assigned.setdefault(target.id, []).append(node.value)
    seen: set[tuple[int, str]] = set()
    for expression in _read_by_people(tree):
        for bare in _bare(expression, assigned):
            if bare not in seen:
                seen.add(bare)
                yield bare


def _read_by_people(tree: ast.Module) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from _read_of_call(node)
        elif isinstance(node, ast.Assign):
            yield from _read_of_assignment(node)
        elif isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and key.value == "placeholder":
                    yield value
        elif isinstance(node, ast.ClassDef) and any(_name(base).endswith("Choices") for base in node.bases):
            for line in node.body:
                if isinstance(line, ast.Assign):
                    yield line.value.elts[1] if isinstance(line.value, ast.Tuple) else line.value


def _read_of_call(node: ast.Call) -> Iterator[ast.expr]:
    name = _name(node.func)
    for keyword in node.keywords:
        if keyword.arg in SPEAKING_KEYWORDS:
            yield keyword.value
        elif keyword.arg in SPEAKING_DICTS:
            yield from _values(keyword.value)
        elif keyword.arg == "choices":
            yield from _labels(keyword.value)
    if name in ERRORS:
        texts = node.args[1:2] if name == "Refused" else node.args[:1]
        for text in texts:
            yield from _values(text) if isinstance(text, ast.Dict) else [text]
    elif name == "add_error":
        yield from node.args[1:2]
    elif name in NOTICES and isinstance(node.func, ast.Attribute) and _name(node.func.value) == "messages":
        yield from node.args[1:]


def _read_of_assignment(node: ast.Assign) -> Iterator[ast.expr]:
    names = {_name(target) for target in node.targets}
    if names & SPEAKING_NAMES:
        yield node.value
    elif names & SPEAKING_DICTS:
        yield from _values(node.value)
    elif "choices" in names or any(name.isupper() for name in names):
        yield from _labels(node.value)


def _values(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.Dict):
        yield from node.values


def _labels(node: ast.expr) -> Iterator[ast.expr]:
    """The second of each pair in a list of choices."""
    if isinstance(node, ast.List):
        for pair in node.elts:
            if isinstance(pair, ast.Tuple) and len(pair.elts) == 2:
                yield pair.elts[1]


def _bare(node: ast.expr, assigned: dict[str, list[ast.expr]], depth: int = 0) -> Iterator[tuple[int, str]]:
    """The literals of an expression that no `gettext` is around, also behind a name of the module."""
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str) and says_something(node.value):
            yield node.lineno, node.value
    elif isinstance(node, ast.JoinedStr):
        text = "".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))
        if says_something(text):
            yield node.lineno, text
    elif isinstance(node, ast.BinOp):
        yield from _bare(node.left, assigned, depth)
        if isinstance(node.op, ast.Add):
            yield from _bare(node.right, assigned, depth)
    elif isinstance(node, ast.IfExp):
        yield from _bare(node.body, assigned, depth)
        yield from _bare(node.orelse, assigned, depth)
    elif isinstance(node, ast.Name) and depth < 3:
        for value in assigned.get(node.id, []):
            yield from _bare(value, assigned, depth + 1)
    elif isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
        for value in assigned.get(node.value.id, []):
            for entry in _values(value):
                yield from _bare(entry, assigned, depth + 1)
    elif isinstance(node, ast.Call):
        yield from _bare_call(node, assigned, depth)


def _bare_call(node: ast.Call, assigned: dict[str, list[ast.expr]], depth: int) -> Iterator[tuple[int, str]]:
    if _name(node.func) in WRAPPERS:
        # What is put in before the look-up is never found in a catalogue.
        yield from (
            (one.lineno, "an f-string in gettext") for one in node.args if isinstance(one, ast.JoinedStr)
        )
    elif isinstance(node.func, ast.Attribute) and node.func.attr == "format":
        yield from _bare(node.func.value, assigned, depth)


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


# Scripts

SENTENCE = re.compile(r"\"([A-Z][a-z]*[ .…][^\"]*)\"|`([^`]*)`|\"(New|Newest|Show|Fold)\"")


def in_script(source: str) -> Iterator[tuple[int, str]]:
    """Sentences in a script, as line and text."""
    for number, line in enumerate(source.splitlines(), 1):
        if line.lstrip().startswith("//"):
            continue
        for match in SENTENCE.finditer(line):
            text = match[1] or match[3] or ""
            if (
                not text and match[2]
            ):  # a template literal: words of its own, and no selector, address or markup
                text = re.sub(r"\$\{[^}]*\}", "", match[2])
                if re.search(r"[#.\[<=?/{}]", text) or not re.search(r"(^|\s)[a-z]{3,}(\s|$|…)", text):
                    continue
            if says_something(text) and text not in STORAGE_KEYS:
                yield number, text


if __name__ == "__main__":
    wrong = complaints(Path(__file__).parent.parent)
    print(*wrong, sep="\n")
    sys.exit(bool(wrong))
