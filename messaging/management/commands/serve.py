"""`manage.py serve`: migrates the database and serves Parley until Ctrl-C.

With `--pages-only` it is one of several processes (deploy/parley@.service), which can be restarted one after
the other while people write (docs/decisions/0059-restarts.md).
"""

import errno
import signal
import socket
from argparse import ArgumentParser
from contextlib import ExitStack
from typing import Any
from urllib.parse import urlsplit

import uvicorn
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connections
from uvicorn.config import LOGGING_CONFIG

from messaging.background.runner import running
from messaging.backup.errors import BackupError
from messaging.backup.interruption import refuse_half_restored
from messaging.http.server import DRAIN_SECONDS, Server
from messaging.http.server_protocol import ServerProtocol
from messaging.management.commands.demo import able_to_sign_in
from messaging.pushing.loop import pushing

# How long requests may still take after Ctrl-C.
GRACE_SECONDS = 2
# The same for one of several processes. Its streams are ended over two seconds of it.
LONG_GRACE_SECONDS = 20
# After 20 s of silence three probes, 5 s apart; sent data must be acknowledged within 30 s (given in ms).
KEEPALIVE_OPTIONS = {"TCP_KEEPIDLE": 20, "TCP_KEEPINTVL": 5, "TCP_KEEPCNT": 3, "TCP_USER_TIMEOUT": 30_000}


class Command(BaseCommand):
    help = "Migrate the database, collect the static files, and serve Parley."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--host", default="127.0.0.1", help="The address to listen on (default: %(default)s)."
        )
        parser.add_argument(
            "--port", type=int, help="The port to listen on (default: the port of PARLEY_URL, or 8000)."
        )
        parser.add_argument(
            "--demo", action="store_true", help="Create the demo team if the database is empty."
        )
        parser.add_argument(
            "--pages-only",
            action="store_true",
            help="As one of several processes: without migrating, collecting, and background work.",
        )

    def handle(
        self, *, host: str, port: int | None, demo: bool, pages_only: bool = False, **options: Any
    ) -> None:
        address = urlsplit(settings.PARLEY_URL)
        # With https the address is that of a proxy, whose port is another one.
        port = port or (not settings.SECURE and address.port) or 8000
        reached_at = settings.PARLEY_URL if settings.SECURE else f"http://{address.hostname}:{port}"
        with self._bind(host, port) as listening:
            if pages_only:
                self._serve(listening, is_alone=False)
                return
            listening.listen()  # connections that come before the server runs wait, and are not refused
            self._prepare()
            self._refuse_public_demo()
            if demo:
                self._show_demo(reached_at)
            self.stdout.write(f"Parley is running at {reached_at} (press Ctrl-C to stop).")
            call_command("setup_link", reached_at=reached_at, verbosity=0, stdout=self.stdout)
            self.stdout.flush()
            self._serve(listening, is_alone=True)

    def _bind(self, host: str, port: int) -> socket.socket:
        """Bind the socket. This comes before everything else, so that two servers cannot migrate at once.

        Raises CommandError if the port is in use or not allowed.
        """
        listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((host, port))
        except OSError as error:
            listening.close()
            reason = (
                "is already in use"
                if error.errno == errno.EADDRINUSE
                else f"cannot be used ({error.strerror})"
            )
            raise CommandError(
                f"Port {port} on {host} {reason}. Stop the program that uses it, or choose another port: "
                "make run PORT=8001"
            ) from error
        _enable_keepalive(listening)
        return listening

    def _prepare(self) -> None:
        """Raises CommandError if a restore was interrupted, or the database or the folder of static files
        cannot be written."""
        try:
            refuse_half_restored()
            call_command("migrate", verbosity=0, interactive=False)
            call_command("createcachetable", verbosity=0)
            call_command("collectstatic", verbosity=0, interactive=False)
        except BackupError as error:
            raise CommandError(str(error)) from error
        except (OSError, OperationalError) as error:
            reason = str(error).strip().splitlines()[0]
            raise CommandError(
                f"Parley cannot start: {reason}. Check that the database can be reached and the account "
                f"that runs Parley may write to {settings.VAR_DIR}."
            ) from error

    def _refuse_public_demo(self) -> None:
        """Raises CommandError if the accounts of the demo, with their printed password, would be public."""
        if settings.SECURE and able_to_sign_in():
            raise CommandError(
                f"The demo team is in this database, and {settings.PARLEY_URL} can be reached by others. "
                "Use another PARLEY_VAR, delete the folder var, or delete the demo users."
            )

    def _show_demo(self, reached_at: str) -> None:
        """Create the demo team, or print how to sign in to it; do nothing with https or for a real team."""
        if settings.SECURE:
            return
        empty = not get_user_model().objects.exists()
        try:
            call_command("demo", reached_at=reached_at, stdout=self.stdout)
        except CommandError:
            if empty:
                raise

    def _serve(self, listening: socket.socket, is_alone: bool) -> None:
        connections.close_all()  # the requests bring their own
        config = uvicorn.Config(
            "site_config.asgi:application",
            http=ServerProtocol,
            lifespan="off",
            log_level="warning",
            log_config=None if settings.LOG == "json" else LOGGING_CONFIG,
            server_header=False,
            timeout_graceful_shutdown=GRACE_SECONDS if is_alone else LONG_GRACE_SECONDS,
        )
        # After its shutdown, uvicorn raises again the signal that stopped it. SIGTERM would end the process
        # there, in the middle of a task; so it is treated like Ctrl-C.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            with ExitStack() as beside:
                if is_alone:
                    beside.enter_context(running(GRACE_SECONDS))
                    beside.enter_context(pushing(GRACE_SECONDS))
                Server(config, 0 if is_alone else DRAIN_SECONDS).run(sockets=[listening])
        except KeyboardInterrupt:
            self.stdout.write("")  # a line of its own for the prompt, after the terminal's ^C


def _enable_keepalive(listening: socket.socket) -> None:
    """Close connections whose other end has disappeared, for example when a laptop was closed.

    Otherwise these people would be shown as online for a quarter of an hour. Accepted connections inherit the
    options of the listening socket. An option that the system does not know keeps its default.
    """
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in KEEPALIVE_OPTIONS.items():
        if hasattr(socket, name):
            listening.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
