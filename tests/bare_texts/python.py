"""Texts in Python."""

import ast
from collections.abc import Iterator

from tests.bare_texts.words import says_something

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
TEXT_KEYWORDS = {
    "label",
    "help_text",
    "verbose_name",
    "verbose_name_plural",
    "description",
    "placeholder",
}
TEXT_NAMES = TEXT_KEYWORDS | {"empty_label", "site_header", "site_title", "index_title"}
TEXT_DICTS = {"error_messages", "labels", "help_texts"}
MESSAGE_FUNCTIONS = {"success", "error", "info", "warning", "debug", "add_message"}
ERRORS = {"ValidationError", "Refused", "HttpResponse", "HttpResponseBadRequest", "HttpResponseForbidden"}


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
        if keyword.arg in TEXT_KEYWORDS:
            yield keyword.value
        elif keyword.arg in TEXT_DICTS:
            yield from _values(keyword.value)
        elif keyword.arg == "choices":
            yield from _labels(keyword.value)
    if name in ERRORS:
        texts = node.args[1:2] if name == "Refused" else node.args[:1]
        for text in texts:
            yield from _values(text) if isinstance(text, ast.Dict) else [text]
    elif name == "add_error":
        yield from node.args[1:2]
    elif (
        name in MESSAGE_FUNCTIONS
        and isinstance(node.func, ast.Attribute)
        and _name(node.func.value) == "messages"
    ):
        yield from node.args[1:]


def _read_of_assignment(node: ast.Assign) -> Iterator[ast.expr]:
    names = {_name(target) for target in node.targets}
    if names & TEXT_NAMES:
        yield node.value
    elif names & TEXT_DICTS:
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
    """The string literals of an expression that are not inside a gettext call. Names are followed to their
    assignments in the module."""
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
        # An f-string is formatted before gettext looks it up, so no translation is ever found.
        yield from (
            (one.lineno, "an f-string in gettext") for one in node.args if isinstance(one, ast.JoinedStr)
        )
    elif isinstance(node.func, ast.Attribute) and node.func.attr == "format":
        yield from _bare(node.func.value, assigned, depth)


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
