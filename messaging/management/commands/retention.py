"""`manage.py retention`: what the rules of retention delete, in numbers; or delete it now."""

from typing import Any

from django.core.management.base import CommandParser
from django.template.defaultfilters import filesizeformat

from messaging.management.whole_installation import WholeInstallationCommand
from messaging.models import Conversation
from messaging.models.retention.expired import of_site, own_rules, scopes
from messaging.models.retention.forecast import Forecast, forecast, total
from messaging.models.retention.run import run_for
from messaging.models.site.retention import LONGEST_DAYS, Rule

LONG = 3600.0  # seconds


class Command(WholeInstallationCommand):
    help = (
        "Delete now what the rules do not keep, instead of once a day. With --dry-run nothing is deleted: "
        "what would be is shown by conversation."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only show the numbers")
        parser.add_argument(
            "--days", type=int, metavar="N", help="with --dry-run: as if the site kept messages for N days"
        )

    def handle(self, *args: Any, dry_run: bool, days: int | None, **options: Any) -> None:
        if days is not None and not (dry_run and 0 < days <= LONGEST_DAYS):
            self.stderr.write(f"--days is for --dry-run, and from 1 to {LONGEST_DAYS:,}.")
            raise SystemExit(2)
        site = of_site().rule or Rule()
        rule = site if days is None else Rule(days, site.keeps_pinned, site.keeps_saved, site.rooms)
        found = forecast(scopes(rule, own_rules()))
        if not dry_run:
            while run_for(LONG):
                pass
        elif found:
            self._show(found)
        done = "" if dry_run else " Deleted."
        self.stdout.write(f"{_line(total(found.values()))}.{done}")

    def _show(self, found: dict[int, Forecast]) -> None:
        names = {one.pk: str(one) for one in Conversation.objects.filter(pk__in=list(found))}
        for pk, amount in sorted(found.items(), key=lambda one: -one[1].messages):
            self.stdout.write(f"{names.get(pk, pk)}: {_line(amount)}, since {amount.oldest:%Y-%m-%d}")


def _line(amount: Forecast) -> str:
    return f"{amount.messages:,} messages, {amount.files:,} files ({filesizeformat(amount.bytes)})"
