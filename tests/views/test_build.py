"""The build: what of the program is in the caches' keys, so that a deploy serves no old markup."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from messaging import caching


@pytest.fixture
def fresh_build() -> Iterator[None]:
    caching.build.cache_clear()
    yield
    caching.build.cache_clear()


def test_the_build_changes_with_any_template(
    settings: Settings, tmp_path: Path, fresh_build: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    template = tmp_path / "messages" / "_message.html"
    template.parent.mkdir()
    template.write_text("one")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]
    one = caching.build()
    template.write_text("two")
    assert caching.build() == one
    caching.build.cache_clear()
    two = caching.build()
    monkeypatch.setattr(caching, "RENDERER_VERSION", -1)
    caching.build.cache_clear()
    assert len({one, two, caching.build()}) == 3
