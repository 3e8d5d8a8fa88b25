"""Choosing a time zone out of some four hundred."""

from functools import lru_cache
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from messaging.models.people.time_zones import zone_names


def zone_choices() -> list[tuple[str, Any]]:
    """By region, each named by its place: "Buenos Aires (Argentina)"."""
    regions = [(region, [(name, _place(name)) for name in names]) for region, names in zone_names().items()]
    return [("", _("Same as my browser")), *regions]


class ZoneSelect(forms.Select):
    """Django's select, cached for each selected zone: rendering it takes longer than the rest of the page."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> Any:
        return _rendered(name, str(value or ""), tuple((attrs or {}).items()), get_language())


class ZoneField(forms.ChoiceField):
    widget = ZoneSelect

    def __init__(self, **options: Any) -> None:
        super().__init__(
            choices=zone_choices,
            required=False,
            error_messages={"invalid_choice": _("There is no time zone with this name.")},
            **options,
        )


def _place(name: str) -> str:
    *around, place = name.replace("_", " ").split("/")[1:]
    return f"{place} ({around[0]})" if around else place


@lru_cache(maxsize=500)
def _rendered(name: str, value: str, attrs: tuple[tuple[str, Any], ...], language: str | None) -> Any:
    return forms.Select(choices=zone_choices()).render(name, value, dict(attrs))
