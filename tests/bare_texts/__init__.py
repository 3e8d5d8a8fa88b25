"""Finds user-visible texts that are not marked for translation, without GNU gettext.

In templates: text between tags, in attributes that are shown or read aloud, in the arguments of filters and
of `{% include … with %}`. In Python: labels, help texts, choices, messages, errors. In the scripts:
sentences, which belong in `data-…` attributes of the page.
"""

from pathlib import Path

from tests.bare_texts.python import in_python
from tests.bare_texts.scripts import in_script
from tests.bare_texts.templates import in_template

# Files, and why their texts are not translated.
EXCEPTIONS = {
    "messaging/demo/": "the demo's people talk English",
    "messaging/management/": "for people who run the server, in English like the log",
    "messaging/archive/": "for people who run the server, in English like the log",
    "messaging/migrations/": "a record of what was",
    "messaging/background/migrations/": "a record of what was",
    "messaging/live/": "responses that only a script reads: the page has its own texts about the connection",
}


def errors(root: Path) -> list[str]:
    """Every untranslated text below a project's folder, each with its file and line."""
    found: list[str] = []
    for folder in ("templates", "messaging"):
        for path in sorted((root / folder).rglob("*")):
            name = path.relative_to(root).as_posix()
            if any(name.startswith(exception) for exception in EXCEPTIONS):
                continue
            if path.suffix == ".py" and folder == "messaging":  # makemessages puts some beside templates
                found += (f"{name}:{line}: {text!r}" for line, text in in_python(path.read_text()))
            elif path.suffix in (".html", ".txt") and folder == "templates":
                is_html = path.suffix == ".html"
                found += (f"{name}:{line}: {text!r}" for line, text in in_template(path.read_text(), is_html))
    for path in sorted((root / "static/js").glob("*.js")):
        is_built = path.name == "app.js" or path.name.endswith(".min.js")
        if not is_built:
            name = path.relative_to(root).as_posix()
            found += (f"{name}:{line}: {text!r}" for line, text in in_script(path.read_text()))
    return found
