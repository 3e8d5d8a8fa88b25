"""Fetching pages and pictures from the web, for link previews. It imports nothing else of Parley.

A member of the team chooses the address, and the owner of its server chooses the answer. So everything here
assumes that both want to reach what only this machine can reach, or to keep it busy:

- `addresses.py` says which IP addresses are public, and `links.py` which URLs are accepted.
- `network.py` resolves a name once, checks every address, and connects to exactly these.
- `fetching.py` follows redirects, each checked like the first URL, within a budget of time and bytes.
- `pages.py` reads the title of a page in a process of its own (`page_reader.py`).
"""
