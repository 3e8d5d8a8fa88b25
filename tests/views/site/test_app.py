"""The manifest, the service worker and the page without a connection: the same for everybody."""

import json
import math
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client
from PIL import Image
from pytest_django import Settings

from messaging.models import Installation, User
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_the_manifest_names_the_team_and_icons_that_exist(client: Client) -> None:
    UserFactory.create()
    Installation.objects.row().update(name="Harbour ⚓")
    manifest = json.loads(client.get("/app.webmanifest").content)
    assert (manifest["name"], manifest["display"], manifest["scope"]) == ("Harbour ⚓", "standalone", "/")
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}
    for icon in manifest["icons"]:
        path = finders.find(icon["src"].removeprefix(settings.STATIC_URL))
        assert isinstance(path, str)
        with Image.open(path) as picture:
            assert "x".join(map(str, picture.size)) == icon["sizes"]
    for shortcut in manifest["shortcuts"]:
        assert client.get(shortcut["url"]).status_code == 302  # to the sign-in page, and not a 404


@pytest.mark.parametrize("side", [192, 512])
def test_the_maskable_icon_is_whole_when_its_edges_are_cut_off(side: int) -> None:
    """Within a circle of 80 % of its width, as the manifest's specification says; nothing is transparent."""
    path = finders.find(f"app/maskable-{side}.png")
    assert isinstance(path, str)
    with Image.open(path) as picture:
        pixels = picture.convert("RGBA")
    ground = pixels.getpixel((0, 0))
    assert isinstance(ground, tuple)
    assert ground[3] == 255
    middle = (side - 1) / 2
    inside = 0
    for x in range(0, side, 4):
        for y in range(0, side, 4):
            if pixels.getpixel((x, y)) != ground:
                assert math.dist((x, y), (middle, middle)) <= 0.4 * side
                inside += 1
    assert inside > 100


def test_the_service_worker_keeps_static_files_and_the_page_without_a_connection_only(client: Client) -> None:
    UserFactory.create()
    answer = client.get("/service-worker.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert "no-cache" in answer["Cache-Control"]
    facts = json.loads(answer.content.decode().partition("const site = ")[2].partition(";\n")[0])
    assert all(path.startswith("/static/") for path in facts["kept"])
    page = client.get(facts["offline"])
    used = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page.content.decode()))
    assert used <= set(facts["kept"])


def test_nothing_of_it_depends_on_who_asks(client: Client) -> None:
    person: User = UserFactory.create(username="private-name")
    before = [client.get(path).content for path in ("/app.webmanifest", "/service-worker.js", "/offline/")]
    client.force_login(person)
    after = [client.get(path) for path in ("/app.webmanifest", "/service-worker.js", "/offline/")]
    assert [answer.content for answer in after] == before
    assert not any(answer.cookies for answer in after)


def test_the_switch_removes_the_service_worker(client: Client, settings: Settings) -> None:
    person: User = UserFactory.create()
    client.force_login(person)
    settings.SERVICE_WORKER = False
    script = client.get("/service-worker.js").content.decode()
    assert "unregister()" in script
    assert "push" not in script.partition("\n")[2]


def test_the_built_scripts_are_there() -> None:
    for name in ("service-worker", "service-worker-off", "push"):
        assert Path(str(finders.find(f"js/{name}.min.js"))).stat().st_size
