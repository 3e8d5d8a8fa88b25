"""`manage.py doctor`: looks at everything that Parley needs, and says what to do."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from types import ModuleType
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError

from messaging.health.checks import (
    address,
    configuration,
    database,
    machine,
    mail,
    providers,
    pushing,
    services,
    work,
)
from messaging.health.finding import Finding, State, fault

CHECKS: Final[dict[str, ModuleType]] = {
    "Settings": configuration,
    "Database": database,
    "Files": services,
    "Machine": machine,
    "Address": address,
    "Mail": mail,
    "Push": pushing,
    "Sign-in": providers,
    "Work": work,
}
MARKS: Final = {State.WELL: "ok  ", State.WARNING: "WARN", State.FAULT: "FAIL"}


class Command(BaseCommand):
    help = (
        "Check settings, database, files, disk, clock, address, mail, push, identity providers, background "
        "work and backups, and say what to do. Ends with 1 if something does not work (with --strict also "
        "for warnings)."
    )
    requires_system_checks: list[str] = []  # they are among the findings

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="Print the findings as JSON.")
        parser.add_argument("--strict", action="store_true", help="End with 1 for warnings too.")

    def handle(self, *, strict: bool, **options: Any) -> None:
        found = [(topic, finding) for topic, module in CHECKS.items() for finding in _findings(module)]
        if options["json"]:
            self.stdout.write(json.dumps([_as_json(topic, finding) for topic, finding in found], indent=1))
        else:
            for topic, finding in found:
                self._show(topic, finding)
        bad = {State.FAULT, State.WARNING} if strict else {State.FAULT}
        self.stdout.flush()  # the findings come before the error, also in a file
        if number := sum(finding.state in bad for _, finding in found):
            raise CommandError("1 problem found." if number == 1 else f"{number} problems found.")

    def _show(self, topic: str, finding: Finding) -> None:
        style = {State.FAULT: self.style.ERROR, State.WARNING: self.style.WARNING}.get(
            finding.state, self.style.SUCCESS
        )
        self.stdout.write(f"{style(MARKS[finding.state])}  {topic:<9} {finding.says}")
        if finding.advice:
            self.stdout.write(f"                {finding.advice}")


def _findings(module: ModuleType) -> Iterator[Finding]:
    """What a check finds. One that fails says so, and the others go on."""
    try:
        yield from module.check()
    except Exception as error:
        yield fault(
            f"This could not be checked: {type(error).__name__} in {module.__name__.rpartition('.')[2]}.",
            "Fix the findings above first.",
        )


def _as_json(topic: str, finding: Finding) -> dict[str, str]:
    return {"topic": topic, "state": finding.state, "says": finding.says, "advice": finding.advice}
