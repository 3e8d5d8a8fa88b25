"""How long, in seconds, browsers may cache what has another URL for each version."""

A_DAY = 86_400
A_YEAR = 31_536_000
