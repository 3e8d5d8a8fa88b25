"""Ticks: what somebody changed at a task list of a message after it was sent.

The text of a message says which tasks were done when it was written; nobody but its author changes that. A
tick is a row beside the text, for each task whose state is not the one that was typed. The stored HTML has
the present states, so excerpts, notifications and the search show them too. This file has the rows, and
keeps them through edits; `ticking.py` is what people do.
"""

from collections.abc import Collection, Mapping
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Subquery, Value
from django.utils import timezone
from django.utils.translation import gettext_noop

from messaging.models.conversations.conversation import Conversation
from messaging.models.db.registry import (
    MessagePart,
    PersonPart,
    Rows,
    register_message_part,
    register_person_part,
)
from messaging.models.people.user import User
from messaging.text.tasks import has_tasks, tasks_in, with_states

if TYPE_CHECKING:
    from messaging.models.messages.message import Message


class Tick(models.Model):
    """That a task is done which was not when it was typed, or the other way round.

    Attributes:
        item: the place of the task among those of the message, from 0.
        user: who changed it; None if their account was deleted.
    """

    message = models.ForeignKey("Message", on_delete=models.CASCADE, related_name="ticks", db_index=False)
    item = models.PositiveSmallIntegerField()
    is_done = models.BooleanField()
    # The index also finds what a person ticked, which their deletion forgets.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="ticks"
    )
    at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[models.Manager["Tick"]] = models.Manager()

    class Meta:
        constraints = [
            # Message first, so that it also finds the ticks of a message.
            models.UniqueConstraint(fields=["message", "item"], name="one_tick"),
        ]

    def __str__(self) -> str:
        return f"tick {self.item} of message {self.message_id}"


def ticks_of(messages: Collection["Message"]) -> dict[int, list[Tick]]:
    """The ticks of those messages that have any, with their people, by the message's id: one query, and none
    if no message has tasks."""
    ids = [message.pk for message in messages if has_tasks(message.content_html)]
    found: dict[int, list[Tick]] = {}
    if ids:
        for tick in Tick.objects.filter(message__in=ids).select_related("user").order_by("item"):
            found.setdefault(tick.message_id, []).append(tick)
    return found


def keep_ticks(stored: "Message", edited: "Message") -> None:
    """Before an edit is written: keep the ticks of tasks that it leaves as they were, in its HTML too.

    A task whose words or whose typed mark the edit changes is as it was typed. Under the conversation's lock.

    Args:
        stored: the message as it is; `edited` has the new text and its HTML.
    """
    rows = {tick.item: tick for tick in ticks_of([stored]).get(stored.pk, ())}
    if not rows:
        return
    before, after = tasks_in(stored.content_html), tasks_in(edited.content_html)
    kept = []
    for old, new in _same([task.text for task in before], [task.text for task in after]).items():
        if old in rows and after[new].is_done != rows[old].is_done:
            tick = rows[old]
            kept.append(
                Tick(message=tick.message, item=new, is_done=tick.is_done, user=tick.user, at=tick.at)
            )
    Tick.objects.filter(message=stored.pk).delete()
    Tick.objects.bulk_create(kept)
    edited.content_html = with_states(edited.content_html, {tick.item: tick.is_done for tick in kept})


def _same(before: list[str], after: list[str]) -> Mapping[int, int]:
    """The places of texts that both lists have in the same order: where each was -> where it is."""
    blocks = SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
    return {block.a + step: block.b + step for block in blocks for step in range(block.size)}


def _erase(people: Collection[int], messages: Rows, version: int | None) -> int:
    """Forget who ticked, where it was one of these people. What is done stays done, as a pin stays."""
    found = Tick.objects.filter(user__in=people, message__in=messages.values("pk"))
    current = Subquery(Conversation.objects.filter(pk=OuterRef("conversation")).values("version"))
    changed = messages.model.rows.filter(pk__in=list(found.values_list("message", flat=True)))
    changed.update(version=current if version is None else Value(version))
    found.update(user=None)
    return 0


def _exported(message: "Message") -> list[dict[str, object]] | None:
    """The tasks for the author of the message. Who ticked them is the others' data."""
    tasks = tasks_in(message.content_html)
    return [{"text": task.text, "done": task.is_done} for task in tasks] or None


def _given(user: User) -> list[dict[str, object]]:
    rows = user.ticks.order_by("at", "pk").values_list("message", "item", "is_done", "at")
    return [
        {"message": pk, "task": item + 1, "done": is_done, "at": at.isoformat()}
        for pk, item, is_done, at in rows
    ]


register_message_part(MessagePart(Tick, gettext_noop("ticks"), exported_as="tasks", export=_exported))
register_person_part(
    PersonPart(
        Tick,
        "user",
        conversation="message__conversation",
        message="message",
        erase=_erase,
        exported_as="ticks",
        export=_given,
    )
)
