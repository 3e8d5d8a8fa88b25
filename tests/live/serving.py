"""The real server, in a thread of the test's own process."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

START_SECONDS = 10


@contextmanager
def served(log_level: str = "critical") -> Iterator[str]:
    """The address of a Parley that serves the test database."""
    from site_config.asgi import application

    config = uvicorn.Config(application, lifespan="off", timeout_graceful_shutdown=1, log_level=log_level)
    running = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=running.run, args=([listening],), daemon=True)
        thread.start()
        deadline = time.monotonic() + START_SECONDS
        while not running.started:
            assert thread.is_alive(), "The server ended while it started."
            assert time.monotonic() < deadline, "The server did not start."
            time.sleep(0.01)
        host, port = listening.getsockname()
        yield f"http://{host}:{port}"
        running.should_exit = True
        thread.join()
