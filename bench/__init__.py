"""Programs that measure Parley on this machine: `python -m bench.pages`,
`python -m bench.streams`, `python -m bench.reading`.

Each makes an installation of its own in a temporary folder, serves it with one process on a loopback address,
measures for as long as it is told, and prints a few lines. Nothing is sent anywhere.
"""
