"""What counts as a text that somebody reads."""

import re

WORD = re.compile(r"[^\W\d_]{2,}")
# What is the same in every language: names, addresses, and what is typed into a shell.
NO_LANGUAGE = ("Parley", "UTC", "manage.py setup_link", "const site =")
STORAGE_KEYS = {
    "draft  ",
    "draft-in  ",
    "draft-base  ",
    "files  ",
    "forwarding ",
    "scheduling ",
    "sending  ",
    "sidebar ",
    "unsent ",
}


def says_something(text: str) -> bool:
    for known in NO_LANGUAGE:
        text = text.replace(known, "")
    return bool(WORD.search(re.sub(r"&\w+;", "", text)))
