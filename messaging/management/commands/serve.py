"""`manage.py serve`: brings the installation up to date and serves it, until Ctrl-C."""

import errno
import signal
import socket
from argparse import ArgumentParser
from typing import Any
from urllib.parse import urlsplit

import uvicorn
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from messaging.background.runner import running
from messaging.management.commands.demo import able_to_sign_in

# After Ctrl-C: as long as an answer under way may take.
GRACE_SECONDS = 2
# Quiet for 20 s, then asked three times; what was sent must be confirmed within 30 s (given in ms).
PATIENCE = {"TCP_KEEPIDLE": 20, "TCP_KEEPINTVL": 5, "TCP_KEEPCNT": 3, "TCP_USER_TIMEOUT": 30_000}


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

    def handle(self, *, host: str, port: int | None, demo: bool, **options: Any) -> None:
        address = urlsplit(settings.PARLEY_URL)
        # With https a proxy listens at that address, and it has a port of its own.
        port = port or (not settings.SECURE and address.port) or 8000
        reached_at = settings.PARLEY_URL if settings.SECURE else f"http://{address.hostname}:{port}"
        with self._listen(host, port) as listening:
            self._prepare()
            self._refuse_a_public_demo()
            if demo:
                self._show_demo()
            self.stdout.write(f"Parley is running at {reached_at} (press Ctrl-C to stop).")
            call_command("setup_link", reached_at=reached_at, verbosity=0, stdout=self.stdout)
            self.stdout.flush()
            self._serve(listening)

    def _listen(self, host: str, port: int) -> socket.socket:
        """The socket, taken before anything else is done: two servers must not both migrate.

        Raises CommandError where the port is taken or not allowed.
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
        _notice_the_dead(listening)
        listening.listen()  # who comes before the server runs waits, and is not turned away
        return listening

    def _prepare(self) -> None:
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        call_command("collectstatic", verbosity=0, interactive=False)

    def _refuse_a_public_demo(self) -> None:
        """Raises CommandError where the demo's people, who share a printed password, could be reached."""
        if settings.SECURE and able_to_sign_in():
            raise CommandError(
                f"The demo team is in this database, and {settings.PARLEY_URL} can be reached by others. "
                "Use another PARLEY_VAR, delete the folder var, or delete the demo users."
            )

    def _show_demo(self) -> None:
        """Makes the demo team or says how to sign in to it; nothing where a real team lives or may come."""
        if settings.SECURE:
            return
        empty = not get_user_model().objects.exists()
        try:
            call_command("demo", stdout=self.stdout)
        except CommandError:
            if empty:
                raise

    def _serve(self, listening: socket.socket) -> None:
        connections.close_all()  # the requests bring their own
        config = uvicorn.Config(
            "site_config.asgi:application",
            lifespan="off",
            log_level="warning",
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
        # When uvicorn has ended, it raises the signal that ended it again. SIGTERM would end the process
        # there, in the middle of a task; so it is treated like Ctrl-C.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            with running(GRACE_SECONDS):
                uvicorn.Server(config).run(sockets=[listening])
        except KeyboardInterrupt:
            self.stdout.write("")  # a line of its own for the prompt, after the terminal's ^C


def _notice_the_dead(listening: socket.socket) -> None:
    """Close connections whose other end is gone without a word, as of a laptop that was closed.

    Otherwise their people would be shown as here for a quarter of an hour. Connections inherit it from the
    socket that they came to; where a system does not know an option it has its own patience.
    """
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in PATIENCE.items():
        if hasattr(socket, name):
            listening.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
