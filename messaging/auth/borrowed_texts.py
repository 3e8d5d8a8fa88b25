"""Texts of Django that lack a translation in one of our languages.

`make messages` finds them here, so they are in our own catalogs, which come before Django's.
"""

from typing import Final

from django.utils.translation import ngettext_lazy

TOO_SHORT: Final = ngettext_lazy(
    "This password is too short. It must contain at least %d character.",
    "This password is too short. It must contain at least %d characters.",
    "length",
)
