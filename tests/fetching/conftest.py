from collections.abc import Iterator

import pytest

from tests.fetching.web import Web, served


@pytest.fixture
def web() -> Iterator[Web]:
    with served() as web:
        yield web
