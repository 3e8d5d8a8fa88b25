"""The app of a server with a planted bug."""

import os

from django.apps import AppConfig


class PlantedConfig(AppConfig):
    name = "tests.faults.planted"

    def ready(self) -> None:
        """Plant the bug. Raises AssertionError if the product has changed there."""
        from tests.faults.planted.bugs import BUGS
        from tests.faults.planted.crashes import CRASHES

        for change in (BUGS | CRASHES)[os.environ["PARLEY_PLANTED"]].changes:
            if not change.is_in_tests:
                change.plant(setattr)
