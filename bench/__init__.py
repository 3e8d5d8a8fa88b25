"""Benchmarks of Parley on this machine, such as `python -m bench.pages` or `python -m bench.live`.

Each creates an installation in a temporary folder, serves it on a loopback address, measures for the given
time, and prints a few lines. Nothing is sent anywhere.
"""
