"""The language in which somebody reads Parley."""

from typing import TYPE_CHECKING, NamedTuple

from django.conf import settings
from django.utils import translation

if TYPE_CHECKING:
    from messaging.models.people.user import User


class Language(NamedTuple):
    """A language of the pages: its code, its own name, and the direction of its writing."""

    code: str
    name: str
    direction: str


def languages() -> list[Language]:
    """All languages of the pages."""
    return [
        Language(code, name, "rtl" if translation.get_language_info(code)["bidi"] else "ltr")
        for code, name in settings.LANGUAGES
    ]


def is_supported(code: str) -> bool:
    """Whether Parley's pages are in this language. False for an empty code: somebody has chosen none."""
    return code in dict(settings.LANGUAGES)


def language_of(person: "User") -> str:
    """The language for what reaches a person outside of their browser: the one that they chose, else that of
    the site (PARLEY_LANGUAGE)."""
    return person.language if is_supported(person.language) else settings.LANGUAGE_CODE


def in_language_of(person: "User") -> translation.override:
    """A context in which texts are in the language of this person."""
    return translation.override(language_of(person))
