"""Lists of names in a sentence, joined as the language joins them. Scripts use `Intl.ListFormat`."""

from collections.abc import Iterable
from functools import reduce

from django.utils.translation import gettext as _


def join_names(names: Iterable[str]) -> str:
    """ "Ada, Ben, Cleo"; empty without names."""
    return reduce(_two, names) if (names := list(names)) else ""


def join_with_and(names: Iterable[str]) -> str:
    """ "Ada, Ben and Cleo"; empty without names."""
    *names, last = list(names) or [""]
    return _("%(names)s and %(last)s") % {"names": join_names(names), "last": last} if names else last


def join_with_or(names: Iterable[str]) -> str:
    """ "Ada, Ben or Cleo"; empty without names."""
    *names, last = list(names) or [""]
    return _("%(names)s or %(last)s") % {"names": join_names(names), "last": last} if names else last


def _two(names: str, following: str) -> str:
    # Translators: a list of names grows by one name at its end: "Ada, Ben" becomes "Ada, Ben, Cleo".
    return _("%(names)s, %(following)s") % {"names": names, "following": following}
