"""What happens whoever saves: history before, notifications after, and a clean-up when a person is gone."""

from functools import partial
from typing import Any

from django.core.cache import caches
from django.db import transaction
from django.utils import timezone

from messaging.models import Mention, Message, MessageHistory, Notification, User


def log_history(instance: Message, raw: bool = False, **kwargs: Any) -> None:
    """`pre_save` of a message: keep the text that is about to be replaced, and say that it was."""
    if raw:
        return
    if instance._state.adding:
        instance.edited, instance.edited_at = False, None
        return
    MessageHistory.objects.log(instance.stored, instance.stored.texts + 1, instance.edited_by)
    instance.edited, instance.edited_at = True, timezone.now()


def notify(instance: Message, created: bool, raw: bool = False, **kwargs: Any) -> None:
    """`post_save` of a message: write its mentions and notifications, and whether anybody has to read it."""
    if raw:
        return
    newly_mentioned = Mention.objects.rewrite(instance, is_new=created)
    if created:
        waits = Notification.objects.announce(instance)
        read = not waits
    else:
        waits = Notification.objects.announce_mentions(instance, newly_mentioned)
        read = instance.read and not waits
    if read != instance.read:
        instance.read = read
        Message.rows.filter(pk=instance.pk).update(read=read)


def clean_up(instance: User, **kwargs: Any) -> None:
    """`post_delete` of a person: empty the caches, which hold their name and words for up to an hour."""
    transaction.on_commit(partial(_clear, "pages"))
    transaction.on_commit(partial(_clear, "fragments"))


def _clear(alias: str) -> None:
    caches[alias].clear()
