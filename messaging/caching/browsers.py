"""How long, in seconds, browsers may cache responses whose URL changes with each version."""

A_DAY = 86_400
A_YEAR = 31_536_000
