"""Finds the views that use the page cache, by their decorator, so that new ones are tested too, and notes
which templates are rendered."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.test.signals import template_rendered
from django.urls import resolve, reverse

from messaging.caching.pages import versioned_cache_page
from messaging.models import Message
from tests.security.matrix import RULES

CACHE_DECORATOR = versioned_cache_page(lambda: None).__code__  # type: ignore[arg-type, return-value]


def code_of_decorators(name: str) -> list[Any]:
    """The code of a URL's view and of its decorators, outermost first."""
    parts: dict[str | None, list[object]] = {
        None: [],
        "picture": [1, "name"],
        "team_picture": ["name"],
        "member": [1, 1],
        "text": [1, 1],
        "key": ["1", "key"],
        "token": ["token"],
        "code": ["5e4ac0de-0000-4000-8000-000000000000"],
    }
    view: Any = resolve(reverse(name, args=parts.get(RULES[name].takes, [1]))).func
    found = []
    while view:
        found.append(view.__code__)
        view = getattr(view, "__wrapped__", None)
    return found


def cached_lists() -> list[str]:
    """The names of the URLs whose responses are shared by all members."""
    return [name for name in RULES if CACHE_DECORATOR in code_of_decorators(name)]


def address(name: str, message: Message) -> str:
    """The URL of this list, for the message or for its conversation."""
    ids = {"conversation": message.conversation_id, "message": message.pk}
    return reverse(name, args=[ids[RULES[name].takes or "nothing"]])


@contextmanager
def rendered_templates(*names: str) -> Iterator[list[str]]:
    """The names of those of these templates that are rendered until the block ends, each time again."""
    seen: list[str] = []

    def note(template: Any, **kwargs: object) -> None:
        if template.name in names:
            seen.append(template.name)

    template_rendered.connect(note)
    yield seen
    template_rendered.disconnect(note)
