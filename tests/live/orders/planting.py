"""Planting a fault, to see that the tests find it."""

import inspect
import sys
import textwrap

import pytest


def plant(monkeypatch: pytest.MonkeyPatch, owner: type, name: str, right: str, wrong: str) -> None:
    """Replace a part of a method's source until the end of the test.

    Raises:
        AssertionError: the method does not contain that part exactly once any more.
    """
    method = getattr(owner, name)
    source = textwrap.dedent(inspect.getsource(method))
    assert source.count(right) == 1, f"{name} does not contain: {right}"
    found: dict[str, object] = {}
    exec(source.replace(right, wrong), vars(sys.modules[method.__module__]), found)
    monkeypatch.setattr(owner, name, found[name])
