"""The proxy of the tests with several processes: found on the machine, or installed from Debian's package.

`python -m tests.nginx` says where it is.
"""

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

CONFIGURATION = Path(__file__).parent.parent / "deploy/nginx.conf"
START_SECONDS = 60
# A complete configuration around deploy/nginx.conf, which contains only server blocks. nginx writes into a
# folder of the test. It compresses by default, as Debian's own configuration does.
FRAME = """
daemon off;
{user}
error_log stderr warn;
pid {folder}/pid;
events {{ worker_connections {connections}; }}
http {{
    access_log off;
    gzip on;
    gzip_proxied any;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
{servers}
}}
"""


def find() -> str | None:
    return shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")


def find_or_install() -> str | None:
    """Like `find`, but installs Debian's package first if there is none and the user is root."""
    if find() is None and os.geteuid() == 0 and shutil.which("apt-get"):
        print("There is no nginx on this machine. Trying apt-get …", flush=True)
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for command in ("update --quiet", "install --yes --quiet --no-install-recommends nginx-light"):
            subprocess.run(["apt-get", *command.split()], env=environment, capture_output=True)
    return find()


def needed() -> str:
    """The path of nginx. Without one the test is skipped, which fails a run in which CI is set."""
    program = find()
    if program is None:
        pytest.skip("there is no nginx, and it could not be installed (on Debian: apt install nginx-light)")
    return program


@contextmanager
def in_front_of(ports: Sequence[int], port: int, folder: Path, connections: int = 512) -> Iterator[None]:
    """nginx at `port`, as our own file configures it, without certificate; `folder/media` has the files."""
    program = needed()
    user = "user root;" if os.geteuid() == 0 else ""  # its workers write into the folder, too
    servers = _servers(ports, port).replace("/opt/parley/var/media/", f"{folder}/media/")
    text = FRAME.format(user=user, folder=folder, servers=servers, connections=connections)
    (folder / "nginx.conf").write_text(text)
    command = [program, "-c", str(folder / "nginx.conf"), "-p", str(folder)]
    output = folder / "nginx.log"  # a pipe that nobody reads would stop nginx when it is full
    with output.open("w") as log, subprocess.Popen(command, stderr=log) as running:
        try:
            _wait(port, running, output)
            yield
        finally:
            running.terminate()


def _servers(ports: Sequence[int], port: int) -> str:
    """Our own file with other addresses, and over plain http."""
    text = CONFIGURATION.read_text()
    text = re.sub(r"^server {\n    listen 80;.*?^}\n", "", text, flags=re.DOTALL | re.MULTILINE)
    text = re.sub(r".*(?:ssl_(?:certificate|protocols)|listen \[::\]).*\n", "", text)
    text = re.sub(r"listen 443 ssl http2", f"listen 127.0.0.1:{port}", text)
    processes = "".join(f"    server 127.0.0.1:{one} max_fails=0;\n" for one in ports)
    text = re.sub(r"(    server 127\.0\.0\.1:\d+ max_fails=0;\n)+", processes, text)
    assert processes in text
    assert "ssl" not in text
    return text.replace("chat.example.org", "127.0.0.1")


def _wait(port: int, running: "subprocess.Popen[bytes]", output: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            if running.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"nginx did not start: {output.read_text()}") from None
            time.sleep(0.05)


if __name__ == "__main__":
    if nginx := find_or_install():
        print(f"The tests with several processes use {nginx}.")
    else:
        print("No nginx was found or could be installed: what needs it is skipped, which fails in CI.")
