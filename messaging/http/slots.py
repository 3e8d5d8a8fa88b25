"""How many requests one event loop serves at once, of each kind."""

import asyncio
from typing import Final

from messaging.http.request_body import BodySpace

LONG_ANSWERS: Final = 8
# So many large bodies are taken apart and stored at once. When all workers did that, beside 20 uploads of
# 40 MB, 1 send in 100 took 1.3 s (docs/performance.md).
UPLOADS: Final = 2


class Slots:
    """What the requests in one event loop share: a server has one loop, the tests have several."""

    def __init__(self, workers: int) -> None:
        self.bodies = BodySpace()
        self.uploads = asyncio.Semaphore(UPLOADS)
        self.workers = asyncio.Semaphore(workers)
        self.long_answers = asyncio.Semaphore(LONG_ANSWERS)
