"""What an installation at an https address sends, tested in a process with production settings."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
ASK = """
import json, django
django.setup()
from django.conf import settings
from django.core.management import call_command
from django.templatetags.static import static
from django.test import Client
call_command("migrate", verbosity=0)
call_command("collectstatic", interactive=False, verbosity=0)
from messaging.models import User
User.objects.create_user("ada")
client = Client(enforce_csrf_checks=True, headers={"host": "chat.example.org"})
page = client.get("/account/login/", secure=True)
files = [static(name) for name in ("css/app.css", "js/app.js", "vendor/htmx.bundle.js", "logo.svg")]
compressed = [client.get(name, secure=True, headers={"Accept-Encoding": "gzip, br"}) for name in files]
print(json.dumps({
    "headers": dict(page.headers),
    "cookies": {name: {**morsel, "value": ""} for name, morsel in client.cookies.items()},
    "plain": client.get("/account/login/")["Location"],
    "other": client.get("/", headers={"host": "evil.example"}, secure=True).status_code,
    "session": [getattr(settings, f"SESSION_COOKIE_{what}") for what in ("NAME", "SECURE", "HTTPONLY")],
    "static": [[file.get("Content-Encoding"), file["Vary"], file["Cache-Control"]] for file in compressed],
    "debug": settings.DEBUG,
    "hashers": settings.PASSWORD_HASHERS[0],
}))
"""


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith("PARLEY_")}
    ours |= {"PARLEY_URL": "https://chat.example.org", "PARLEY_VAR": str(tmp_path_factory.mktemp("var"))}
    ours |= {"DJANGO_SETTINGS_MODULE": "site_config.settings"}
    answer = subprocess.run([sys.executable, "-c", ASK], cwd=ROOT, env=ours, capture_output=True, text=True)
    assert answer.returncode == 0, answer.stderr
    found: dict[str, object] = json.loads(answer.stdout.splitlines()[-1])
    return found


def test_browsers_stay_with_https_for_a_year(report: dict[str, object]) -> None:
    assert report["headers"]["Strict-Transport-Security"] == "max-age=31536000"  # type: ignore[index]
    assert report["plain"] == "https://chat.example.org/account/login/"


def test_cookies_are_bound_to_the_host_and_sent_by_https_alone(report: dict[str, object]) -> None:
    assert report["session"] == ["__Host-session", True, True]
    cookies: dict[str, dict[str, object]] = report["cookies"]  # type: ignore[assignment]
    assert list(cookies) == ["__Host-csrf"]
    for cookie in cookies.values():
        assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == (True, True, "Lax")
        assert (cookie["path"], cookie["domain"]) == ("/", "")


def test_other_hosts_are_refused_and_debug_is_off(report: dict[str, object]) -> None:
    assert (report["other"], report["debug"]) == (400, False)
    assert "password_hasher.PasswordHasher" in str(report["hashers"])


def test_static_files_come_in_brotli_and_are_kept_for_ever(report: dict[str, object]) -> None:
    assert report["static"] == [["br", "Accept-Encoding", "max-age=315360000, public, immutable"]] * 4
