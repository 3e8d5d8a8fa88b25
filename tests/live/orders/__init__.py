"""Every order in which the awaits of the live part can go on, with the real hub, feed and endpoint.

`scheduler.py` decides at each await which task goes on, `site.py` answers what the database would answer,
`scenes.py` says who does what at the same time, and which laws hold at the end. By hand, with as many seeded
orders as wanted: `python -m tests.live.orders 500`.
"""
