"""`manage.py serve` with a push service on this machine, whose port the environment names.

`bench.everybody` starts it:

    PARLEY_BENCH_PUSH_PORT=8100 python -m bench.pushing_server 8000
"""

import os
import sys
from unittest.mock import patch

import django
from django.core.management import call_command

HOST = "127.0.0.1"
PORT_VARIABLE = "PARLEY_BENCH_PUSH_PORT"


def main() -> None:
    django.setup()
    from messaging.pushing import sending, service

    class LocalNetwork(service.PushNetwork):
        """This machine alone, without https."""

        ports = frozenset({int(os.environ[PORT_VARIABLE])})
        scheme = "http"

        def is_allowed(self, address: str) -> bool:
            return address == HOST

        def resolve(self, host: str) -> list[str]:
            return [HOST]

    pushes_here = patch.object(sending, "NETWORK", LocalNetwork())
    with pushes_here, patch.object(service, "KNOWN_SERVICES", (HOST,)):
        call_command("serve", port=int(sys.argv[1]))


if __name__ == "__main__":
    main()
