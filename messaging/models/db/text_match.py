import re

from django.db.models import Q


def contains(words: str, *fields: str) -> Q:
    """A filter: one of the fields contains these words, in lower or upper case."""
    # On SQLite, LIKE ignores case only for ASCII; regular expressions are Python's and do so for all letters.
    lookup, value = ("icontains", words) if words.isascii() else ("iregex", re.escape(words))
    found = Q()
    for field in fields:
        found |= Q((f"{field}__{lookup}", value))
    return found
