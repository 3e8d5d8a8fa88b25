"""Choosing a language, each by its own name."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from messaging.models.people.languages import languages


def language_choices() -> list[tuple[str, Any]]:
    return [("", _("Same as my browser")), *((one.code, one.name) for one in languages())]


class LanguageSelect(forms.Select):
    """A select in which each name is in its own language and direction."""

    def create_option(self, *args: Any, **options: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(*args, **options)
        for one in languages():
            if one.code == option["value"]:
                option["attrs"] |= {"lang": one.code, "dir": one.direction}
        return option


class LanguageField(forms.ChoiceField):
    """Its value is the code of a language of the pages; empty for that of the browser."""

    widget = LanguageSelect

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=language_choices, required=False, **options)
