"""How much of what is generated an ordinary run takes, and which database it is on."""

import os

ON_POSTGRESQL = os.environ.get("PARLEY_TEST_DATABASE") == "postgresql"
# How many times as much: after a change of the locks, of what people's text goes through, or of the forms.
MORE = int(os.environ.get("PARLEY_TEST_MORE", "1"))
