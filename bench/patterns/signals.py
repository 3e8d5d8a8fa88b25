"""`pre_save`, `post_save`, `post_delete`."""

from typing import Any
from unittest.mock import patch

from django.apps import apps
from django.db import models
from django.db.models.signals import post_save, pre_save

from bench.patterns.measure import compare, print_numbers, rolled_back
from bench.patterns.people import messages, person, room
from messaging.models import Message, MessageHistory, Notification, User
from messaging.models.messages.notifying import notify_audience
from messaging.models.messages.saving import post

EDITS = 100


def history() -> None:
    """`pre_save`, connected to a model whose `save()` is Django's."""
    ada, ben = person(), person()
    place = room(ada, ben)
    plain, parleys = (messages(place, [ada], EDITS) for _ in range(2))
    with _plain_signals():
        _edit(plain)
    _edit(parleys)
    for name, edited in (("a plain signal", plain), ("Parley", parleys)):
        print_numbers(
            f"history: of {EDITS} edits by save(update_fields=['content']), {name}", **_wrong(edited)
        )
    stale = [Message.objects.get(pk=message.pk) for message in plain]
    Message.rows.filter(pk__in=[one.pk for one in plain]).redact(place.version)
    with _plain_signals():
        for message in stale:
            message.save()
    back = Message.rows.filter(pk__in=[one.pk for one in stale], content="new text").count()
    print_numbers(
        f"history: of {EDITS} removed messages, after a save() of an older instance", text_is_back=back
    )
    one, other = plain[0], parleys[0]
    turns = iter(range(10_000))

    def by_plain_signal() -> None:
        with _plain_signals():
            one.content = f"text {next(turns)}"
            models.Model.save(one, update_fields=["content"])

    def by_parley() -> None:
        other.content = f"text {next(turns)}"
        other.save(update_fields=["content"])

    compare("history: one edit, with its commit", rounds=51, plain_signal=by_plain_signal, Parley=by_parley)


def notify() -> None:
    """`post_save`, in a room of 2,000."""
    ada = person()
    place = room(ada, crowd=2_000)
    message = messages(place, [ada], 1)[0]
    others = list(place.memberships.exclude(user=ada))

    def row(member: Any) -> Notification:
        return Notification(user_id=member.user_id, message=message, conversation=place, reason="room")

    def each() -> None:
        for member in others:
            row(member).save()

    def in_bulk() -> None:
        members = place.memberships.exclude(user=ada).filter(user__is_active=True)
        Notification.objects.bulk_create(row(member) for member in members)

    compare(
        "notify: rows for 2,000 members",
        save_each=rolled_back(each),
        bulk_create=rolled_back(in_bulk),
        INSERT_SELECT=rolled_back(lambda: notify_audience(message)),
    )


def delete() -> None:
    """Deleting a person with 300 messages, every fifth of which has a reply."""
    ada, ben = person(), person()
    place = room(ben, ada)
    for message in messages(place, [ada], 300)[::5]:
        post(place, ben, "an answer", parent=message)

    def one_by_one() -> None:
        for message in Message.objects.filter(sender=ada):
            message.delete()

    compare(
        "delete: a person with 300 messages, 60 of them answered",
        rounds=3,
        each_message_by_itself=rolled_back(one_by_one),
        erase=rolled_back(lambda: User.objects.get(pk=ada.pk).delete()),
    )
    answers = Message.rows.filter(parent_message__sender=ada, sender=ben)
    ada.delete()
    left = Message.rows.filter(sender=ben, removed_at=None).count()
    print_numbers("delete: of 60 answers by others", kept_by_Parley=left, still_naming_her=answers.count())


def _edit(these: list[Message]) -> None:
    for message in these:
        message.content = "new text"
        message.save(update_fields=["content"])


def _wrong(edited: list[Message]) -> dict[str, int]:
    rows = Message.rows.in_bulk([one.pk for one in edited])
    stored = [(rows[before.pk], before.seq) for before in edited]
    return {
        "old_HTML": sum("new text" not in one.content_html for one, _ in stored),
        "not_marked_as_edited": sum(not one.edited for one, _ in stored),
        "same_version_as_before": sum(one.version == born for one, born in stored),
    }


def log_plainly(instance: Message, **kwargs: Any) -> None:
    """The obvious handler: reads the old text, logs it, and marks the message as edited."""
    before = Message.rows.filter(pk=instance.pk).first()
    if before and before.content != instance.content:
        number = before.history.count() + 1
        MessageHistory.objects.create(message=before, number=number, old_content=before.content)
        instance.edited = True


class _plain_signals:
    """Django's `save()`, and a plain handler of `pre_save`."""

    def __enter__(self) -> None:
        pre_save.disconnect(sender=Message, dispatch_uid="history of Message")
        post_save.disconnect(sender=Message, dispatch_uid="notify of Message")
        pre_save.connect(log_plainly, sender=Message)
        self._save = patch.object(Message, "save", models.Model.save)
        self._save.start()

    def __exit__(self, *exception: object) -> None:
        self._save.stop()
        pre_save.disconnect(log_plainly, sender=Message)
        apps.get_app_config("messaging").ready()
