"""A site that was exported, imported and exported again is the same site."""

import re
from datetime import time, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core import mail
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from messaging.background.models import QueuedTask
from messaging.models import (
    AuditEntry,
    Conversation,
    Installation,
    Message,
    Notification,
    Poll,
    PollVote,
    SearchText,
    User,
)
from messaging.models.inbox.sidebar import sidebar_of
from messaging.models.messages.poll_results import poll_results
from messaging.models.messages.saving import post
from tests.archive.site.conftest import Export, comparable, files, imported, lines
from tests.archive.site.full_site import ANONYMOUS, build
from tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.backends]
# An import brings these from other lines, or they are of one installation alone.
NOT_COUNTED = {
    "AuditEntry",
    "FileToDelete",
    "Later",
    "LinkPreview",
    "PollVote",
    "QueuedTask",
    "SocialAccount",
}


def counts() -> dict[str, int]:
    return {
        model.__name__: model._base_manager.count()
        for model in apps.get_app_config("messaging").get_models()
        if model.__name__ not in NOT_COUNTED
    }


def stored_messages() -> list[Any]:
    """The rows of messages as they are stored, with the names of emoji pictures left out."""
    columns = (
        "pk conversation sender receiver parent_message thread_root depth content content_html timestamp"
        " edited edited_at read removed_at removed_by removal_reason is_expired pinned_at pinned_by seq"
        " client_id file_count has_poll has_link_previews is_ticked_by_all"
    )
    rows = Message.rows.order_by("pk").values_list(*columns.split())
    return [tuple(re.sub(r"[0-9a-f]{32}", "…", v) if isinstance(v, str) else v for v in row) for row in rows]


def stored_conversations() -> list[Any]:
    columns = (
        "pk kind name name_order room_key direct_key external_id removed_members last_message_at retention"
    )
    return list(Conversation.objects.order_by("pk").values_list(*columns.split()))


def unread() -> list[Any]:
    """Whom messages are for, and what is searched of messages."""
    rows = Notification.objects.order_by("message", "user")
    return list(rows.values_list("message", "user", "conversation", "thread_root", "reason")) + list(
        SearchText.objects.order_by("message").values_list("message", "text")
    )


def test_an_imported_site_is_and_exports_as_the_same_site(export: Export) -> None:
    with transaction.atomic():
        build()
        whole = export("whole", "--with-private")
        before = counts(), stored_messages(), unread(), stored_conversations()
        transaction.set_rollback(True)
    assert "1 anonymous polls that were open are ended" in imported(whole)
    after = counts(), stored_messages(), unread(), stored_conversations()
    assert after[0] == before[0]
    # What somebody put off is unread again; its message says so.
    assert [row[:12] + row[13:] for row in after[1]] == [row[:12] + row[13:] for row in before[1]]
    assert after[2:] == before[2:]
    again = export("again", "--with-private")
    assert comparable(again) == comparable(whole)
    assert files(again) == files(whole)


def test_an_export_without_private_rows_is_imported_too(export: Export) -> None:
    with transaction.atomic():
        build()
        team = export("team")
        transaction.set_rollback(True)
    imported(team)
    assert {room.kind for room in Conversation.objects.all()} == {Conversation.Kind.ROOM}
    assert Installation.objects.current().keywords_key == ""
    assert comparable(export("again")) == comparable(team)
    assert User.objects.filter(sections=[]).count() == 4


def test_everybody_finds_their_rooms_messages_and_badges_again(whole: Path) -> None:
    imported(whole)
    for user in User.objects.filter(is_active=True):
        client = Client()
        client.force_login(user)
        for conversation in Conversation.objects.visible_to(user):
            answer = client.get(reverse("conversation", args=[conversation.pk]))
            newest = conversation.messages.filter(parent_message=None, removed_at=None).latest("seq")
            assert answer.status_code == 200
            assert f'id="m-{newest.pk}"' in answer.content.decode()
        for name in ("inbox", "saved_list", "draft_list"):
            assert client.get(reverse(name)).status_code == 200
    ben = User.objects.get(username="ben")
    assert sidebar_of(ben).personal
    assert ben.digest.due_at > timezone.now() + timedelta(days=3)  # the last one was three days ago
    room = Conversation.objects.get(name="garden")
    client = Client()
    client.force_login(ben)
    with_file = Message.rows.get(conversation=room, file_count=5)
    html = client.get(reverse("conversation", args=[room.pk])).content.decode()
    notes = with_file.files.earliest("order")
    voice = with_file.files.latest("order")
    assert (voice.waveform, voice.seconds, voice.is_voice) == ("07f", 12, True)
    assert f"/files/{notes.pk}/" in html
    answer = client.get(re.search(rf'"(/files/{notes.pk}/[^"]*)"', html)[1])  # type: ignore[index]
    assert b"".join(answer) == b"def rake():\n    return 'leaves'\n"
    found = client.get(reverse("search"), {"q": "answered"}).content.decode()
    assert "what is gone" in found


