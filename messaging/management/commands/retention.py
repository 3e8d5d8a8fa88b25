"""`manage.py retention`: what the rules of retention delete, in numbers; or delete it now."""

from typing import Any

from django.core.management.base import CommandParser
from django.template.defaultfilters import filesizeformat

from messaging.management.whole_installation import WholeInstallationCommand
from messaging.models import Conversation
from messaging.models.retention.expired import of_site, own_rules, scopes
from messaging.models.retention.forecast import Forecast, forecast, total
from messaging.models.retention.run import delete_now
from messaging.models.site.retention import LONGEST_DAYS, Rule


class Command(WholeInstallationCommand):
    help = (
        "Delete now what is older than the rules allow; otherwise this happens once a day. With --dry-run "
        "nothing is deleted, and the numbers are shown for each conversation."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only show the numbers")
        parser.add_argument(
            "--days", type=int, metavar="N", help="with --dry-run: as if the site kept messages for N days"
        )

    def handle(self, *args: Any, dry_run: bool, days: int | None, **options: Any) -> None:
        if days is not None and not (dry_run and 0 < days <= LONGEST_DAYS):
            self.stderr.write(f"--days works only with --dry-run, and takes 1 to {LONGEST_DAYS:,}.")
            raise SystemExit(2)
        if not dry_run:
            self._delete()
            return
        site = of_site().rule or Rule()
        rule = site if days is None else Rule(days, site.keeps_pinned, site.keeps_saved, site.rooms)
        found = forecast(scopes(rule, own_rules()))
        self._show(found)
        self.stdout.write(f"{_line(total(found.values()))}.")

    def _delete(self) -> None:
        deleted = delete_now()
        if not deleted:
            self.stdout.write("Nothing is old enough.")
            return
        messages, files, size = (deleted.get(what, 0) for what in ("messages", "files", "bytes"))
        self.stdout.write(f"Deleted: {_line(Forecast(messages, files, size))}.")

    def _show(self, found: dict[int, Forecast]) -> None:
        names = {one.pk: str(one) for one in Conversation.objects.filter(pk__in=list(found))}
        for pk, amount in sorted(found.items(), key=lambda one: -one[1].messages):
            self.stdout.write(f"{names.get(pk, pk)}: {_line(amount)}, since {amount.oldest:%Y-%m-%d}")


def _line(amount: Forecast) -> str:
    return f"{amount.messages:,} messages, {amount.files:,} files ({filesizeformat(amount.bytes)})"
