"""The pages on which rules are set: first the numbers, then a confirmation that names them."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from messaging.models import AuditEntry, Conversation, Message, RetentionRun, User
from messaging.models.inbox.saved import save_message
from messaging.models.messages.saving import post
from messaging.models.messages.uploading import upload
from messaging.models.retention.expired import of_site
from messaging.models.site.retention import RoomRules, Rule, retention_from
from tests.models.retention.conftest import aged, rule_of_room, rule_of_site

pytestmark = pytest.mark.django_db
FORM = {"days": "90", "keeps_pinned": "on", "keeps_saved": "on", "rooms": "none"}


@pytest.fixture
def admin(client: Client, ada: User) -> Client:
    User.objects.filter(pk=ada.pk).update(role=User.Role.ADMINISTRATOR)
    ada.refresh_from_db()
    client.force_login(ada)
    return client


@pytest.fixture
def old_messages(room: Conversation, ada: User, ben: User) -> None:
    file = upload(SimpleUploadedFile("plan.txt", b"four bytes"), ada)
    aged(post(room, ada, "with a file", files=[file.pk]), 200)
    hidden = Conversation.objects.create_room("hidden-away", ben, is_private=True)
    aged(post(hidden, ben, "secret"), 300)
    aged(post(Conversation.objects.direct(ben, ben), ben, "note"), 400)
    post(room, ada, "new")


@pytest.mark.usefixtures("old_messages")
def test_the_numbers_are_shown_and_confirmed_before_a_rule_is_set(
    admin: Client,
) -> None:
    url = reverse("site_retention")
    page = admin.post(url, FORM).content.decode()
    assert "Delete at most 3 messages in 24 hours" in page
    assert "3 messages with 1 file" in page
    assert "# Harbour" in page
    assert re.search(r"rooms that you cannot see</dt><dd>\s*2 messages\s*</dd>", page)
    assert page.count("· since") == 1, "When others wrote where the person cannot see it is not said."
    assert "hidden-away" not in page
    assert not of_site().is_pending
    again = admin.post(url, {**FORM, "deletes": "2"}).content.decode()
    assert "Delete at most 3 messages in 24 hours" in again, "One more has come to them since."
    assert admin.post(url, {**FORM, "deletes": "3"}).status_code == 302
    assert of_site().is_pending
    assert Message.rows.count() == 4
    page = admin.get(url).content.decode()
    assert "Withdraw" in page
    admin.post(reverse("site_retention_withdraw"))
    assert not of_site().is_pending
    log = admin.get(reverse("audit_log")).content.decode()
    assert "set how long messages are kept" in log
    assert "for ever → 90" in log


def test_what_was_typed_wrong_is_said_and_kept(admin: Client) -> None:
    for days in ("0", "-3", "1e9", "99999999999999999999", "soon"):
        answer = admin.post(reverse("site_retention"), {**FORM, "days": days})
        assert answer.status_code == 422, days
        assert f'value="{days}"' in answer.content.decode()
    assert not AuditEntry.objects.exists()


def test_a_milder_rule_is_saved_without_a_question(admin: Client) -> None:
    rule_of_site(Rule(30))
    assert admin.post(reverse("site_retention"), {**FORM, "days": ""}).status_code == 302
    assert of_site().rule == Rule()


@pytest.mark.usefixtures("old_messages")
def test_a_room_sets_its_own_rule(client: Client, room: Conversation, ada: User) -> None:
    client.force_login(ada)
    url, form = reverse("room_retention", args=[room.pk]), {**FORM, "own": "own", "days": "90"}
    settings = reverse("conversation_settings", args=[room.pk])
    assert "have not allowed" in client.get(url).content.decode()
    assert url not in client.get(settings).content.decode()
    assert client.post(url, form).status_code == 422
    rule_of_site(Rule(365, rooms=RoomRules.SHORTER))
    for days in ("366", ""):
        answer = client.post(url, {**form, "days": days})
        assert (answer.status_code, b"at most 365 days" in answer.content) == (422, True)
    assert url in client.get(settings).content.decode()
    assert "Delete at most 1 message in 24 hours" in client.post(url, form).content.decode()
    assert client.post(url, {**form, "deletes": "1"}).status_code == 302
    room.refresh_from_db()
    assert retention_from(room.retention).announced == Rule(90)
    assert "Withdraw" in client.get(url).content.decode()
    client.post(reverse("room_retention_withdraw", args=[room.pk]))
    room.refresh_from_db()
    assert room.retention is None


def test_a_room_cannot_keep_what_the_site_deletes(client: Client, room: Conversation, ada: User) -> None:
    client.force_login(ada)
    url = reverse("room_retention", args=[room.pk])
    rule_of_site(Rule(365, keeps_pinned=False, keeps_saved=False, rooms=RoomRules.SHORTER))
    answer = client.post(url, {"own": "own", "days": "90", "keeps_pinned": "on", "keeps_saved": "on"})
    assert answer.status_code == 422
    for what in ("pinned", "saved"):
        assert f"On this site {what} messages are deleted too" in answer.content.decode()
    rule_of_site(Rule(365, keeps_pinned=False, rooms=RoomRules.ANY))
    assert client.post(url, {"own": "own", "days": "365", "keeps_pinned": "on"}).status_code == 200


def test_going_back_to_the_rule_of_the_site_can_be_announced_too(
    client: Client, room: Conversation, ada: User
) -> None:
    rule_of_site(Rule(30, rooms=RoomRules.ANY))
    rule_of_room(room, Rule(90))
    client.force_login(ada)
    url = reverse("room_retention", args=[room.pk])
    client.post(url, {"own": "site", "deletes": "0"})
    assert "on, the rule of the site applies." in client.get(url).content.decode()
    room.refresh_from_db()
    starts_at = retention_from(room.retention).starts_at
    assert starts_at
    line = client.get(reverse("conversation", args=[room.pk])).content.decode()
    assert f'From <time datetime="{starts_at:%Y-%m-%dT%H:%M}' in line
    assert "</time> on, messages here are deleted after 30 days." in line
    rule_of_site(Rule(30))
    assert url in client.get(reverse("conversation_settings", args=[room.pk])).content.decode()


def test_members_see_the_rule_in_the_room(client: Client, room: Conversation, ben: User) -> None:
    client.force_login(ben)
    names = ("conversation", "conversation_fresh", "conversation_title")
    pages = [reverse(name, args=[room.pk]) for name in names]
    for page in pages:
        assert "deleted after" not in client.get(page).content.decode()
    settings = client.get(reverse("conversation_settings", args=[room.pk])).content.decode()
    assert "Messages are kept for ever." in settings
    rule_of_site(Rule(90))
    for page in pages:
        assert "Messages here are deleted after 90 days." in client.get(page).content.decode()
    settings = client.get(reverse("conversation_settings", args=[room.pk])).content.decode()
    assert "Messages are deleted after 90 days, with their files." in settings


def test_a_tombstone_says_why_it_is_there(client: Client, room: Conversation, ada: User, ben: User) -> None:
    root = aged(post(room, ada, "root"), 100)
    post(room, ben, "answer", parent=root)
    rule_of_site(Rule(90))
    call_command("retention", stdout=io.StringIO())
    client.force_login(ben)
    for page in (reverse("conversation", args=[room.pk]), reverse("thread", args=[root.pk])):
        assert "Deleted because of its age" in client.get(page).content.decode()


@pytest.mark.usefixtures("old_messages")
def test_the_command_says_what_it_would_delete_and_deletes_it(room: Conversation) -> None:
    def output(*arguments: str) -> str:
        out = io.StringIO()
        call_command("retention", *arguments, stdout=out)
        return out.getvalue()

    assert output("--dry-run") == "0 messages, 0 files (0\xa0bytes).\n"
    shown = output("--dry-run", "--days", "250")
    assert "hidden-away: 1 messages" in shown
    assert shown.endswith("2 messages, 0 files (0\xa0bytes).\n")
    assert Message.rows.count() == 4
    rule_of_site(Rule(90))
    RetentionRun.objects.create(pk=1, at=Conversation.objects.latest("pk").pk)  # it has passed all others
    assert output() == "Deleted: 3 messages, 1 files (10\xa0bytes).\n"
    assert not RetentionRun.objects.exists()
    assert list(Message.rows.values_list("content", flat=True)) == ["new"]
    assert output() == "Nothing is old enough.\n"


@pytest.mark.usefixtures("old_messages")
def test_the_numbers_do_not_tell_who_saved_what(
    admin: Client, room: Conversation, ada: User, ben: User
) -> None:
    """An administrator could ask for each day with and without the exception for saved messages."""
    save_message(ben, aged(post(room, ada, "saved by Ben"), 120))
    rule_of_site(Rule(rooms=RoomRules.ANY))
    for url in (reverse("site_retention"), reverse("room_retention", args=[room.pk])):
        form = {**FORM, "own": "own", "rooms": "any"}
        numbers = []
        for is_kept in (True, False):
            if not is_kept:
                del form["keeps_saved"]
            page = admin.post(url, form).content.decode()
            numbers.append(re.findall(r"\d+ messages? with 1 file|name=\"deletes\" value=\"\d+\"", page))
            assert ("would be at most:" in page) == is_kept
        assert numbers[0] == numbers[1]
        assert "2 messages with 1 file" in numbers[0] or "4 messages with 1 file" in numbers[0]


def test_the_numbers_take_as_many_queries_for_many_rooms_and_rules(admin: Client, ada: User) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            answer = admin.post(reverse("site_retention"), {**FORM, "rooms": "any"})
            assert answer.status_code == 200
        assert f"Delete at most {Conversation.objects.count()} " in answer.content.decode()
        return len(queries)

    def more(number: int) -> None:
        for one in range(number):
            made = Conversation.objects.create_room(f"room {Conversation.objects.count()} {one}", ada)
            aged(post(made, ada, "old"), 100)
            if one % 2:
                rule_of_room(made, Rule(20 + Conversation.objects.count()))

    more(4)
    few = asked()
    more(8)
    assert asked() == few
