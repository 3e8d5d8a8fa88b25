"""What hangs on messages, read for many of them at once: one query for each kind of part."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.conf import settings
from django.db.models import Count

from messaging.archive.site.nouns import FILES, HISTORY, POLL, PREVIEWS, REACTIONS, TICKS, Noun
from messaging.archive.site.scope import READ_AT_ONCE, Lines
from messaging.models import Attachment, Later, LinkPreview, Notification, Poll, PollChoice, PollVote, User
from messaging.models.messages.link_preview import key_of
from messaging.models.messages.polls import counted_choices
from messaging.text.preview_links import preview_links

_LISTS: Final[tuple[tuple[Noun, str], ...]] = (
    (HISTORY, "number"),
    (FILES, "order"),
    (REACTIONS, "pk"),
    (TICKS, "item"),
)
Parts = dict[str, Any]


class MessageParts:
    """Reads the parts of messages."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._put_off = set(Later.objects.values_list("user", "put_off_at"))

    def of(self, messages: Mapping[int, str]) -> dict[int, Parts]:
        """The parts of messages, by id.

        Args:
            messages: the id of each -> its HTML.
        """
        found: dict[int, Parts] = defaultdict(dict)
        ids = list(messages)
        for noun, order in _LISTS:
            rows = noun.model._base_manager.filter(message__in=ids).order_by("message", order)
            for row in rows.values("message", *noun.keys.values()):
                self._add(found, noun, row)
        previews = LinkPreview.objects.filter(message__in=ids).order_by("pk")
        for preview in previews.values("message", "key", *PREVIEWS.keys.values()):
            self._add_preview(found, preview, messages[preview["message"]])
        self._add_polls(found, ids)
        self._add_notified(found, ids)
        return found

    def _add(self, found: dict[int, Parts], noun: Noun, row: dict[str, Any]) -> None:
        lost_before = noun is FILES and row["state"] == Attachment.State.LOST
        if (part := self._lines.line(noun, row)) is None:
            return
        if noun is FILES and "bytes" not in part and not lost_before:
            part["state"] = Attachment.State.LOST
            part.pop("small_picture", None)
        found[row["message"]].setdefault(noun.name, []).append(part)

    def _add_preview(self, found: dict[int, Parts], row: dict[str, Any], html: str) -> None:
        """Of a link whose page could not be shown, nothing is kept; of a removed preview, the link, which is
        looked up in the message: its row has only a hash."""
        if row["state"] == LinkPreview.State.FAILED:
            return
        if row["state"] == LinkPreview.State.REMOVED:
            links = {key_of(link): link for link in preview_links(html, settings.OWN_HOST)}
            if row["key"] not in links:
                return
            row["url"] = links[row["key"]]
        self._add(found, PREVIEWS, row)

    def _add_polls(self, found: dict[int, Parts], ids: Sequence[int]) -> None:
        polls = Poll.objects.filter(pk__in=ids).annotate(
            voters=Count("message__poll_votes__user", distinct=True)
        )
        rows = list(polls.values("message", "voters", "imported_voters", *POLL.keys.values()))
        if not rows:
            return
        votes: dict[int, list[int]] = defaultdict(list)
        for choice, user in (
            PollVote.objects.filter(message__in=ids).order_by("pk").values_list("choice", "user")
        ):
            if self._lines.has(User, user):
                votes[choice].append(user)
        choices: dict[int, list[tuple[PollChoice, int]]] = defaultdict(list)
        for one, number in counted_choices(PollChoice.objects.filter(message__in=ids)):
            choices[one.message_id].append((one, number))
        for row in rows:
            poll, its_choices = self._lines.line(POLL, row) or {}, choices[row["message"]]
            if row["is_anonymous"]:
                poll["voters"] = row["voters"] + row["imported_voters"]
                poll["choices"] = [{"text": one.text, "votes": number} for one, number in its_choices]
            else:
                poll["choices"] = [{"text": one.text, "votes": votes[one.pk]} for one, _ in its_choices]
            found[row["message"]][POLL.name] = poll

    def _add_notified(self, found: dict[int, Parts], ids: Sequence[int]) -> None:
        """Whom messages were for, by reason, and who has not read them. What somebody put off is unread.
        That a keyword was found would tell a keyword, so without private ones its reason is the room."""
        rows = Notification.objects.filter(message__in=ids).order_by("pk")
        columns = ("message", "user", "reason", "read_at")
        for message, user, reason, read_at in rows.values_list(*columns).iterator(READ_AT_ONCE):
            if not self._lines.has(User, user):
                continue
            if reason == Notification.Reason.KEYWORD and not self._lines.has_private:
                reason = Notification.Reason.ROOM
            parts = found[message]
            parts.setdefault("notified", {}).setdefault(reason, []).append(user)
            if read_at is None or (user, read_at) in self._put_off:
                parts.setdefault("unread", []).append(user)
