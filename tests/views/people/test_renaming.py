"""A new name shows at once, on every page that shows names, cached or not."""

import pytest
from django.test import Client
from django.urls import reverse

from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post
from tests.security.matrix import RULES
from tests.views.page import FRAGMENT

pytestmark = [pytest.mark.django_db, pytest.mark.backends]
NAMED = {"conversation_list", "conversation", "message_list", "thread", "thread_list", "message_history"}


def shown(client: Client, message: Message, reader: User) -> dict[str, str]:
    """Every page and fragment for the conversation, the message and the reader."""
    ids = {"conversation": message.conversation_id, "message": message.pk, "person": reader.pk}
    found = {}
    for name, rule in RULES.items():
        if rule.takes and rule.takes not in ids:
            continue
        for kind, headers in {"page": {}, "fragment": FRAGMENT}.items():
            answer = client.get(reverse(name, args=[ids[rule.takes]] if rule.takes else []), headers=headers)
            if answer.status_code == 200:
                found[f"{name}, {kind}"] = answer.getvalue().decode(errors="replace")
    return found


def test_a_rename_shows_at_once_everywhere(
    as_ben: Client, message: Message, direct: Conversation, ada: User, ben: User
) -> None:
    message.edit("Land ho, @ben")
    post(message.conversation, ada, "Where?", parent=message)
    post(direct, ada, "Hi")
    before = shown(as_ben, message, ben)
    assert before.keys() == shown(as_ben, message, ben).keys()  # from warm caches
    ada.display_name = "Countess of Lovelace"
    ada.save()
    after = shown(as_ben, message, ben)
    named = {name for name, text in before.items() if "Ada Lovelace" in text}
    assert {name.partition(",")[0] for name in named} >= NAMED
    assert {name for name, text in after.items() if "Ada Lovelace" in text} == set()
    assert {name for name, text in after.items() if "Countess of Lovelace" in text} == named
