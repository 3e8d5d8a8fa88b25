"""What the operators of a search mean, as filters of messages."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from typing import Final

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from messaging.models.conversations.conversation import Conversation
from messaging.models.conversations.kind import Kind
from messaging.models.conversations.membership import Membership
from messaging.models.db.text_match import contains
from messaging.models.messages.attachment import Attachment
from messaging.models.messages.file_types import PICTURES
from messaging.models.messages.mentions import Mention
from messaging.models.messages.message import Message
from messaging.models.messages.reactions import Reaction
from messaging.models.people.user import User
from messaging.models.search.dates import span_of
from messaging.models.search.query import Query
from messaging.text.tasks import TASK_CLASS

MOST_NAMED: Final = 50  # people or conversations that one value may name


def filters_of(query: Query, reader: User) -> Q:
    """All operators of a query together. Those that mean nothing become text (`Query.unknown`).

    The filter is for messages with two aliases, `place` and `writer`: the ids of conversation and sender.
    """
    found = Q()
    for operator in list(query.operators):
        one = _FILTERS[operator.name](operator.value, reader)
        if one is None:
            query.as_text(operator)
        else:
            found &= ~one if operator.is_negated else one
    return found


def _people(value: str, reader: User) -> list[int]:
    """The ids of the people whom a value names: by "me", the whole name, or a part of it."""
    name = value.removeprefix("@")
    if name.lower() == "me":
        return [reader.pk]
    if not name:
        return []
    visible = User.objects.visible_to(reader)
    exact = list(visible.filter(username__iexact=name).values_list("pk", flat=True))
    return exact or list(visible.called(name).order_by("pk").values_list("pk", flat=True)[:MOST_NAMED])


def _sent_by(value: str, reader: User) -> Q | None:
    people = _people(value, reader)
    return Q(writer__in=people) if people else None


def _in(value: str, reader: User) -> Q | None:
    """In the room of this name, in those whose name contains it, or in the conversation with @somebody."""
    if value.startswith("@"):
        return _with(value, reader, [Kind.DIRECT])
    mine = Conversation.objects.visible_to(reader).filter(kind=Kind.ROOM)
    name = value.removeprefix("#")
    if not name:
        return None
    exact = list(mine.filter(name__iexact=name).values_list("pk", flat=True))
    similar = mine.filter(contains(name, "name")).order_by("pk").values_list("pk", flat=True)
    found = exact or list(similar[:MOST_NAMED])
    return Q(place__in=found) if found else None


def _with(value: str, reader: User, kinds: Sequence[Kind] = (Kind.DIRECT, Kind.GROUP)) -> Q | None:
    """In the direct conversations and groups that these people are in as well; "me" is one's own notes."""
    people = _people(value, reader)
    if not people:
        return None
    if people == [reader.pk]:  # notes to oneself
        notes = Conversation.objects.filter(direct_key=Conversation.direct_key_of(reader, reader))
        return Q(place__in=notes.values("pk"))
    people = [pk for pk in people if pk != reader.pk]  # a part of a name may be the reader's too
    mine = Conversation.objects.visible_to(reader).filter(kind__in=kinds)
    theirs = Membership.objects.filter(user__in=people).values("conversation")
    return Q(place__in=mine.filter(pk__in=theirs).values("pk"))


def _to(value: str, reader: User) -> Q | None:
    """What is for me by mention, reply or direct message; for another person, what `with:` finds."""
    if value.lower().removeprefix("@") != "me":
        return _with(value, reader)
    return Q(pk__in=reader.notifications.personal().order_by().values("message"))


def _mentioning(value: str, reader: User) -> Q | None:
    people = _people(value, reader)
    return Q(Exists(Mention.objects.filter(message=OuterRef("pk"), user__in=people))) if people else None


def _is(value: str, reader: User) -> Q | None:
    answers = Message.rows.filter(thread_root=OuterRef("pk"), removed_at=None)
    # Put off for later: its time of reading is the time at which it was put off.
    put_off = reader.put_off.filter(put_off_at=OuterRef("read_at"), first__lte=OuterRef("pk"))
    later = reader.notifications.filter(Exists(put_off), read_at__isnull=False)
    return {
        "unread": Q(pk__in=reader.notifications.filter(read_at=None).order_by().values("message")),
        "thread": Q(thread_root__isnull=False) | Q(Exists(answers)),
        "edited": Q(edited=True),
        "mine": Q(writer=reader.pk),
        "pinned": Q(pinned_at__isnull=False),
        "later": Q(pk__in=later.order_by().values("message")),
        "saved": Q(pk__in=reader.saved.order_by().values("message")),
    }.get(value.lower())


def _has(value: str, reader: User) -> Q | None:
    pictures = Attachment.objects.filter(message=OuterRef("pk"), content_type__in=PICTURES)
    return {
        "file": Q(file_count__gt=0),
        "image": Q(Exists(pictures)),
        "link": Q(content_html__contains='<a href="http'),
        "code": Q(content_html__contains="<code"),
        "poll": Q(has_poll=True),
        "task": Q(content_html__contains=f'<li dir="auto" class="{TASK_CLASS}">'),
        "reaction": Q(Exists(Reaction.objects.filter(message=OuterRef("pk")))),
    }.get(value.lower())


def _at(day: date) -> datetime:
    """The first moment of a day, in the reader's time zone."""
    return timezone.make_aware(datetime.combine(day, time.min))


def _before(value: str, reader: User) -> Q | None:
    span = span_of(value, timezone.localdate())
    return Q(timestamp__lt=_at(span[0])) if span else None


def _after(value: str, reader: User) -> Q | None:
    span = span_of(value, timezone.localdate())
    return Q(timestamp__gte=_at(span[1])) if span else None


def _during(value: str, reader: User) -> Q | None:
    span = span_of(value, timezone.localdate())
    return Q(timestamp__gte=_at(span[0]), timestamp__lt=_at(span[1])) if span else None


_FILTERS: Final[dict[str, Callable[[str, User], Q | None]]] = {
    "from": _sent_by,
    "in": _in,
    "to": _to,
    "with": _with,
    "mentions": _mentioning,
    "is": _is,
    "has": _has,
    "before": _before,
    "after": _after,
    "on": _during,
    "during": _during,
}
