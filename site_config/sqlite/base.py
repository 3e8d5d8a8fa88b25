"""Django's SQLite backend, with a queue in which transactions wait for each other."""

from typing import Any

from django.db import OperationalError
from django.db.backends.sqlite3 import base

from site_config.sqlite.turns import Turns

turns = Turns()  # shared by all connections of this process, since there is one database


class DatabaseWrapper(base.DatabaseWrapper):
    _has_turn = False

    def _start_transaction_under_autocommit(self) -> None:
        """Wait for this connection's turn, then begin. Raises OperationalError after the `timeout`."""
        seconds: Any = self.settings_dict["OPTIONS"].get("timeout", 5)
        if not turns.take(seconds):
            raise OperationalError("database is locked")
        self._has_turn = True
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._end_turn()
            raise

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc]
        self._end_turn()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self._end_turn()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self._end_turn()

    def _end_turn(self) -> None:
        if self._has_turn:
            self._has_turn = False
            turns.end()
