"""The app of a server with a planted bug."""

import os

from django.apps import AppConfig


class PlantedConfig(AppConfig):
    name = "tests.faults.planted"

    def ready(self) -> None:
        """Plant the bug. Raises AssertionError if the product has changed there."""
        from tests.faults.planted.bugs import BUGS
        from tests.faults.planted.conditions import CONDITIONS

        planted = (BUGS | CONDITIONS)[os.environ["PARLEY_PLANTED"]]
        if planted.at_start:
            planted.at_start()
        for change in planted.changes:
            if not change.is_in_tests:
                change.plant(setattr)
