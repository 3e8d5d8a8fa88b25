"""Opening every conversation of a restored copy, as one of its members."""

import logging
from collections.abc import Callable
from itertools import groupby

from django.conf import settings
from django.db.models import Min
from django.test import Client
from django.urls import reverse

from messaging.backup.progress import Say, counted
from messaging.models import Membership, Message, User


def open_all(found: Callable[[str], object], say: Say) -> int:
    """Open the page of each conversation that has an active member, and look for its newest message.

    Args:
        found: is told each fault.

    Returns:
        How many could be opened.
    """
    # Nobody loads the static files, so they need not be collected.
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    logging.disable()  # faults are told by `found`
    members = Membership.objects.filter(user__is_active=True).values_list("conversation")
    places = members.annotate(member=Min("user")).order_by("member", "conversation")
    opened = 0
    for member, group in groupby(counted(places, len(places), "conversations", say), lambda row: row[1]):
        client = _signed_in(User.objects.get(pk=member))
        for pk, _ in group:
            if fault := _fault(client, pk):
                found(fault)
            else:
                opened += 1
    return opened


def _signed_in(user: User) -> Client:
    client = Client(raise_request_exception=False, headers={"host": settings.ALLOWED_HOSTS[0]})
    client.force_login(user)
    return client


def _fault(client: Client, pk: int) -> str:
    answer = client.get(reverse("conversation", args=[pk]), secure=settings.SECURE)
    if answer.status_code != 200:
        return f"Conversation {pk} cannot be opened (answer {answer.status_code}). Use another copy."
    newest = (
        Message.rows.filter(conversation=pk, parent_message=None, removed_at=None).order_by("-seq").first()
    )
    if newest and f'id="m-{newest.pk}"'.encode() not in answer.content:
        return f"Conversation {pk} does not show its newest message. Use another copy."
    return ""
