from collections.abc import Iterator

import pytest

from messaging.fetching import fetching, pages
from messaging.fetching.budget import Budget
from tests.fetching.web import Web, served
from tests.waiting import PATIENCE_SECONDS


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine may need longer than a fetch may take. Tests of slow servers give less than a second."""
    monkeypatch.setattr(
        fetching, "Budget", lambda seconds: Budget(seconds if seconds < 1 else PATIENCE_SECONDS)
    )
    monkeypatch.setattr(pages, "READ_SECONDS", PATIENCE_SECONDS)


@pytest.fixture
def web() -> Iterator[Web]:
    with served() as web:
        yield web
