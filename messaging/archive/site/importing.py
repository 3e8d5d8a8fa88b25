"""Reading an export into an empty installation: everything in one transaction, so all of it or nothing."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from allauth.socialaccount.models import SocialAccount
from django.db import DatabaseError, connection, models, transaction

from messaging.archive.site.after_import import finish_import
from messaging.archive.site.checking import check_empty, checked_contents, names_of
from messaging.archive.site.derived_columns import (
    conversation_values,
    keyword_values,
    person_values,
    site_values,
)
from messaging.archive.site.errors import ArchiveError
from messaging.archive.site.nouns import (
    CONVERSATIONS,
    FIRST,
    IDENTITIES,
    KEYWORDS,
    LAST,
    MESSAGES,
    PEOPLE,
    POLL,
    SITE,
    Noun,
)
from messaging.archive.site.reading_messages import MessagesIn
from messaging.archive.site.rows import Line, Rows, Values, at, lines_of, named
from messaging.archive.site.stored_bytes import BytesIn
from messaging.archive.site.values import from_json
from messaging.archive.tally import Place
from messaging.models import Installation, Message

BATCH: Final = 500  # lines; fewer if they are long
BATCH_ROWS: Final = 20_000
Show = Callable[[str, float, str], object]
Placed = tuple[Place, Line]
_DERIVED: Final[dict[str, Callable[[Values, Rows], Values]]] = {
    SITE.name: site_values,
    PEOPLE.name: person_values,
    CONVERSATIONS.name: conversation_values,
    KEYWORDS.name: keyword_values,
}


class SiteImport:
    """The import of a folder.

    Attributes:
        counts: how many lines of each noun were imported.
        ended_polls: anonymous polls that were open, and are ended.

    Args:
        show: is called to show how far it is.
    """

    def __init__(self, folder: Path, show: Show) -> None:
        self.folder, self._show = folder, show
        self.counts: dict[str, int] = {}
        self.ended_polls = 0
        self._stored = BytesIn(folder)
        self._rows = Rows(self._stored)
        self._done = self._total = 0

    def run(self) -> None:
        """Import everything.

        Raises:
            ArchiveError: this installation is not empty, or the folder has a fault. Nothing was imported.
        """
        check_empty()
        contents = checked_contents(self.folder, self._show)
        self._total = sum(described["lines"] for described in contents["lines"].values())
        try:
            with transaction.atomic():
                # Again, under the lock for which the creation of the first account waits.
                Installation.objects.row().select_for_update().get()
                check_empty()
                if connection.vendor == "postgresql":  # else it remembers every row until the commit
                    with connection.cursor() as cursor:
                        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                self._import(contents)
        except BaseException:
            self._stored.delete_again()
            raise

    def _import(self, contents: dict[str, Any]) -> None:
        for noun in FIRST:
            for batch in self._batches(contents, noun):
                self._store(noun, batch)
        cuts = dict(CONVERSATIONS.model._base_manager.values_list("pk", "version"))
        exported_at = _exported_at(contents, self.folder)
        messages = MessagesIn(self._rows, cuts, exported_at)
        for batch in self._batches(contents, MESSAGES):
            with _refusals(batch):
                messages.store(batch)
        self.ended_polls = messages.ended_polls
        for noun in LAST:
            for batch in self._batches(contents, noun):
                self._store(noun, batch)
        finish_import()

    def _batches(self, contents: dict[str, Any], noun: Noun) -> Iterator[list[Placed]]:
        """The lines of a noun in batches, counted."""
        for name in names_of(contents, noun.name):
            batch: list[Placed] = []
            rows = 0
            for placed in lines_of(self.folder / name):
                batch.append(placed)
                rows += _notifications(placed[1])
                if len(batch) == BATCH or rows > BATCH_ROWS:
                    yield self._counted(noun, batch)
                    batch, rows = [], 0
            if batch:
                yield self._counted(noun, batch)

    def _counted(self, noun: Noun, batch: list[Placed]) -> list[Placed]:
        self.counts[noun.name] = self.counts.get(noun.name, 0) + len(batch)
        self._done += len(batch)
        what = f"{self.counts[noun.name]:,} {noun.name.replace('_', ' ')}"
        self._show("Importing", self._done / self._total, what)
        return batch

    def _store(self, noun: Noun, batch: Sequence[Placed]) -> None:
        rows = []
        for place, line in batch:
            values = at(place, lambda line=line: self._values(noun, line))  # type: ignore[misc]
            rows.append(values)
            self._rows.note(noun.model, values)
        with _refusals(batch):
            if noun is SITE:
                Installation.objects.row().update(**rows[-1])
                return
            _refuse_missing_messages(noun, rows)
            noun.model._base_manager.bulk_create([noun.model(**values) for values in rows])
            if noun is IDENTITIES:  # for which the library writes the present time
                for values in rows:
                    row = SocialAccount.objects.filter(provider=values["provider"], uid=values["uid"])
                    row.update(date_joined=values["date_joined"])

    def _values(self, noun: Noun, line: Line) -> Values:
        values = self._rows.values(noun, line)
        return _DERIVED[noun.name](values, self._rows) if noun.name in _DERIVED else values


def _exported_at(contents: dict[str, Any], folder: Path) -> datetime:
    try:
        at = from_json(POLL.column("closed_at"), contents.get("exported_at"))
    except ArchiveError:
        at = None
    if not isinstance(at, datetime):
        raise ArchiveError(f"{folder}/export.json does not say when it was made.")
    return at


def _notifications(line: Line) -> int:
    """How many people a message is for: in a large room that is most of what is stored of it."""
    notified = line.get("notified")
    ids = notified.values() if isinstance(notified, dict) else ()
    return sum(len(one) for one in ids if isinstance(one, list))


@contextmanager
def _refusals(batch: Sequence[Placed]) -> Iterator[None]:
    """Turn what the database refuses into a sentence that names the lines."""
    try:
        yield
    except DatabaseError as error:
        reason = str(error).partition("\n")[0]
        first, last = batch[0][0], batch[-1][0]
        raise ArchiveError(
            f"{named(first)} to {last.line}: the database refuses these lines ({reason})."
        ) from error


def _refuse_missing_messages(noun: Noun, rows: Sequence[Values]) -> None:
    """Raises ArchiveError: rows refer to messages that are not there."""
    for key in noun.keys:
        column = noun.column(key)
        if isinstance(column, models.ForeignKey) and column.related_model is Message:
            wanted = {values[column.attname] for values in rows}
            there = Message.rows.filter(pk__in=wanted).values_list("pk", flat=True)
            if missing := wanted.difference(there):
                raise ArchiveError(
                    f"{noun.name}.jsonl names message {min(missing)}, which is not in the export."
                )
