"""Which threads a person follows, beyond those that they wrote in: their own choice, where they made one."""

from collections.abc import Collection
from typing import ClassVar

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q

from messaging.models.db.prepared import prepared
from messaging.models.db.refusals import Gone
from messaging.models.db.registry import PersonPart, register_person_part
from messaging.models.messages.message import Message
from messaging.models.people.user import User


class ThreadChoice(models.Model):
    """That somebody follows a thread, or does not. Without such a row they follow it if they wrote in it.

    It stays while the thread does: also when its first message was removed, and a tombstone is in its place.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="thread_choices"
    )
    thread_root = models.ForeignKey("Message", on_delete=models.CASCADE, related_name="+", db_index=False)
    is_following = models.BooleanField()

    objects: ClassVar[models.Manager["ThreadChoice"]] = models.Manager()

    class Meta:
        constraints = [
            # The thread first: a new reply asks who chose to follow its thread, and who not to.
            models.UniqueConstraint(fields=["thread_root", "user"], name="one_thread_choice"),
        ]

    def __str__(self) -> str:
        return f"{self.user} {'follows' if self.is_following else 'does not follow'} {self.thread_root}"


def follow(user: User, message: Message, is_following: bool) -> None:
    """From now on, notify the person of each reply in the message's thread; or only of those that mention
    them. What was said before stays as it is.

    Raises:
        Gone: the thread or the person was deleted meanwhile.
    """
    root = message.thread_root_id or message.pk
    with transaction.atomic():
        if not User.objects.filter(pk=user.pk).raise_version() or not Message.rows.filter(pk=root).lock():
            raise Gone
        ThreadChoice.objects.update_or_create(
            user=user, thread_root_id=root, defaults={"is_following": is_following}
        )


def followed_among(user: User, roots: Collection[int]) -> set[int]:
    """Those of these threads that the person follows, by the ids of their roots: one query."""
    return set(_followed(user.pk, list(roots)))


@prepared
def _followed(user_id: int, roots: list[int]) -> models.QuerySet[Message, int]:
    choice = ThreadChoice.objects.filter(user=user_id, thread_root=OuterRef("pk"))
    has_replied = Exists(Message.rows.filter(thread_root=OuterRef("pk"), sender=user_id))
    unless_chosen = (Q(sender=user_id) | has_replied) & ~Exists(choice.filter(is_following=False))
    rows = Message.rows.filter(Exists(choice.filter(is_following=True)) | unless_chosen, pk__in=roots)
    return rows.values_list("pk", flat=True)


def choices_in(thread_root: int, is_following: bool) -> models.QuerySet[ThreadChoice, int]:
    """The ids of the people who chose to follow this thread; or not to, if `is_following` is False."""
    choices = ThreadChoice.objects.filter(thread_root=thread_root, is_following=is_following)
    return choices.values_list("user_id", flat=True)


register_person_part(
    PersonPart(
        ThreadChoice,
        "user",
        exported_as="threads_followed",
        export=lambda user: [
            {"first_message": root, "follows": is_following}
            for root, is_following in user.thread_choices.order_by("pk").values_list(
                "thread_root", "is_following"
            )
        ],
    )
)
