"""Each test begins with the database that `migrate` leaves, although the one before it committed."""

from uuid import UUID

import pytest
from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType

from messaging.models import Installation, PushSetup, User
from messaging.models.messages.saving import post
from tests.emptying import KEPT
from tests.factories import RoomFactory, UserFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.backends]
epochs: set[UUID] = set()


@pytest.mark.parametrize("people", [1, 600, 2], ids=["few rows", "many rows", "few rows again"])
def test_nothing_is_left_of_a_test_that_committed(people: int) -> None:
    """On PostgreSQL few rows are deleted, and many are truncated."""
    counts = {model: model._base_manager.count() for model in apps.get_models() if model not in KEPT}
    assert {model: count for model, count in counts.items() if count} == {Installation: 1, PushSetup: 1}
    epoch = Installation.objects.current().epoch
    assert epoch not in epochs
    epochs.add(epoch)
    User.objects.bulk_create(UserFactory.build_batch(people))
    author = UserFactory.create()
    post(RoomFactory.create(by=author, members=[UserFactory.create()]), author, "Words")


def test_what_migrate_writes_is_kept() -> None:
    found = {(one.app_label, one.model) for one in ContentType.objects.all()}
    assert found == {(model._meta.app_label, model._meta.model_name) for model in apps.get_models()}
    before = Permission.objects.count()
    for config in apps.get_app_configs():
        create_permissions(config, verbosity=0)
    assert 0 < before == Permission.objects.count()
