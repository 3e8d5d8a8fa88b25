"""What `manage.py doctor` says of the address, by what a proxy there answers."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pytest_django import Settings

from messaging.health.checks import address

OURS = {"Content-Security-Policy": "script-src 'self'", "Cache-Control": "no-store"}


@contextmanager
def proxy(
    settings: Settings, status: int, headers: dict[str, str], certificate: Path | None = None
) -> Iterator[None]:
    """A server at PARLEY_URL that answers this to everything."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value.replace("URL", settings.PARLEY_URL))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *arguments: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    settings.SECURE = certificate is not None
    settings.PARLEY_URL = f"http{'s' if certificate else ''}://localhost:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield
    server.shutdown()
    thread.join()
    server.server_close()


def said() -> str:
    return " ".join(finding.says for finding in address.check())


@pytest.mark.parametrize(
    ("status", "headers", "says"),
    [
        (200, OURS, "answers."),
        (301, {"Location": "URL/account/login/"}, "redirects to itself"),
        (400, {}, "another host name"),
        (502, {}, "answers 502"),
        (200, {}, "not as Parley"),
        (200, OURS | {"Content-Encoding": "gzip"}, "compresses pages with secrets"),
    ],
)
def test_what_the_proxy_does_wrong(
    settings: Settings, status: int, headers: dict[str, str], says: str
) -> None:
    with proxy(settings, status, headers):
        assert says in said()


def test_an_address_without_a_host_or_a_server(settings: Settings) -> None:
    settings.PARLEY_URL = "http://nowhere.invalid"
    assert said() == "http://nowhere.invalid has no address."
    settings.PARLEY_URL = "http://127.0.0.1:9"
    assert "does not answer (ConnectionRefusedError)" in said()


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate of ten days, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=10, hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "certificate.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM) + secret)
    return path


def test_a_certificate_that_nobody_trusts_or_that_ends_soon(
    settings: Settings, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with proxy(settings, 200, OURS, certificate):
        assert "The certificate is not accepted: self-signed certificate" in said()
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with proxy(settings, 200, OURS, certificate):
        assert said().endswith("answers. The certificate ends in 10 days.")
