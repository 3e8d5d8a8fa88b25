"""A function that stops in the middle, so that something else can happen there."""

import threading
from collections.abc import Callable
from typing import Any


class Call:
    """Calls the function in a thread of its own, from one stop to the next. Only one thread ever runs."""

    _this = threading.local()

    def __init__(self, function: Callable[..., Any], *args: Any) -> None:
        self.is_over = False
        self.stopped_at = ""
        self._function, self._args = function, args
        self._result: Any = None
        self._error: BaseException | None = None
        self._may_go_on, self._has_stopped = threading.Semaphore(0), threading.Semaphore(0)
        self._thread = threading.Thread(target=self._run, daemon=True)

    def go_on(self) -> None:
        """Run the function to its next stop, or to its end."""
        if not self._thread.ident:
            self._thread.start()
        self._may_go_on.release()
        self._has_stopped.acquire()

    def finish(self) -> None:
        """Run the function to its end, without a stop."""
        self._call()

    def result(self) -> Any:
        """What the function returned. Raises what it raised."""
        if self._error:
            raise self._error
        return self._result

    @classmethod
    def stop(cls, name: str) -> None:
        """Inside the function: wait until `go_on` is called again. Without `go_on` it does not wait."""
        call = getattr(cls._this, "call", None)
        if call is None:
            return
        call.stopped_at = name
        call._has_stopped.release()
        call._may_go_on.acquire()

    def _run(self) -> None:
        self._may_go_on.acquire()
        Call._this.call = self
        self._call()
        self._has_stopped.release()

    def _call(self) -> None:
        try:
            self._result = self._function(*self._args)
        except BaseException as error:
            self._error = error
        self.is_over = True
