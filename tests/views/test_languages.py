"""What is the same in every language: values for scripts and styles, and error pages without a request."""

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse


@pytest.mark.django_db
def test_a_value_that_the_stylesheet_selects_is_not_translated(
    as_ada: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.templatetags.i18n.render_value_in_context", lambda value, context: "Liste")
    page = as_ada.get(reverse("conversation_list")).content.decode()
    assert "Liste" in page
    assert 'data-view="list"' in page


def test_error_pages_render_without_a_request() -> None:
    for name in ("500.html", "503.html", "507.html", "429.html"):
        assert '<html lang="en"' in render_to_string(name)
