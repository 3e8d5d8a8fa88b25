"""What a person wants to see later: it is marked as read, and is unread again from a time that they choose.

So no count has to know of it, and no badge: until that time nothing is unread there.
"""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from messaging.models.db.registry import PersonPart, register_person_part
from messaging.models.db.tasks import task
from messaging.models.inbox.done import Marked, finish, marked_at
from messaging.models.inbox.places import Place
from messaging.models.inbox.sidebar import Sidebar
from messaging.models.inbox.waiting import Group, Rank
from messaging.models.messages.message import Message
from messaging.models.people.user import User

PUT_OFF_READ = 2000  # notifications that the list of what was put off reads


class Later(models.Model):
    """What a person had not read at a place, and what is unread there again from `until` on.

    It is their notifications there that have `put_off_at` as the time of reading, from the id `first` on
    (`done.Marked`).
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="put_off", db_index=False
    )
    conversation = models.ForeignKey(
        "Conversation", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    thread_root = models.ForeignKey(
        "Message", null=True, blank=True, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    put_off_at = models.DateTimeField()
    first = models.PositiveBigIntegerField()
    until = models.DateTimeField()

    objects: ClassVar[models.Manager["Later"]] = models.Manager()

    class Meta:
        constraints = [
            # Also "everything that this person put off" in timelines, and what goes with a conversation.
            models.UniqueConstraint(
                fields=["user", "conversation"], condition=Q(thread_root=None), name="one_later_in_timeline"
            ),
            models.UniqueConstraint(
                fields=["thread_root", "user"],
                condition=Q(thread_root__isnull=False),
                name="one_later_in_thread",
            ),
        ]
        indexes = [
            # The list of what a person put off, by when it comes back.
            models.Index(fields=["user", "until"], name="put_off_by_user"),
        ]

    def __str__(self) -> str:
        return f"{self.conversation} for {self.user} at {self.until}"

    @property
    def place(self) -> Place:
        return Place(self.conversation_id, self.thread_root_id)

    @property
    def marked(self) -> Marked:
        return Marked(self.put_off_at, self.first, 0)


def put_off(user: User, place: Place, until: datetime, last: int) -> Marked | None:
    """Take what waits at a place out of the inbox until a later time.

    What was put off there before comes back at the new time too.

    Args:
        until: when it comes back.
        last: the id of the last notification that is put off.

    Returns:
        What was put off now, and can be undone. None if nothing was unread: then only what had been put off
        before gets the new time.
    """
    with transaction.atomic():
        User.objects.filter(pk=user.pk).raise_version()  # which locks the person
        earlier = user.put_off.filter(conversation=place.conversation, thread_root=place.thread).first()
        marked = finish(user, place, last)
        if marked and earlier:
            before = user.notifications.filter(pk__gte=earlier.first, read_at=earlier.put_off_at)
            before.update(read_at=marked.at)
            earlier.put_off_at, earlier.first = marked.at, min(earlier.first, marked.first)
        elif marked:
            earlier = Later(
                user=user,
                conversation_id=place.conversation,
                thread_root_id=place.thread,
                put_off_at=marked.at,
                first=marked.first,
            )
        if earlier:
            earlier.until = until
            earlier.save()
            come_back.using(run_after=until).enqueue(earlier.pk)
    return marked


def put_off_groups(sidebar: Sidebar) -> list[Group]:
    """What the person put off, in the order in which it comes back: two queries. `shown` is empty."""
    groups: dict[tuple[Place, datetime], Group] = {}
    for later in sidebar.reader.put_off.order_by("until", "pk"):
        if entry := sidebar.entries.get(later.conversation_id):
            groups[later.place, later.put_off_at] = Group(entry, later.place, Rank.ROOM, later=later)
    if not groups:
        return []
    times = {at for _, at in groups}
    first = min(group.later.first for group in groups.values() if group.later)
    rows = sidebar.reader.notifications.filter(read_at__in=times, pk__gte=first)
    found = rows.order_by("message").values_list(
        "conversation", "thread_root", "read_at", "message", "reason"
    )
    for conversation, thread, at, message, reason in found[:PUT_OFF_READ]:
        if at and (group := groups.get((Place(conversation, thread), at))):
            group.personal.append(message)
            group.reasons[message] = reason
            group.count += 1
    return [group for group in groups.values() if group.count]


@task()
def come_back(pk: int) -> None:
    """Mark what was put off as unread again. If its time has not come (it was changed meanwhile, or the
    clocks of two machines differ), run again at that time."""
    with transaction.atomic():
        if not User.objects.filter(put_off=pk).raise_version():  # which locks the person
            return
        later = Later.objects.select_related("user").filter(pk=pk).first()
        if later is None:
            return
        if later.until > timezone.now():
            come_back.using(run_after=later.until).enqueue(pk)
            return
        later.delete()
        rows = marked_at(later.user, later.put_off_at, later.first)
        Message.unread_messages.set_read_at(later.user, rows, None)


def forget(user: User, place: Place) -> None:
    """What was put off at a place does not come back."""
    with transaction.atomic():
        User.objects.filter(pk=user.pk).raise_version()
        user.put_off.filter(conversation=place.conversation, thread_root=place.thread).delete()


register_person_part(
    PersonPart(
        Later,
        "user",
        exported_as="put_off",
        export=lambda user: [
            {
                "conversation": one.conversation_id,
                "thread": one.thread_root_id,
                "until": one.until.isoformat(),
            }
            for one in user.put_off.order_by("until")
        ],
    )
)
