"""Compares the obvious way with Parley's, for each topic of `docs/patterns.md`.

    python -m bench.patterns              all topics
    python -m bench.patterns threads      some of them

Everything is measured in one process, without a server, on a new database in a temporary folder (SQLite,
unless DATABASE_URL is set). The ways of one topic are run alternately, and the median of each is printed.
Machines differ: read the ratios.
"""
