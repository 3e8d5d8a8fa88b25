"""The QuerySet of `Conversation`: who sees which, how they are made, and how several are locked at once."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from django.db import models, transaction
from django.db.models import Count, Q
from django.utils import timezone

from messaging.models.conversations import permissions
from messaging.models.conversations.kind import Kind
from messaging.models.conversations.membership import Membership
from messaging.models.conversations.names import clean_name, clean_topic, unique_name
from messaging.models.db.changes import NEXT_VERSION, notify_changed
from messaging.models.db.text_match import contains
from messaging.models.people.user import User

if TYPE_CHECKING:
    from messaging.models.conversations.conversation import Conversation


class ConversationQuerySet(models.QuerySet["Conversation"]):
    def visible_to(self, user: User | int) -> "ConversationQuerySet":
        """Those of which a person is a member, given as a person or by their id."""
        return self.filter(memberships__user=user)

    def named_to(self, user: User) -> "ConversationQuerySet":
        """The conversations whose name the person may know: those that they are in, public rooms that are
        open to them (also removed ones), and removed rooms whose removal they can undo.

        A private room that they left is not among them: it may have been renamed since.
        """
        public = self.filter(permissions.is_open_to(user))
        known = self.visible_to(user), public, self.removal_undoable_by(user)
        return self.filter(reduce(or_, (Q(pk__in=some.order_by().values("pk")) for some in known)))

    def open_to(self, user: User) -> "ConversationQuerySet":
        """The rooms that the person can join, and those that they are in."""
        return self.filter(permissions.can_join(user))

    def addable_by(self, user: User) -> "ConversationQuerySet":
        """The rooms and groups that the person may add people to."""
        return self.filter(permissions.can_add_members(user), removed_at=None)

    def removal_undoable_by(self, user: User) -> "ConversationQuerySet":
        """The removed rooms whose removal the person can undo."""
        return self.filter(permissions.can_undo_removal(user))

    def past_undo(self) -> "ConversationQuerySet":
        """Rooms that were removed so long ago that nobody can undo it."""
        return self.filter(removed_at__lte=timezone.now() - permissions.UNDO_REMOVAL_WITHIN)

    def about(self, words: str) -> "ConversationQuerySet":
        """Those whose name or topic contains this text, ignoring case and accents."""
        return self.filter(contains(words, "name", "topic"))

    def direct(self, one: User, other: User) -> "Conversation":
        """The direct conversation of two people (or of one with themselves), made on the first call."""
        with transaction.atomic():
            conversation, is_new = self.get_or_create(
                direct_key=self.model.direct_key_of(one, other),
                defaults={"kind": Kind.DIRECT, "is_private": True},
            )
            if is_new:
                Membership.objects.add(conversation, {one, other})
        return conversation

    def between(self, by: User, others: Iterable[User]) -> "Conversation":
        """The conversation of exactly these people: the direct one of two (or the notes of one), or their
        group; created if there is none."""
        people = {by, *others}
        if len(people) <= 2:
            return self.direct(by, next(iter(people - {by}), by))
        inside = Count("memberships", filter=Q(memberships__user__in=people))
        groups = self.filter(kind=Kind.GROUP, pk__in=by.memberships.values("conversation"))
        same = groups.annotate(all=Count("memberships"), inside=inside).filter(
            all=len(people), inside=len(people)
        )
        return same.order_by("-last_message_at", "pk").first() or self.create_group(by, people)

    def create_group(self, by: User, others: Iterable[User]) -> "Conversation":
        with transaction.atomic():
            group = self.create(kind=Kind.GROUP, is_private=True, created_by=by)
            Membership.objects.add(group, {by, *others})
        return group

    def create_room(self, name: str, by: User, topic: str = "", is_private: bool = False) -> "Conversation":
        """A new room, with its creator as its administrator.

        Raises:
            ValidationError: the name is empty, or name or topic is too long; or ("taken") there is a room of
                this name.
        """
        name, topic = clean_name(name), clean_topic(topic)
        with transaction.atomic():
            with unique_name(self.model, name):
                room = self.create(
                    kind=Kind.ROOM, name=name, topic=topic, is_private=is_private, created_by=by
                )
            Membership.objects.add(room, {by}, role=Membership.Role.ADMIN)
        return room

    @contextmanager
    def writing(self, **changes: object) -> Iterator[dict[int, int]]:
        """As `Conversation.writing`, for several at once: they are locked in the order of their ids.

        Yields:
            The new version of each, by its id.
        """
        with transaction.atomic():
            locked = self.order_by("pk").select_for_update(no_key=True, of=("self",))
            ids = list(locked.values_list("pk", flat=True))
            these = self.model.objects.filter(pk__in=ids)
            these.update(version=NEXT_VERSION, **changes)
            notify_changed(conversations=ids)
            yield dict(these.values_list("pk", "version").order_by("pk"))
