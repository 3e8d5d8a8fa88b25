"""The details of entries in the audit log, stored as codes and numbers, in the reader's language."""

from typing import Final

from django.db.models import Choices
from django.utils.translation import get_language_bidi, gettext, pgettext_lazy

from messaging.models import AuditEntry, Installation, Membership, Report, User
from messaging.models.site.retention import RoomRules

_NAMES: Final = {
    "backup_days": pgettext_lazy("audit log", "days that backups are kept"),
    "blocked_hosts": pgettext_lazy("audit log", "blocked hosts"),
    "blocked_words": pgettext_lazy("audit log", "blocked words"),
    "days": pgettext_lazy("audit log", "days"),
    "decision": pgettext_lazy("audit log", "decision"),
    "edit_minutes": pgettext_lazy("audit log", "minutes to edit"),
    "files": pgettext_lazy("audit log", "files"),
    "from": pgettext_lazy("audit log, before a point in time", "from"),
    "handle": pgettext_lazy("audit log", "handle"),
    "history_readers": pgettext_lazy("audit log", "who sees earlier versions"),
    "is_open": pgettext_lazy("audit log", "people can join themselves"),
    "keeps_pinned": pgettext_lazy("audit log", "keep pinned messages"),
    "keeps_saved": pgettext_lazy("audit log", "keep saved messages"),
    "link_previews": pgettext_lazy("audit log", "link previews"),
    "mail_minutes": pgettext_lazy("audit log", "minutes until the email"),
    "mail_texts": pgettext_lazy("audit log", "message texts in emails"),
    "messages": pgettext_lazy("audit log", "messages"),
    "name": pgettext_lazy("audit log", "name"),
    "picture": pgettext_lazy("audit log", "picture"),
    "private": pgettext_lazy("audit log, of an export", "with private conversations"),
    "provider": pgettext_lazy("audit log", "provider"),
    "push_texts": pgettext_lazy("audit log", "message texts in push notifications"),
    "role": pgettext_lazy("audit log", "role"),
    "room_creators": pgettext_lazy("audit log", "who can create rooms"),
    "room_mentioners": pgettext_lazy("audit log", "who can use @room and @here"),
    "rooms": pgettext_lazy("audit log", "rooms"),
    "sign_up": pgettext_lazy("audit log", "who can create an account"),
    "uses": pgettext_lazy("audit log, of an invitation", "uses"),
    "with_messages": pgettext_lazy("audit log", "their messages removed too"),
}
_CHOICES: Final[dict[str, tuple[type[Choices], ...]]] = {
    "decision": (Report.Decision,),
    "history_readers": (Installation.HistoryReaders,),
    "role": (User.Role, Membership.Role),
    "room_creators": (Installation.RoomCreators,),
    "room_mentioners": (Installation.RoomMentioners,),
    "rooms": (RoomRules,),
    "sign_up": (Installation.SignUp,),
}
_WORDS: Final = {
    "changed": pgettext_lazy("audit log, of a picture", "changed"),
    "removed": pgettext_lazy("audit log, of a picture", "removed"),
}


def audit_details(entry: AuditEntry) -> list[str]:
    """What an entry says besides who did what, such as "role: Member → Guest"."""
    return [
        gettext("%(what)s: %(value)s") % {"what": _NAMES.get(name, name), "value": _shown(name, value)}
        for name, value in entry.details.items()
        if value is not None
    ]


def _shown(name: str, value: object) -> str:
    if not isinstance(value, list):
        return _one(name, value)
    words = [_one(name, one) for one in value]
    if get_language_bidi():
        # Arrows are not mirrored. Isolated, Latin words are in the order of the line too.
        return " ← ".join(f"\u2068{word}\u2069" for word in words)
    return " → ".join(words)


def _one(name: str, value: object) -> str:
    if value in (None, "for ever"):  # older entries have the words
        return gettext("for ever")
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    for choices in _CHOICES.get(name, ()):
        if value in choices.values:
            return str(choices(value).label)
    return str(_WORDS.get(str(value), value) if name == "picture" else value)
