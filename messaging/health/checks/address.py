"""The address at which people reach Parley: the proxy, its headers and its certificate."""

import http.client
import socket
import ssl
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings

from messaging.health.finding import Finding, fault, warning, well

_SECONDS = 5
_LEAST_DAYS = 14  # of a certificate; Let's Encrypt renews a month before


def check() -> Iterator[Finding]:
    address = urlsplit(settings.PARLEY_URL)
    kind = http.client.HTTPSConnection if settings.SECURE else http.client.HTTPConnection
    connection = kind(address.hostname or "", address.port, timeout=_SECONDS)
    try:
        connection.request("GET", "/account/login/", headers={"Accept-Encoding": "gzip"})
        certificate = connection.sock.getpeercert() if isinstance(connection.sock, ssl.SSLSocket) else None
        answer = connection.getresponse()
        answer.read()
    except ssl.SSLCertVerificationError as error:
        yield fault(f"The certificate is not accepted: {error.verify_message}.", "Renew it at the proxy.")
        return
    except (OSError, http.client.HTTPException) as error:
        yield _unreachable(error)
        return
    else:
        yield from _answer(answer, settings.PARLEY_URL)
        if certificate:
            yield _certificate(str(certificate["notAfter"]))
    finally:
        connection.close()


def _unreachable(error: Exception) -> Finding:
    if isinstance(error, socket.gaierror):
        return fault(f"{settings.PARLEY_URL} has no address.", "Check PARLEY_URL and the DNS.")
    return fault(
        f"{settings.PARLEY_URL} does not answer ({type(error).__name__}).",
        "Start Parley and the proxy, and check that the port is open.",
    )


def _answer(answer: http.client.HTTPResponse, url: str) -> Iterator[Finding]:
    if answer.status in (301, 302) and answer.headers.get("Location", "").startswith(f"{url}/account/login/"):
        yield fault(
            "The proxy does not send X-Forwarded-Proto: https, so every page redirects to itself.",
            "Let it set that header (deploy/nginx.conf).",
        )
    elif answer.status == 400:
        yield fault("The proxy passes on another host name.", "Let it pass on Host (deploy/nginx.conf).")
    elif answer.status in (502, 503, 504):
        yield fault(
            f"{url} answers {answer.status}: Parley is not running, or not set up yet.",
            f"See its log, and start it; or create the first account ({settings.MANAGE} setup_link).",
        )
    elif answer.status != 200 or "script-src" not in answer.headers.get("Content-Security-Policy", ""):
        yield fault(f"{url} answers {answer.status}, and not as Parley.", "Check PARLEY_URL and the proxy.")
    elif answer.headers.get_all("Content-Encoding") and "no-store" in answer.headers.get("Cache-Control", ""):
        # Parley itself never compresses the page of the sign-in, which has a secret.
        yield warning("The proxy compresses pages with secrets.", "Switch that off (nginx: gzip off).")
    else:
        yield well(f"{url} answers.")


def _certificate(ends: str) -> Finding:
    days = int(ssl.cert_time_to_seconds(ends) - time.time()) // 86_400
    if days < _LEAST_DAYS:
        return warning(f"The certificate ends in {days} days.", "Check why the proxy does not renew it.")
    return well(f"The certificate is valid for {days} more days.")
