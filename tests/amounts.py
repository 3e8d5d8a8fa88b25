"""The number of generated examples in a normal run, and the database of the tests."""

import os

ON_POSTGRESQL = os.environ.get("PARLEY_TEST_DATABASE") == "postgresql"
# Multiplies the number of generated examples. Use it after a change of locks, of text processing or of forms.
MORE = int(os.environ.get("PARLEY_TEST_MORE", "1"))
