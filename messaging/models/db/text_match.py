import re

from django.db.models import Q


def contains(words: str, *fields: str) -> Q:
    """That one of the fields contains these words, whatever the case."""
    # SQLite's LIKE knows no case beyond ASCII; its regular expressions are Python's and do.
    lookup, value = ("icontains", words) if words.isascii() else ("iregex", re.escape(words))
    found = Q()
    for field in fields:
        found |= Q((f"{field}__{lookup}", value))
    return found
