"""A notice is in the language of its reader."""

import pytest
from django.utils import translation

from messaging.models import Conversation, User
from messaging.models.messages.saving import post
from messaging.pushing.sending import Sender
from tests.factories import UserFactory
from tests.pushing.conftest import push
from tests.pushing.service import Browser, PushService

pytestmark = [pytest.mark.django_db, pytest.mark.backends]


def test_a_notice_is_in_the_readers_language(
    sender: Sender, service: PushService, ada: User, ben: User, room: Conversation, phone: Browser
) -> None:
    User.objects.filter(pk=ada.pk).update(language="ja")
    User.objects.filter(pk=ben.pk).update(language="ar")
    cleo, dora = UserFactory.create(username="cleo"), UserFactory.create(username="dora")
    group = Conversation.objects.create_group(ada, [ben, cleo, dora])
    with translation.override("ja"):
        post(group, ada, "Early, @ben")
        push(sender)
        assert translation.get_language() == "ja"
    (notice,) = phone.shown(service)
    with translation.override("ar"):
        assert notice["texts"]["reply"] == translation.gettext("Reply")
        assert notice["why"] == translation.gettext("You are mentioned")
    assert notice["title"] == "Ada، Cleo، Dora"
