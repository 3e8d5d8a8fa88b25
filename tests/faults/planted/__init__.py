"""Bugs that are planted, to see that the laws of delivery find them.

`bugs.py` says which, as changes of the product's source. A server with the variable PARLEY_PLANTED plants one
when it starts (`tests/faults/settings.py`); nothing in the product knows of it. A change whose target is gone
ends the server. `python -m tests.faults.planted` plays a run with each bug.
"""
