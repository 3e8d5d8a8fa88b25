"""The emoji that are offered behind a colon."""

import pytest
from django.test import Client
from django.urls import reverse

from messaging.text.emoji import EMOJI
from tests.views.page import Page


@pytest.mark.django_db
def test_all_emoji_are_told_by_their_names_to_everybody_once_a_day(client: Client) -> None:
    found = client.get(reverse("emoji_list"))
    options = {one.attributes["data-names"]: one.attributes["data-text"] for one in Page(found).all("going")}
    assert options == EMOJI
    assert options["tada"] == "🎉"
    assert "max-age=86400" in found["Cache-Control"]
    assert "Cookie" not in found.get("Vary", "")
