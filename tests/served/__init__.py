"""Parley as it runs: server processes of their own, asked over HTTP."""
