"""The real server, in a thread of the test's own process."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from asgiref.typing import ASGI3Application

from messaging.http.server_protocol import ServerProtocol
from messaging.live import db_threads, looking
from tests.waiting import until


@contextmanager
def served(
    log_level: str = "critical", changed: Callable[[ASGI3Application], ASGI3Application] | None = None
) -> Iterator[str]:
    """The address of a Parley that serves the test database.

    Args:
        changed: makes the application that is served of Parley's.
    """
    from site_config.asgi import application

    config = uvicorn.Config(
        changed(application) if changed else application,
        http=ServerProtocol,
        lifespan="off",
        timeout_graceful_shutdown=1,
        log_level=log_level,
    )
    running = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=running.run, args=([listening],), daemon=True)
        thread.start()
        until(lambda: running.started or not thread.is_alive(), otherwise="The server did not start.")
        assert thread.is_alive(), "The server ended while it started."
        host, port = listening.getsockname()
        yield f"http://{host}:{port}"
        running.should_exit = True
        thread.join()
        with rest():  # the last reads are finished
            pass


_may_begin = threading.Lock()


@contextmanager
def rest() -> Iterator[None]:
    """Keep the threads that use the database for the streams from doing so.

    Inside another rest it does nothing.
    """
    if not _may_begin.acquire(blocking=False):
        yield
        return
    resting, is_over = threading.Barrier(db_threads.THREADS + 2), threading.Event()

    def take_a_rest() -> None:
        resting.wait()
        is_over.wait()

    for threads in [db_threads._threads] * db_threads.THREADS + [looking._thread]:
        threads.submit(take_a_rest)
    resting.wait()
    yield
    is_over.set()
    _may_begin.release()
