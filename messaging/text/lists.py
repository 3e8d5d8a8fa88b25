"""Several names or words in a sentence."""

from collections.abc import Iterable

from django.utils.translation import pgettext


def listed(names: Iterable[str]) -> str:
    """The names with what stands between them in the language, as in "Ada, Ben, Cleo"."""
    return pgettext("between the names of a list", ", ").join(names)
