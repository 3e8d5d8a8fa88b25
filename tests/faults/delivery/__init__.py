"""Whether every message arrives once and in order, whatever happens to the servers.

Members of a room, each with two tabs, talk to real servers by HTTP as the page's scripts do (`member.py`,
`tab.py`), while a nemesis (`nemeses.py`) does to the servers what it can. All that they ask, are answered and
see is written down (`history.py`). At the end the laws (`checker.py`) compare this history with the database
and with fresh pages.

A run is seeded: the same seed does the same things, but the machine decides when they meet. So the history of
a run that failed is kept, and can be checked again:

    python -m tests.faults.delivery --seed 7 --strikes 60      plays a run
    python -m tests.faults.delivery --check FILE               checks a history again

`tests/faults/planted/` plants bugs in the servers, and in the tabs, which the laws must find.
"""
