"""Answers that arrive late: each kind of answer, held back until each kind of event has happened.

`holding.py` holds an answer, `answers.py` says what a person does to get each, `events.py` what happens
meanwhile. `law.py` says what must be true at every moment, `stored.py` what must be true at the end.
"""
