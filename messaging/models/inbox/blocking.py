"""Blocking a person: what it does to notifications."""

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from messaging.models.db.refusals import Gone, Refused
from messaging.models.messages.message import Message
from messaging.models.messages.notification import Notification, delete_and_update_read
from messaging.models.people.blocks import Block
from messaging.models.people.user import User


def block(user: User, other: User) -> None:
    """From now on, nothing that `other` writes notifies `user`; their unread notifications of `other`'s
    messages are deleted.

    Nothing happens if they are blocked already.

    Raises:
        Refused: ("yourself") nobody blocks themselves.
        Gone: one of the two was deleted.
    """
    if user == other:
        raise Refused("yourself", _("You cannot block yourself."), status=403)
    with transaction.atomic():
        both = User.objects.filter(pk__in=[user.pk, other.pk]).order_by("pk")
        if len(both.select_for_update(no_key=True).values_list("pk")) < 2:
            raise Gone
        _block, is_new = Block.objects.get_or_create(user=user, blocked=other)
        if is_new:
            _raise_versions(user)
            theirs = Notification.objects.filter(user=user, message__sender=other, read_at=None)
            rows = Notification.objects.filter(pk__in=list(theirs.values_list("pk", flat=True)))
            delete_and_update_read(rows, Message.rows.all())


def unblock(user: User, other: User) -> None:
    """Undo `block`. Nothing happens if they are not blocked."""
    with transaction.atomic():
        gone, _by_model = Block.objects.filter(user=user, blocked=other).delete()
        if gone:
            _raise_versions(user)


def _raise_versions(user: User) -> None:
    User.objects.filter(pk=user.pk).update(blocks_version=F("blocks_version") + 1)
    User.objects.filter(pk=user.pk).raise_version()
