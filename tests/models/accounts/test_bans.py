"""Banning a person, with or without deleting their messages."""

import pytest
from django.core.cache import caches
from django.core.exceptions import ValidationError

from messaging.models import AuditEntry, Conversation, Invitation, Message, User
from messaging.models.accounts.moderation import ban, reactivate
from messaging.models.db.refusals import Refused
from messaging.models.messages.saving import post
from tests.factories import UserFactory
from tests.models.accounts.kept import kept
from tests.models.traces import cached, traces

# SQLite writes only committed data to its file, which the tests search.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.backends]


def test_a_ban_ends_all_that_could_bring_them_back(zoe: User, ada: User, room: Conversation) -> None:
    User.objects.filter(pk=ada.pk).update(role=User.Role.OWNER)
    User.objects.filter(pk=zoe.pk).update(role=User.Role.ADMINISTRATOR)
    ada.refresh_from_db()
    zoe.refresh_from_db()
    invitation, token = Invitation.objects.invite(zoe, uses=None, email="somebody@planted.test")
    post(room, zoe, "xylophone stays")
    assert ban(zoe, by=ada) is None
    assert Invitation.objects.by_token(token) is None
    invitation.refresh_from_db()
    assert invitation.email == ""
    with pytest.raises(ValidationError):
        post(room, zoe, "after")
    assert [entry.act for entry in AuditEntry.objects.order_by("pk")][-1:] == ["banned"]
    reactivate(zoe, by=ada)
    again = User.objects.get(pk=zoe.pk)
    assert (again.is_active, again.banned_at) == (True, None)
    assert Invitation.objects.by_token(token) is None
    assert post(room, again, "back").content == "back"


def test_a_ban_that_deletes_messages_leaves_direct_conversations(
    zoe: User, ada: User, zoes_messages: None
) -> None:
    User.objects.filter(pk=ada.pk).update(role=User.Role.OWNER)
    ada.refresh_from_db()
    before = kept()
    deletion = ban(zoe, by=ada, with_messages=True)
    assert deletion
    due = deletion.total
    for alias in ("pages", "fragments"):
        caches[alias].set("key", "xylophone-edited")
    assert deletion.run_for(60) is False
    assert deletion.deleted == due
    assert (cached("key"), traces("xylophone-edited")) == ([None, None], 0)
    left = Message.rows.filter(sender=zoe, removed_at=None)
    assert {message.conversation.kind for message in left} == {"direct"}
    assert left.count() == 5
    assert kept() == before


def test_who_may_ban_whom(zoe: User, ada: User) -> None:
    other = UserFactory.create(role=User.Role.ADMINISTRATOR)
    User.objects.filter(pk=ada.pk).update(role=User.Role.ADMINISTRATOR)
    ada.refresh_from_db()
    with pytest.raises(Refused, match="Only owners"):
        ban(other, by=ada)
    with pytest.raises(Refused, match="Only owners"):
        ban(ada, by=zoe)
    assert not User.objects.filter(banned_at__isnull=False).exists()