def test_new_rows_get_new_ids_after_an_import(whole: Path) -> None:
    imported(whole)
    ada = User.objects.get(username="ada")
    newest = Message.rows.latest("pk").pk
    garden = Conversation.objects.get(name="garden")
    sent = post(garden, ada, "Written here")
    assert sent.pk > newest
    assert sent.seq > garden.messages.exclude(pk=sent.pk).latest("seq").seq
    eve = UserFactory.create()
    assert post(Conversation.objects.create_room("orchard", eve), eve, "First").pk > sent.pk


def test_an_anonymous_poll_stays_anonymous_and_keeps_its_numbers(whole: Path) -> None:
    anonymous = [
        line["poll"] for line in lines(whole, "messages-00001") if line.get("poll", {}).get("voters")
    ]
    numbers = [{"text": ANONYMOUS[0], "votes": 2}, {"text": ANONYMOUS[1], "votes": 1}]
    assert [(poll["voters"], poll["choices"]) for poll in anonymous] == [(2, numbers)]
    imported(whole)
    poll = Poll.objects.get(is_anonymous=True)
    assert not PollVote.objects.filter(message=poll.pk).exists()
    result = poll_results([Message.rows.get(pk=poll.pk)])[poll.pk]
    assert (result.voters, [choice.votes for choice in result.choices]) == (2, [2, 1])
    assert not result.poll.is_open  # nobody knows who has voted


def test_tasks_wait_again_for_their_times_and_nobody_is_mailed(whole: Path) -> None:
    imported(whole)
    waiting = {task.rpartition(".")[2] for task in QueuedTask.objects.values_list("task", flat=True)}
    assert {"remind_when_due", "send_when_due", "prepare_picture"} <= waiting
    assert not apps.get_model("messaging", "MissedMail").objects.exists()


def test_keywords_notify_again_and_hours_stay_quiet(whole: Path) -> None:
    imported(whole)
    cleo = User.objects.get(username="cleo")
    assert dict(cleo.keywords.values_list("word", "folded")) == {"Answered": "answered"}
    assert (cleo.quiet_from, cleo.quiet_to, cleo.quiet_hours_on) == (time(21, 30), time(8), 31)
    sent = post(
        Conversation.objects.get(name="garden"), User.objects.get(username="ada"), "Has she answered?"
    )
    assert cleo.notifications.get(message=sent).reason == Notification.Reason.KEYWORD


def test_nobody_has_a_password_and_the_export_and_import_are_in_the_audit_log(whole: Path) -> None:
    imported(whole)
    assert not any(user.has_usable_password() for user in User.objects.all())
    ada = User.objects.get(username="ada")
    assert (ada.role, ada.is_superuser, ada.email_confirmed) == (User.Role.OWNER, True, True)
    acts = list(AuditEntry.objects.order_by("pk").values_list("act", "details"))[-2:]
    assert acts == [("exported_site", {"private": True}), ("imported_site", {})]
    client = Client()
    client.force_login(ada)
    page = client.get(reverse("audit_log")).content.decode()
    assert "A command on the server exported the site" in page


def test_people_of_an_imported_site_get_in_by_the_existing_ways(whole: Path, settings: Settings) -> None:
    imported(whole)
    settings.HAS_MAIL_SERVER = True
    Client().post(reverse("account_reset_password"), {"email": "ada@sea.test"})
    assert [letter.to for letter in mail.outbox] == [["ada@sea.test"]]
    out = StringIO()
    call_command("sign_in_link", stdout=out)
    link = re.findall(r"http\S+", out.getvalue())[0].partition("//")[2].partition("/")[2]
    owner = Client()
    assert owner.post(f"/{link}").status_code == 302
    assert owner.get(reverse("inbox")).status_code == 200
    made = owner.post(reverse("person_reset_link", args=[User.objects.get(username="cleo").pk]))
    assert "/account/password/reset/key/" in made.content.decode()
