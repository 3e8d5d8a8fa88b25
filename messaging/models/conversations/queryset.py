"""The QuerySet of `Conversation`: who may see which, how they are made, and the door for several at once."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from messaging.models.conversations.membership import Membership
from messaging.models.db.changes import NEXT_VERSION, tell
from messaging.models.db.text_match import contains
from messaging.models.people.user import User
from messaging.text import clean_text

if TYPE_CHECKING:
    from messaging.models.conversations.conversation import Conversation

TAKEN_BACK_WITHIN = timedelta(days=30)  # a removed room
NAME_TAKEN = "There is a room of this name. Choose another, or look for it under Rooms."


class ConversationQuerySet(models.QuerySet["Conversation"]):
    def visible_to(self, user: User) -> "ConversationQuerySet":
        return self.filter(memberships__user=user)

    def open_to(self, user: User) -> "ConversationQuerySet":
        """The rooms that the person may walk into, see `Conversation.join`, and those that they are in."""
        return self.filter(self.model.entered_by(user))

    def addable_by(self, user: User) -> "ConversationQuerySet":
        """The rooms and groups that the person may put people into, see `may_add`."""
        return self.filter(self.model.filled_by(user), removed_at=None)

    def removed_for(self, user: User) -> "ConversationQuerySet":
        """The removed rooms that the person can have back."""
        return self.filter(self.model.brought_back_by(user))

    def past_return(self) -> "ConversationQuerySet":
        """Rooms that were removed so long ago that nobody can have them back."""
        return self.filter(removed_at__lte=timezone.now() - TAKEN_BACK_WITHIN)

    def of_nobody_but(self, people: Collection[int]) -> "ConversationQuerySet":
        """The groups and private rooms that are these people's alone, by their ids: nobody else is in it, was
        in it when it was removed, or has words there."""
        from messaging.models.messages.message import Message

        others = Membership.objects.filter(conversation=OuterRef("pk")).exclude(user__in=people)
        words = Message.rows.filter(conversation=OuterRef("pk"), removed_at=None).exclude(sender__in=people)
        shut = self.filter(is_private=True).exclude(kind=self.model.Kind.DIRECT)
        alone = shut.filter(~Exists(others), ~Exists(words))
        removed = alone.exclude(removed_at=None).values_list("pk", "removed_members")
        had_others = [pk for pk, seats in removed if {person for person, _ in seats} - set(people)]
        return alone.exclude(pk__in=had_others)

    def about(self, words: str) -> "ConversationQuerySet":
        """Those whose name or topic contains these words, whatever the case."""
        return self.filter(contains(words, "name", "topic"))

    def direct(self, one: User, other: User) -> "Conversation":
        """The direct conversation of two people (or of one with themselves), made on the first call."""
        with transaction.atomic():
            conversation, made = self.get_or_create(
                direct_key=self.model.direct_key_of(one, other),
                defaults={"kind": self.model.Kind.DIRECT, "is_private": True},
            )
            if made:
                conversation._seat({one, other})
        return conversation

    def between(self, by: User, others: Iterable[User]) -> "Conversation":
        """The conversation of just these people: the direct one of two (or one's notes to oneself), or their
        group; made where there is none."""
        people = {by, *others}
        if len(people) <= 2:
            return self.direct(by, next(iter(people - {by}), by))
        inside = Count("memberships", filter=Q(memberships__user__in=people))
        groups = self.filter(kind=self.model.Kind.GROUP, pk__in=by.memberships.values("conversation"))
        same = groups.annotate(all=Count("memberships"), inside=inside).filter(
            all=len(people), inside=len(people)
        )
        return same.order_by("-last_message_at", "pk").first() or self.create_group(by, people)

    def create_group(self, by: User, others: Iterable[User]) -> "Conversation":
        with transaction.atomic():
            group = self.create(kind=self.model.Kind.GROUP, is_private=True, created_by=by)
            group._seat({by, *others})
        return group

    def create_room(self, name: str, by: User, topic: str = "", is_private: bool = False) -> "Conversation":
        """A new room, with its maker as its administrator.

        Raises:
            ValidationError: the name is empty, or name or topic is too long; or ("taken") there is a room of
                this name.
        """
        name = clean_text(name, max_length=80, single_line=True)
        topic = clean_text(topic, max_length=250, single_line=True) if topic.strip() else ""
        with transaction.atomic():
            room = self._new_room(name=name, topic=topic, is_private=is_private, created_by=by)
            room._seat({by}, role=Membership.Role.ADMIN)
        return room

    def _new_room(self, **fields: Any) -> "Conversation":
        try:
            with transaction.atomic():
                return self.create(kind=self.model.Kind.ROOM, **fields)
        except IntegrityError as error:
            if not self.filter(room_key=fields["name"].casefold()).exists():
                raise
            raise ValidationError({"name": ValidationError(NAME_TAKEN, code="taken")}) from error

    @contextmanager
    def writing(self, **changes: Any) -> Iterator[dict[int, int]]:
        """The door for several conversations at once: locks them in the order of their ids.

        Yields:
            The new version of each, by its id.
        """
        with transaction.atomic():
            locked = self.order_by("pk").select_for_update(no_key=True, of=("self",))
            ids = list(locked.values_list("pk", flat=True))
            these = self.model.objects.filter(pk__in=ids)
            these.update(version=NEXT_VERSION, **changes)
            tell(conversations=ids)
            yield dict(these.values_list("pk", "version").order_by("pk"))
