"""Measures Parley as it is served. `python -m bench.pages`"""
