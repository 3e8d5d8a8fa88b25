"""Answering in the inbox: the form that opens in a group, and what comes back."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post
from tests.views.page import FRAGMENT, Page

pytestmark = [pytest.mark.django_db, pytest.mark.backends]


def in_slot(slot: str) -> dict[str, str]:
    return {**FRAGMENT, "HX-Target": f"div#slot-{slot}"}


def targets(page: Page) -> list[str]:
    return [one.attributes["hx-target"] for one in page.elements if one.tag in ("hx-upsert", "hx-partial")]


def test_the_form_of_a_conversation_opens_in_a_slot_and_is_a_page_otherwise(
    as_ben: Client, room: Conversation
) -> None:
    address = reverse("message_send", args=[room.pk])
    page = Page(as_ben.get(address, headers=in_slot(f"g-{room.pk}")))
    assert not page.is_whole
    assert page.field_value() == ""
    for headers in (FRAGMENT, {}):
        assert as_ben.get(address, headers=headers)["Location"] == reverse("conversation", args=[room.pk])


def test_what_was_sent_is_shown_below_its_group(as_ben: Client, room: Conversation) -> None:
    address, headers = reverse("message_send", args=[room.pk]), in_slot(f"g-{room.pk}")
    page = Page(as_ben.post(address, {"content": "Aye", "client_id": str(uuid4())}, headers=headers))
    assert f"#answers-{room.pk}" in targets(page)
    assert f"i-{Message.objects.get().pk}" in {one.attributes.get("id") for one in page.elements}


def test_a_refused_text_stays_in_the_form_with_the_reason(as_ben: Client, room: Conversation) -> None:
    address, headers = reverse("message_send", args=[room.pk]), in_slot(f"g-{room.pk}")
    answer = as_ben.post(address, {"content": "x" * 20_000, "client_id": str(uuid4())}, headers=headers)
    page = Page(answer)
    assert answer.status_code == 422
    assert page.field_value().startswith("xxx")
    assert [one.attributes["action"] for one in page.elements if one.tag == "form"] == [address]
    assert page.all("errors")


@pytest.mark.parametrize("slot", ["g-7-12", "i-12"])
def test_a_reply_is_shown_below_the_group_of_its_thread_or_else_of_its_conversation(
    as_ben: Client, room: Conversation, ada: User, slot: str
) -> None:
    root = post(room, ada, "root")
    address = reverse("message_reply", args=[root.pk])
    page = Page(as_ben.post(address, {"content": "Aye"}, headers=in_slot(slot)))
    group = f"#answers-{room.pk}-{root.pk}"
    assert f"{group}, body:not(:has({group})) #answers-{room.pk}" in targets(page)
    elsewhere = Page(as_ben.post(address, {"content": "No"}, headers=in_slot(f"m-{root.pk}")))
    assert not [one for one in targets(elsewhere) if "answers" in one]


@pytest.mark.parametrize("slot", ["i", "m", "t"])
def test_an_edit_changes_the_message_in_the_inbox_too(
    as_ben: Client, room: Conversation, ben: User, slot: str
) -> None:
    mine = post(room, ben, "Aye")
    address = reverse("message_edit", args=[mine.pk])
    fields = {"content": "Aye aye", "revision": "0"}
    page = Page(as_ben.post(address, fields, headers=in_slot(f"{slot}-{mine.pk}")))
    assert (f"#i-{mine.pk} > .message" in targets(page)) == (slot == "i")
