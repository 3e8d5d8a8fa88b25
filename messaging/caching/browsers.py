"""How long browsers may keep what has an address of its own for each version: in seconds."""

A_DAY = 86_400
A_YEAR = 31_536_000
