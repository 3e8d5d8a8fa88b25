"""Tests in another language than English: it is that of the site, of browsers, and what everybody has chosen.

    export PARLEY_TEST_LANGUAGE=ar
    python -m pytest tests/security tests/live tests/views/test_caching.py
    python -m pytest e2e/conversations/test_live.py

That is the matrix of rights, equal bytes for all members, and that an open page becomes what a new one shows.
Tests that look for English words have the marker `english`, and are left out.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import pytest

LANGUAGE: Final = os.environ.get("PARLEY_TEST_LANGUAGE", "")


def leave_out_english(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect the tests that can only be passed in English, in another language."""
    if LANGUAGE in ("", "en"):
        return
    english = [item for item in items if item.get_closest_marker("english")]
    items[:] = [item for item in items if item not in english]
    config.hook.pytest_deselected(items=english)


@contextmanager
def chosen_by_everybody() -> Iterator[None]:
    """Until the block ends, each person who is made has chosen this language."""
    from django.db.models.signals import pre_save

    from messaging.models import User

    def choose(instance: User, **more: Any) -> None:
        if instance._state.adding and not instance.language:
            instance.language = LANGUAGE

    pre_save.connect(choose, sender=User)
    yield
    pre_save.disconnect(choose, sender=User)
