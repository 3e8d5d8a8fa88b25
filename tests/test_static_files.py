"""Static files are compressed when they are collected: those that are served, once, and each completely."""

import os
from contextlib import closing
from pathlib import Path

import brotli
import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django import Settings

from site_config.static_files import StaticFilesMiddleware, StaticFilesStorage

CSS = "a { color: red }\n" * 100


@pytest.fixture
def storage(tmp_path: Path) -> StaticFilesStorage:
    (tmp_path / "app.css").write_text(CSS)
    return StaticFilesStorage(location=str(tmp_path), base_url="/static/")


def collect(storage: StaticFilesStorage) -> list[str]:
    """Collect again; the names of the files in the folder."""
    fresh = StaticFilesStorage(location=storage.location, base_url="/static/")
    list(fresh.post_process({"app.css": (fresh, "app.css")}))
    return sorted(path.name for path in Path(storage.location).iterdir())


def test_what_is_served_is_compressed_for_every_browser(storage: StaticFilesStorage) -> None:
    names = collect(storage)
    hashed = storage.hashed_name("app.css")
    expected = ["app.css", hashed, f"{hashed}.br", f"{hashed}.gz", "staticfiles.json"]
    assert names == sorted(expected)
    assert brotli.decompress((Path(storage.location) / f"{hashed}.br").read_bytes()) == CSS.encode()


def test_nothing_is_compressed_twice_and_a_new_version_is(storage: StaticFilesStorage) -> None:
    collect(storage)
    compressed = Path(storage.location) / f"{storage.hashed_name('app.css')}.br"
    before = compressed.stat()
    names = collect(storage)
    assert (compressed.stat().st_ino, compressed.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    (Path(storage.location) / "app.css").write_text(CSS * 2)
    assert f"{storage.hashed_name('app.css')}.br" in set(collect(storage)) - set(names)


def test_a_start_that_was_interrupted_leaves_no_part_of_a_file(
    storage: StaticFilesStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(os, "utime", lambda *args: 1 / 0)  # after the file was written under its first name
        with pytest.raises(ZeroDivisionError):
            collect(storage)
    assert not list(Path(storage.location).glob("*.br"))
    assert f"{storage.hashed_name('app.css')}.br" in collect(storage)


@pytest.mark.django_db  # closing a response does what the end of a request does
def test_files_of_a_newer_version_are_served_by_processes_that_are_still_running(
    tmp_path: Path, settings: Settings
) -> None:
    settings.STATIC_ROOT, settings.WHITENOISE_USE_FINDERS = str(tmp_path), False
    (tmp_path / "old.css").write_text("old")

    def next_one(request: HttpRequest) -> HttpResponse:
        return HttpResponse(status=404)

    running = StaticFilesMiddleware(next_one)
    (tmp_path / "new.css").write_text(CSS)
    (tmp_path / "folder").mkdir()
    outside = tmp_path.parent / "outside.css"
    outside.write_text("secret")

    def ask(path: str, **headers: str) -> HttpResponse:
        request = RequestFactory().get("/", headers=headers)
        request.path_info = path
        return running(request)  # type: ignore[return-value]

    with closing(ask("/static/old.css")) as old:
        assert old.status_code == 200
    found = ask("/static/new.css")
    assert (found.status_code, found["Content-Type"]) == (200, 'text/css; charset="utf-8"')
    assert b"".join(found) == CSS.encode()
    found.close()
    for path in (
        *("folder", "folder/", "new.css/", "new.css/x", "", "missing.css", "../outside.css", "new.css.br"),
        *("\0", "\udcff", "a" * 5000, f"/{outside}", "..%2foutside.css", "folder/../new.css"),
    ):
        assert (path, ask(f"/static/{path}").status_code) == (path, 404)
    outside.unlink()
