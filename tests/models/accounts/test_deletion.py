"""An account is deleted in batches. The result is that of one transaction, even if it is interrupted."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from messaging.background.models import QueuedTask
from messaging.models import AccountDeletion, Conversation, User
from messaging.models.accounts import deletion as deletion_module
from messaging.models.accounts.deletion_batches import BATCH_SECONDS, MIN_BATCH, next_size
from messaging.models.accounts.moderation import ban, deactivate, reactivate
from messaging.models.accounts.personal_data import what_is_deleted
from messaging.models.db.refusals import Refused
from messaging.models.messages.saving import post
from tests.models.accounts.kept import kept
from tests.models.traces import traces
from tests.queue import run_daily_tasks, run_tasks

# SQLite writes only committed data to its file, which the tests search.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.backends]


def test_everything_of_theirs_is_deleted_and_nothing_of_others(zoe: User, zoes_messages: None) -> None:
    before, due, ids = kept(), what_is_deleted([zoe.pk]), [zoe.pk]
    deletion = AccountDeletion.objects.start(zoe)
    numbers = []
    while deletion.run_batch():
        numbers.append(deletion.percent)
    assert numbers == sorted(numbers)
    assert len(numbers) > 10
    assert 0 < max(numbers) < 100
    assert not User.objects.filter(pk__in=ids).exists()
    # The receipt contains the numbers that were shown before.
    assert {what: number for what, number in deletion.deleted.items() if number} == {
        what: number for what, number in due.items() if number
    }
    assert (deletion.is_done, deletion.percent) == (True, 100)
    assert {word: traces(word) for word in ("xylophone", "zoe-planted@", "Planted", "to-zoe")} == {
        "xylophone": 0,
        "zoe-planted@": 0,
        "Planted": 0,
        "to-zoe": 0,
    }
    assert kept() == before
    assert traces("bens-answer")


def test_every_open_page_is_reset(zoe: User, zoes_messages: None) -> None:
    """Also the pages of rooms in which earlier batches had already deleted everything of hers."""
    places = list(Conversation.objects.exclude(kind="direct"))
    AccountDeletion.objects.start(zoe).run_for(60)
    for place in places:
        place.refresh_from_db()
        assert place.reset_version == place.version, place.name


def test_deletion_interrupted_at_any_batch_completes(
    zoe: User, zoes_messages: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    due = what_is_deleted([zoe.pk])
    deletion = AccountDeletion.objects.start(zoe)

    class Killed(Exception):
        pass

    def killed(*args: object, **kwargs: object) -> None:
        raise Killed

    left, interruptions = True, 0
    while left:
        again = AccountDeletion.objects.get(pk=deletion.pk)
        with monkeypatch.context() as patch:
            patch.setattr(AccountDeletion, "_count", killed)
            with pytest.raises(Killed):
                again.run_batch()
        interruptions += 1
        left = AccountDeletion.objects.get(pk=deletion.pk).run_batch()
    assert interruptions > 10
    deletion.refresh_from_db()
    assert {what: number for what, number in deletion.deleted.items() if number} == {
        what: number for what, number in due.items() if number
    }
    assert traces("xylophone") == 0


def test_batch_size_follows_the_time_that_batches_take(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    at_once, slow, took_enough = 0.01, 1.0, BATCH_SECONDS  # seconds
    sizes = [MIN_BATCH]
    for took in [at_once] * 5 + [BATCH_SECONDS * 1.5, took_enough] + [slow] * 4:
        sizes.append(next_size(sizes[-1], took))
    assert sizes == [50, 100, 200, 400, 450, 450, 300, 300, 150, 75, 50, 50]


def test_account_is_closed_as_soon_as_its_deletion_starts(zoe: User, ada: User, room: Conversation) -> None:
    User.objects.filter(pk=ada.pk).update(role=User.Role.OWNER)
    ada.refresh_from_db()
    AccountDeletion.objects.start(zoe)
    assert not User.objects.get(pk=zoe.pk).is_active
    with pytest.raises(ValidationError):
        post(room, zoe, "xylophone after")
    acts: list[Callable[..., object]] = [reactivate, ban, deactivate]
    for act in acts:
        with pytest.raises(Refused, match="deleting their account"):
            act(zoe, by=ada)


def test_deletion_is_finished_by_the_task_that_was_enqueued_with_it(zoe: User, zoes_messages: None) -> None:
    deletion = AccountDeletion.objects.start(zoe)
    run_tasks()
    deletion.refresh_from_db()
    assert deletion.is_done


def test_task_of_a_long_deletion_lets_other_tasks_run_in_between(
    zoe: User, zoes_messages: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deletion_module, "TASK_SECONDS", 0)
    deletion = AccountDeletion.objects.start(zoe)
    run_tasks()
    deletion.refresh_from_db()
    assert deletion.is_done
    assert QueuedTask.objects.filter(state="finished").count() > 10


def test_task_of_a_finished_or_missing_deletion_does_nothing(zoe: User) -> None:
    deletion = AccountDeletion.objects.start(zoe)
    deletion.run_for(60)
    deletion_module.run_deletion.enqueue(str(deletion.pk))
    AccountDeletion.objects.all().delete()
    run_tasks()


def test_deletion_whose_task_was_given_up_continues_the_next_day(zoe: User, zoes_messages: None) -> None:
    deletion = AccountDeletion.objects.start(zoe)
    QueuedTask.objects.all().delete()
    run_daily_tasks()
    deletion.refresh_from_db()
    assert not deletion.is_done, "Somebody may still be working on it."
    AccountDeletion.objects.update(last_batch_at=timezone.now() - timedelta(minutes=1))
    run_daily_tasks()
    deletion.refresh_from_db()
    assert deletion.is_done


def test_receipt_is_deleted_after_thirty_days(zoe: User) -> None:
    AccountDeletion.objects.start(zoe).run_for(60)
    run_daily_tasks()
    assert AccountDeletion.objects.exists()
    AccountDeletion.objects.update(done_at=timezone.now() - timedelta(days=31))
    run_daily_tasks()
    assert not AccountDeletion.objects.exists()


def test_a_deletion_is_done_if_the_person_was_erased_meanwhile(zoe: User, zoes_messages: None) -> None:
    deletion = AccountDeletion.objects.start(zoe)
    deletion.run_batch()
    User.objects.get(pk=zoe.pk).delete()
    assert deletion.run_batch() is False
    deletion.refresh_from_db()
    assert (deletion.is_done, deletion.user) == (True, None)


def test_the_only_owner_stays(zoe: User) -> None:
    User.objects.filter(pk=zoe.pk).update(role=User.Role.OWNER)
    zoe.refresh_from_db()
    with pytest.raises(Refused, match="no other owner"):
        AccountDeletion.objects.start(zoe)
    assert User.objects.get(pk=zoe.pk).is_active
    assert not AccountDeletion.objects.exists()
