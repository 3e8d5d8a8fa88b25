"""Parley as an app: what Chromium itself says of it, both themes, no server, an upgrade, the kill switch."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page, expect
from pytest_django import Settings

from e2e import browser_state
from messaging.models import User
from tests.live.serving import served
from tests.waiting import until

# The profiles of the tests are private ones. A Chromium without windows finds no error at all.
PRIVATE = {"in-incognito"}
COLOURS = """() => {
  const probe = document.createElement("canvas").getContext("2d");
  const plain = (colour) => { probe.fillStyle = colour; return probe.fillStyle; };
  const metas = [...document.querySelectorAll("meta[name=theme-color]")];
  const first = metas.find(({ media }) => !media || matchMedia(media).matches);
  return [plain(first.content), plain(getComputedStyle(document.documentElement).backgroundColor)];
}"""
LEFT = """async () => {
  const registrations = await navigator.serviceWorker.getRegistrations();
  return [registrations.length, (await caches.keys()).length];
}"""

# As the browser does it by itself soon after each page.
UPDATE = "async () => { await (await navigator.serviceWorker.getRegistration()).update(); }"


def said_by(session: CDPSession) -> dict[str, Any]:
    """What Chromium has read of the manifest, without any error or warning."""
    found = session.send("Page.getAppManifest")
    assert found["errors"] == [], found["errors"]
    parsed: dict[str, Any] = found["manifest"]
    assert json.loads(found["data"])["share_target"]["params"].keys() >= {"text", "files"}
    return parsed


def test_chromium_finds_a_manifest_an_active_worker_and_the_colours_of_both_themes(
    open_page: Callable[..., Page], ada: User
) -> None:
    page = open_page(ada, service_workers="allow")
    page.goto("/")
    session = page.context.new_cdp_session(page)
    versions: dict[str, str] = {}
    session.on(
        "ServiceWorker.workerVersionUpdated",
        lambda event: versions.update({one["versionId"]: one["status"] for one in event["versions"]}),
    )
    session.send("ServiceWorker.enable")
    manifest = said_by(session)
    # What a browser asks for before it offers to install a site.
    assert manifest["name"]
    assert manifest["startUrl"].startswith(manifest["scope"])
    assert manifest["display"] == "kStandalone"
    icons = {(icon["purpose"], icon["sizes"]) for icon in json_icons(session)}
    assert {("any", "192x192"), ("any", "512x512"), ("maskable", "512x512")} <= icons
    assert manifest["shareTarget"]["action"].endswith("/share/")
    errors = session.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert {error["errorId"] for error in errors} <= PRIVATE
    page.wait_for_function("() => navigator.serviceWorker.controller?.state === 'activated'")
    browser_state.until(page, lambda: "activated" in versions.values())
    for chosen in ("system", "light", "dark"):
        User.objects.filter(pk=ada.pk).update(theme=chosen)
        for system in ("light", "dark"):
            page.emulate_media(color_scheme=system)
            page.reload()
            bar, ground = page.evaluate(COLOURS)
            assert (chosen, system, bar) == (chosen, system, ground)


def json_icons(session: CDPSession) -> list[dict[str, str]]:
    icons: list[dict[str, str]] = json.loads(session.send("Page.getAppManifest")["data"])["icons"]
    return icons


def test_without_a_server_it_says_so_and_the_switch_removes_everything(
    open_page: Callable[..., Page], ada: User, settings: Settings, server: str, faults: list[str]
) -> None:
    with served() as address:
        page = open_page(ada, service_workers="allow", address=address)
        page.goto("/inbox/")
        page.wait_for_function("() => navigator.serviceWorker.controller?.state === 'activated'")
        until(lambda: page.evaluate(LEFT) == [1, 1])
    page.goto("/inbox/")
    expect(page.get_by_role("heading", name="No connection")).to_be_visible()
    faults.clear()  # the requests that failed
    page.goto(f"{server}/inbox/")
    page.wait_for_function("() => navigator.serviceWorker.controller?.state === 'activated'")
    settings.SERVICE_WORKER = False
    page.reload()
    until(lambda: page.evaluate(LEFT) == [0, 0], "The browser still has a service worker, or what it kept.")


def test_an_upgrade_replaces_the_service_worker_and_what_it_kept(
    open_page: Callable[..., Page], ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page(ada, service_workers="allow")
    page.goto("/inbox/")
    page.wait_for_function("() => navigator.serviceWorker.controller?.state === 'activated'")
    until(lambda: page.evaluate(LEFT) == [1, 1])
    before = page.evaluate("caches.keys()")
    monkeypatch.setattr("messaging.views.site.app.program_hash", lambda: "another program")
    page.evaluate(UPDATE)
    until(lambda: page.evaluate(LEFT) == [1, 1] and page.evaluate("caches.keys()") != before)
