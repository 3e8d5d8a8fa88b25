"""Planting a fault, to see that the tests find it."""

import inspect
import sys
import textwrap
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pytest


def plant(monkeypatch: "pytest.MonkeyPatch", owner: type, name: str, right: str, wrong: str) -> None:
    """Replace a part of a method's source until the end of the test.

    Raises:
        AssertionError: the method does not contain that part exactly once any more.
    """
    monkeypatch.setattr(owner, name, rewritten(getattr(owner, name), (right, wrong)))


def rewritten(function: Callable[..., Any], *changes: tuple[str, str]) -> Callable[..., Any]:
    """The function with parts of its source replaced: (the right one, the wrong one).

    Raises:
        AssertionError: the function does not contain a right part exactly once any more.
    """
    source, name = textwrap.dedent(inspect.getsource(function)), function.__name__
    for right, wrong in changes:
        assert source.count(right) == 1, f"{name} does not contain: {right}"
        source = source.replace(right, wrong)
    found: dict[str, Any] = {}
    exec(source, vars(sys.modules[function.__module__]), found)
    changed: Callable[..., Any] = found[name]
    return changed
