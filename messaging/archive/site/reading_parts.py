"""What hangs on imported messages: collected while their lines are read, and stored after them."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.db import models

from messaging.archive.site.errors import ArchiveError
from messaging.archive.site.nouns import FILES, HISTORY, POLL, PREVIEWS, REACTIONS, TICKS, Noun
from messaging.archive.site.rows import Line, Rows, Values
from messaging.models import (
    Attachment,
    EmojiName,
    LinkPreview,
    Mention,
    MessageHistory,
    Notification,
    Poll,
    PollChoice,
    PollVote,
    Reaction,
    Tick,
    User,
)
from messaging.models.db.primary_keys import reserve_ids
from messaging.models.messages.file_types import TEXT
from messaging.models.messages.link_preview import key_of
from messaging.models.messages.polls import CHOICE_LENGTH, MOST_CHOICES
from messaging.text.emoji_choice import Choice, choice_of, name_in
from messaging.text.file_text import start_html, text_of
from messaging.text.preview_links import host_of

_CONTENT_TYPE: Final = re.compile(r"[a-z0-9.+-]+/[a-z0-9.+-]+\Z")
_HTTP: Final = re.compile(r"https?://", re.IGNORECASE)
_MODELS: Final[tuple[type[models.Model], ...]] = (
    MessageHistory,
    Attachment,
    Reaction,
    Tick,
    LinkPreview,
    Mention,
    Notification,
    Poll,
)


@dataclass
class Hung:
    """What the row of a message says of its parts. `states`: which of its tasks are done, by their place."""

    states: Mapping[int, bool] = field(default_factory=dict)
    is_read: bool = True
    files: int = 0
    has_poll: bool = False
    has_previews: bool = False


class PartsIn:
    """Makes the rows of parts. `ended_polls` is how many anonymous polls were open, and are ended."""

    def __init__(self, rows: Rows, exported_at: datetime) -> None:
        self._rows, self._exported_at = rows, exported_at
        self._waiting: dict[type[models.Model], list[models.Model]] = {model: [] for model in _MODELS}
        self._emoji = set(EmojiName.objects.values_list("name", flat=True))
        self._choices: list[tuple[PollChoice, list[int]]] = []  # with who voted for it
        self.ended_polls = 0

    def write(self) -> None:
        """Store what was collected. The messages must be there."""
        for model, rows in self._waiting.items():
            model._base_manager.bulk_create(rows)
            rows.clear()
        if self._choices:
            self._write_choices()

    def _write_choices(self) -> None:
        for pk, (choice, _) in zip(reserve_ids(PollChoice, len(self._choices)), self._choices, strict=True):
            choice.pk = pk
        PollChoice.objects.bulk_create(choice for choice, _ in self._choices)
        PollVote.objects.bulk_create(
            PollVote(message_id=choice.message_id, choice_id=choice.pk, user_id=user)
            for choice, users in self._choices
            for user in users
        )
        self._choices.clear()

    def of(self, line: Line, message: Values, root: int | None, mentioned: Collection[int]) -> Hung:
        """Make the rows of the parts of one message.

        Args:
            line: that of the message; `message` has its columns.
            root: of the thread that it is in, if it is a reply.
            mentioned: the ids of those whom its text mentions.

        Raises:
            ArchiveError: one of them is refused.
        """
        pk = message["id"]
        for values in self._values(HISTORY, line):
            self._add(MessageHistory(message_id=pk, **values))
        files = self._values(FILES, line)
        for order, values in enumerate(files):
            self._add(Attachment(message_id=pk, order=order, **values, **_file_text(values, self._rows)))
        for values in self._values(REACTIONS, line):
            self._check_emoji(values["emoji"], values["chosen"])
            author = message["sender_id"] if message["sender_id"] != values["user_id"] else None
            self._add(Reaction(message_id=pk, author=author, **values))
        ticks = self._values(TICKS, line)
        for values in ticks:
            self._add(Tick(message_id=pk, **values))
        previews = self._values(PREVIEWS, line)
        for values in previews:
            if not (_HTTP.match(values["url"]) and host_of(values["url"])):
                raise ArchiveError(f"“previews”: “{values['url'][:80]}” is no address of a page")
            is_shown = values["state"] == LinkPreview.State.READY
            shown = values if is_shown else values | {"url": ""}
            self._add(LinkPreview(message_id=pk, key=key_of(values["url"]), **shown))
        for user in sorted(mentioned):
            self._add(Mention(message_id=pk, user_id=user))
        unread = self._add_notified(line, message, root)
        return Hung(
            states={values["item"]: values["is_done"] for values in ticks},
            is_read=not unread,
            files=len(files),
            has_poll=self._add_poll(line, pk),
            has_previews=any(values["state"] == LinkPreview.State.READY for values in previews),
        )

    def _add(self, row: models.Model) -> None:
        self._waiting[type(row)].append(row)

    def _check_emoji(self, emoji: str, chosen: str) -> None:
        """Raises ArchiveError: no page can show it, or it was chosen in another form than a skin tone."""
        is_custom = name_in(emoji) in self._emoji
        if not (chosen == emoji if is_custom else choice_of(chosen) == Choice(chosen, emoji)):
            raise ArchiveError(f"“reactions”: “{emoji}”, chosen as “{chosen}”, is no emoji of this site")

    def _values(self, noun: Noun, line: Line) -> list[Values]:
        parts = line.get(noun.name, [])
        if not isinstance(parts, list):
            raise ArchiveError(f"“{noun.name}” is not a list")
        try:
            return [self._rows.values(noun, part) for part in parts]
        except ArchiveError as error:
            raise ArchiveError(f"“{noun.name}”: {error}") from None

    def _add_notified(self, line: Line, message: Values, root: int | None) -> set[int]:
        notified = line.get("notified", {})
        if not isinstance(notified, dict) or not notified.keys() <= set(Notification.Reason.values):
            raise ArchiveError("“notified” does not have the form that docs/export.md describes")
        unread = set(self._rows.ids(User, line.get("unread", []), "unread"))
        for reason, ids in notified.items():
            for user in self._rows.ids(User, ids, "notified"):
                self._add(
                    Notification(
                        user_id=user,
                        message_id=message["id"],
                        conversation_id=message["conversation_id"],
                        thread_root_id=root,
                        reason=reason,
                        read_at=None if user in unread else message["timestamp"],
                        created_at=message["timestamp"],
                    )
                )
        return unread

    def _add_poll(self, line: Line, pk: int) -> bool:
        if POLL.name not in line:
            return False
        poll = line[POLL.name]
        values = self._rows.values(POLL, poll, frozenset({"choices", "voters"}))
        choices, voters = poll.get("choices"), poll.get("voters", 0)
        if not isinstance(choices, list) or not 0 < len(choices) <= MOST_CHOICES or not _is_number(voters):
            raise ArchiveError("“poll” does not have the form that docs/export.md describes")
        if values["is_anonymous"] and voters and values["closed_at"] is None:
            # Nobody knows who has voted, so nobody could be kept from voting twice.
            values["closed_at"] = self._exported_at
            self.ended_polls += 1
        self._add(Poll(message_id=pk, imported_voters=voters, **values))
        for choice in choices:
            self._add_choice(PollChoice(message_id=pk), choice, values["is_anonymous"])
        return True

    def _add_choice(self, row: PollChoice, choice: object, is_anonymous: bool) -> None:
        text = choice.get("text") if isinstance(choice, dict) else None
        votes = choice.get("votes") if isinstance(choice, dict) else None
        if not isinstance(text, str) or not 0 < len(text) <= CHOICE_LENGTH:
            raise ArchiveError("a choice of “poll” has no text, or a longer one than choices have")
        row.text = text
        if is_anonymous:
            if not _is_number(votes):
                raise ArchiveError("the “votes” of an anonymous poll must be numbers")
            row.imported_votes = votes  # type: ignore[assignment]
            votes = []
        self._choices.append((row, self._rows.ids(User, votes, "votes")))


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31


def _file_text(values: Values, rows: Rows) -> Values:
    """The columns of a file that follow from its bytes. Raises ArchiveError: it is not what its line says."""
    if not _CONTENT_TYPE.match(values["content_type"]):
        raise ArchiveError(f"“{values['content_type'][:40]}” is no content type")
    if not values["stored_as"]:
        if values["state"] != Attachment.State.LOST:
            raise ArchiveError("a file has no “bytes”")
        return {}
    size, data = rows.stored_start(values["stored_as"])
    if size != values["size"]:
        raise ArchiveError(f"a file has {size:,} bytes, and its line says {values['size']:,}")
    text = (text_of(data) or "") if values["content_type"] == TEXT and len(data) == size else ""
    html = start_html(text, values["name"]) if text else ""
    return {"text_html": html, "text_lines": text.count("\n") if html else 0}
