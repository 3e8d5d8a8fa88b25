"""After an upgrade of the renderer, stored HTML is rendered again."""

import pytest

from messaging.models import Conversation, Message, MessageHistory, Notification, User
from messaging.models.messages.rerendering import rerender_batch
from messaging.models.messages.saving import post
from messaging.text import RENDERER_VERSION

pytestmark = [pytest.mark.django_db, pytest.mark.backends]


def test_outdated_html_is_rendered_anew_and_nothing_else_changes(
    ada: User, ben: User, room: Conversation
) -> None:
    named, other = post(room, ada, "*Hello* @ben"), post(room, ben, "**words**")
    removed = post(room, ben, "gone")
    removed.remove()
    right = dict(Message.rows.values_list("pk", "content_html"))
    before = list(Notification.objects.order_by("pk").values())
    Message.rows.filter(pk__in=[named.pk, removed.pk]).update(content_html="old", renderer_version=0)
    assert rerender_batch() == 1
    assert rerender_batch() == 0
    assert Message.objects.get(pk=named.pk).content_html == right[named.pk]
    assert 'class="mention"' in right[named.pk]
    room.refresh_from_db()
    versions = dict(Message.rows.values_list("pk", "version"))
    assert versions[named.pk] == room.version > versions[other.pk]
    assert Message.objects.get(pk=named.pk).renderer_version == RENDERER_VERSION
    assert list(Notification.objects.order_by("pk").values()) == before
    assert not MessageHistory.objects.exists()
