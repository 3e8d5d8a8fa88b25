"""Metrics for Prometheus, on an address of their own (`PARLEY_METRICS`), off by default.

Each process has its own address, and counts what happens in it; what is in the database or on the machine
(tasks, mails, disk) is read when Prometheus asks, and every process reports the same. No label is a path, a
name or an id: requests are labelled by the name of their view.

`recording.py` counts what happens, by hooks that are connected only if metrics are on; `collecting.py` reads
the rest; `serving.py` starts the HTTP server.
"""
