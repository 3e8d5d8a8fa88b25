"""Writing the whole site into a folder, in pieces, each of which is there as a whole or not at all.

What was written before an interruption is not written again, and the numbers that say up to which message
each conversation is exported are kept. So an export that was interrupted ends with the same bytes.
"""

from collections.abc import Callable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.utils import timezone

from messaging.archive.site import folder as folders
from messaging.archive.site.errors import ArchiveError
from messaging.archive.site.folder import CONTENTS, FORMAT, UNFINISHED, VERSION
from messaging.archive.site.message_lines import message_lines
from messaging.archive.site.nouns import FIRST, LAST, MESSAGES, Noun
from messaging.archive.site.scope import Lines, Scope
from messaging.archive.site.stored_bytes import BytesOut, delete_strays
from messaging.backup.manifest import version
from messaging.models import (
    AccountDeletion,
    AuditEntry,
    Conversation,
    CustomEmoji,
    Installation,
    Message,
    User,
    UserGroup,
)

MESSAGES_IN_FILE: Final = 10_000
REFERRED_TO: Final = (User, UserGroup, CustomEmoji)
Show = Callable[[str, float, str], object]  # a step, which share of it is done, and how much


class SiteExport:
    """An export into a folder, new or interrupted.

    Attributes:
        messages: how many were written, before an interruption too.
        lost: the names of stored files without bytes.
        continued: whether it was begun before.

    Args:
        with_private: also what the site does not share: direct conversations and groups, drafts, scheduled
            and saved messages, reminders.
        show: is called to show how far it is.
    """

    def __init__(self, folder: Path, with_private: bool, show: Show) -> None:
        self.folder, self.with_private, self._show = folder, with_private, show
        self.messages = 0
        self.lost: list[str] = []
        self.continued = False
        self._last = 0  # the id of the message that was written last

    def run(self) -> dict[str, Any]:
        """Write the export.

        Returns:
            What `export.json` says.

        Raises:
            ArchiveError: the folder or the site does not allow it.
        """
        with folders.locked(self.folder):
            begun = self._begin()
            scope = Scope({int(pk): cut for pk, cut in begun["cuts"].items()}, _kinds(self.with_private))
            stored = BytesOut(self.folder)
            lines = Lines(scope, stored.take)
            for noun in FIRST:
                self._write(noun, lines.of(noun), scope)
            self._write_messages(scope, lines)
            for noun in LAST:
                if self.with_private or not noun.is_private:
                    self._write(noun, lines.of(noun), scope)
            self.lost = stored.lost
            return self._finish(begun)

    def _begin(self) -> dict[str, Any]:
        """Begin, or go on with what was interrupted."""
        if AccountDeletion.objects.filter(done_at=None).exists():
            raise ArchiveError(
                "An account is being deleted. Let Parley run until that has ended, then export the site."
            )
        path, epoch = self.folder / UNFINISHED, str(Installation.objects.current().epoch)
        if (self.folder / CONTENTS).exists():
            raise ArchiveError(f"{self.folder} has a whole export already. Choose another folder.")
        if path.exists():
            return self._go_on(folders.read_json(path), epoch)
        if any(self.folder.iterdir()):
            raise ArchiveError(f"{self.folder} is not empty, and has no export. Choose another folder.")
        rows = Conversation.objects.filter(kind__in=_kinds(self.with_private)).order_by("pk")
        begun = {
            "format": FORMAT,
            "version": VERSION,
            "parley": version(),
            "exported_at": timezone.now().isoformat(),
            "url": settings.PARLEY_URL,
            "private": self.with_private,
            "epoch": epoch,
            "cuts": dict(rows.values_list("pk", "version")),
        }
        AuditEntry.objects.record(None, AuditEntry.Act.EXPORTED_SITE, private=self.with_private)
        folders.write_json(path, begun)
        return folders.read_json(path)

    def _go_on(self, begun: dict[str, Any], epoch: str) -> dict[str, Any]:
        if (begun["epoch"], begun["parley"]) != (epoch, version()):
            raise ArchiveError(
                f"The export in {self.folder} was begun for another site or by another version of Parley. "
                "Choose another folder."
            )
        if begun["private"] != self.with_private:
            says, do = ("with", "Add {}") if begun["private"] else ("without", "Leave {} out")
            raise ArchiveError(
                f"The export in {self.folder} was begun {says} --with-private. "
                f"{do.format('--with-private')}, or choose another folder."
            )
        self.continued = True
        folders.delete_parts(self.folder)
        return begun

    def _write(self, noun: Noun, lines: Iterator[dict[str, Any]], scope: Scope) -> None:
        path = self.folder / f"{noun.name}.jsonl"
        if not path.exists():
            self._show("Exporting", 0.0, noun.name.replace("_", " "))
            folders.write_lines(path, lines)
        if noun.model in REFERRED_TO:
            scope.written[noun.model] = {line["id"] for line in folders.read_lines(path)}

    def _write_messages(self, scope: Scope, lines: Lines) -> None:
        total = Message.rows.filter(conversation__kind__in=scope.kinds).count()
        last = piece = 0
        while True:
            path = self.folder / f"{MESSAGES.name}-{piece + 1:05}.jsonl"
            if path.exists():
                ids = [line["id"] for line in folders.read_lines(path)]
                last, self.messages = ids[-1], self.messages + len(ids)
            else:
                found = islice(message_lines(scope, lines, last), MESSAGES_IN_FILE)
                first = next(found, None)
                if first is None:
                    return
                written = folders.write_lines(path, self._counted(chain([first], found), total))
                last = self._last
                self.messages += written
            piece += 1

    def _counted(self, lines: Iterator[dict[str, Any]], total: int) -> Iterator[dict[str, Any]]:
        for number, line in enumerate(lines, start=self.messages + 1):
            yield line
            self._last = line["id"]
            self._show("Exporting", min(1.0, number / (total or 1)), f"{number:,} messages")

    def _finish(self, begun: dict[str, Any]) -> dict[str, Any]:
        """Write what the export has, by which it is whole."""
        names = sorted(path.name for path in self.folder.glob("*.jsonl"))
        described = {}
        for number, name in enumerate(names):
            self._show("Checking", number / len(names), name)
            described[name] = folders.described(self.folder / name)
        if self.continued:
            delete_strays(self.folder)
        stored = [path for path in (self.folder / folders.FILES).glob("*/*") if path.is_file()]
        contents = {key: value for key, value in begun.items() if key not in ("cuts", "epoch")}
        contents |= {
            "lines": described,
            "files": {"number": len(stored), "bytes": sum(path.stat().st_size for path in stored)},
        }
        folders.write_json(self.folder / CONTENTS, contents)
        (self.folder / UNFINISHED).unlink()
        self._show("Checking", 1.0, "the export is whole")
        return contents


def _kinds(with_private: bool) -> list[str]:
    kinds = Conversation.Kind
    return [kinds.ROOM, kinds.GROUP, kinds.DIRECT] if with_private else [kinds.ROOM]
