"""The page of the keyboard, and the setting for single keys."""

import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from messaging.models import User
from tests.views.page import FRAGMENT, Page

pytestmark = [pytest.mark.django_db, pytest.mark.backends]
PLACE = "/account/keyboard/"
PAGES = {
    "I": "inbox",
    "D": "draft_list",
    "V": "saved_list",
    "R": "room_list",
    "P": "person_list",
    "S": "account",
}


def dialog(client: Client) -> dict[str, str]:
    """The attributes of the dialog that every page has for the script."""
    [found] = [one for one in Page(client.get("/inbox/")).elements if one.attributes.get("id") == "keys"]
    return found.attributes


def bindings(client: Client) -> dict[str, str]:
    """What the script binds: which key is for which command."""
    pairs = [pair.rpartition(":") for pair in dialog(client)["data-keys"].split()]
    assert len({binding for binding, _, _ in pairs}) == len(pairs)  # no key has two commands
    return {binding: command for binding, _, command in pairs}


def keys_in_switcher(client: Client) -> dict[str, str]:
    """The keys beside the pages, by their addresses."""
    page = Page(client.get(reverse("switcher")))
    links = page.all("going")
    return {
        link.attributes["href"]: one.text
        for one in page.elements
        for link in one.inside
        if one.tag == "kbd" and link in links
    }


def test_single_keys_are_switched_off_and_on(as_ben: Client, ben: User) -> None:
    assert "data-single-keys" in dialog(as_ben)
    with_them = bindings(as_ben)
    assert as_ben.post(PLACE, {})["Location"] == PLACE
    assert not User.objects.get(pk=ben.pk).single_keys
    assert "data-single-keys" not in dialog(as_ben)
    assert "switched off" in as_ben.get(PLACE).content.decode()
    assert bindings(as_ben) == {
        one: to for one, to in with_them.items() if len(one.removeprefix("Shift+")) > 1
    }
    assert keys_in_switcher(as_ben) == {}
    as_ben.post(PLACE, {"single_keys": "on", "role": "owner"})
    assert "data-single-keys" in dialog(as_ben)
    assert User.objects.get(pk=ben.pk).role == User.Role.MEMBER


def test_the_letters_are_the_same_in_the_script_the_list_and_the_switcher(as_ben: Client) -> None:
    addresses = {letter: reverse(name) for letter, name in PAGES.items()}
    attributes = dialog(as_ben)
    assert {letter: attributes[f"data-g-{letter.lower()}"] for letter in PAGES} == addresses
    assert attributes["data-search"] == reverse("search")
    assert len([name for name in attributes if name.startswith("data-g-")]) == len(PAGES)
    shown = keys_in_switcher(as_ben)
    assert shown == {address: f"G {letter}" for letter, address in addresses.items()} | {
        PLACE: "?",
        reverse("search"): "/",
    }
    keys = [one.text for one in Page(as_ben.get(PLACE)).elements if one.tag == "kbd"]
    assert all(letter in keys for letter in PAGES)


def test_what_the_script_binds_is_what_the_list_shows(as_ben: Client) -> None:
    page = Page(as_ben.get(PLACE, headers=FRAGMENT))
    shown = [one.attributes["data-command"] for one in page.elements if "data-command" in one.attributes]
    assert set(bindings(as_ben).values()) <= set(shown)
    script = (settings.BASE_DIR / "static/js/commands.js").read_text()
    commands = script.partition("parley.commands = {\n")[2].partition("\n};")[0]
    names = [name.strip().strip('"') for name in re.findall(r"^  ([\w\"-]+): ", commands, re.MULTILINE)]
    assert sorted(names) == sorted(set(shown))
    runs = {name for name in names if re.search(rf'^  "?{name}"?: .*\brun:', commands, re.MULTILINE)}
    done_elsewhere = {"new-line", "done", "later", "undo"}  # by other scripts, or by the browser
    assert runs == set(bindings(as_ben).values()) - done_elsewhere


def test_the_dialog_gets_the_keys_without_the_page_around_them(as_ben: Client) -> None:
    part = Page(as_ben.get(PLACE, headers=FRAGMENT))
    assert not part.is_whole
    assert not [one for one in part.elements if one.tag == "form"]
    page = Page(as_ben.get(PLACE))
    keys = [[one.text for one in shown.elements if one.tag == "kbd"] for shown in (part, page)]
    assert set(keys[0]) <= set(keys[1])
    assert "?" in keys[0]
