"""Reports: who may review them, what is decided, and what remains of them."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from messaging.models import AuditEntry, Conversation, Installation, Membership, Message, Report, User
from messaging.models.accounts.reporting import decide, decisions_for, report
from messaging.models.accounts.reports import delete_decided_reports, reviewers_of
from messaging.models.db.refusals import Gone, Refused
from messaging.models.messages.block_list import key_of
from messaging.models.messages.saving import post
from messaging.models.messages.uploading import upload
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
NOTHING, WARNED, REMOVED, DEACTIVATED = Report.Decision
HARASSMENT = Report.Reason.HARASSMENT


@pytest.fixture
def admin(db: None) -> User:
    return UserFactory.create(username="admin", role=User.Role.ADMINISTRATOR)


@pytest.fixture
def bad(room: Conversation, ada: User, admin: User) -> Message:
    return post(room, ada, "You fool")


@pytest.fixture
def reported(bad: Message, ben: User) -> Report:
    return report(bad, ben, HARASSMENT, "Not the first time")


def told(person: User) -> list[str]:
    """What was written to the person directly."""
    return list(Message.objects.filter(receiver=person).order_by("pk").values_list("content", flat=True))


def reviewers(found: Report) -> set[str]:
    may = {one.username for one in User.objects.all() if Report.objects.all().to_review_by(one).exists()}
    assert may == set(reviewers_of(found).values_list("username", flat=True))
    return may


def test_a_report_keeps_the_message_as_it_was(bad: Message, reported: Report) -> None:
    bad.content = "You are kind"
    bad.save()
    bad.remove(by=bad.sender)
    reported.refresh_from_db()
    assert (reported.text, reported.sent_at, reported.note) == (
        "You fool",
        bad.timestamp,
        "Not the first time",
    )


def test_the_names_of_files_are_kept(room: Conversation, ada: User, ben: User, admin: User) -> None:
    file = upload(SimpleUploadedFile("rude.txt", b"You fool"), ada)
    message = post(room, ada, "", files=[file.pk])
    assert report(message, ben, HARASSMENT).file_names == ["rude.txt"]


def test_reporting_again_changes_nothing_until_it_is_decided(
    bad: Message, reported: Report, ben: User, cleo: User, admin: User
) -> None:
    assert report(bad, ben, Report.Reason.SPAM) == reported
    assert report(bad, cleo, Report.Reason.SPAM) != reported
    decide(reported, NOTHING, admin)
    assert report(bad, ben, Report.Reason.SPAM) != reported


def test_ones_own_and_removed_messages_cannot_be_reported(bad: Message, ada: User, ben: User) -> None:
    with pytest.raises(Refused, match="your own"):
        report(bad, ada, HARASSMENT)
    bad.remove(by=ada)
    with pytest.raises(Gone):
        report(bad, ben, HARASSMENT)


def test_a_report_that_nobody_could_decide_is_refused(room: Conversation, ada: User, ben: User) -> None:
    message = post(room, ada, "I am the only one here who moderates")
    assert list(reviewers_of(Report(conversation=room, author=ada))) == []
    with pytest.raises(Refused, match="Nobody but its author"):
        report(message, ben, HARASSMENT)
    assert not Report.objects.exists()


def test_who_may_review(room: Conversation, bad: Message, ben: User, cleo: User, admin: User) -> None:
    """In a room its moderators and the site's administrators; elsewhere the latter; never the author."""
    moderator = UserFactory.create(username="mod")
    Membership.objects.add(room, [moderator], role=Membership.Role.MODERATOR)
    UserFactory.create(username="owner", role=User.Role.OWNER)
    found = report(bad, ben, HARASSMENT)
    assert reviewers(found) == {"mod", "admin", "owner"}  # ada made the room, and wrote it
    assert User.objects.get(username="mod").has_new_reports
    assert not User.objects.get(username="cleo").has_new_reports
    Report.objects.all().delete()
    direct = post(Conversation.objects.direct(admin, ben), admin, "Fool")
    assert reviewers(report(direct, ben, HARASSMENT)) == {"owner"}


def test_nothing_is_done_and_the_reporter_is_told(
    reported: Report, ben: User, ada: User, admin: User
) -> None:
    decide(reported, NOTHING, admin)
    assert told(ben) == [
        "Thank you for your report. Nothing had to be done. Your settings list your reports."
    ]
    assert told(ada) == []
    entry = AuditEntry.objects.get()
    assert (entry.act, entry.actor, entry.person) == ("decided_report", admin, ada)
    assert entry.details == {"decision": "nothing"}


def test_the_author_is_warned(reported: Report, ada: User, ben: User, admin: User) -> None:
    with pytest.raises(ValidationError):
        decide(reported, WARNED, admin, "  ")
    decide(reported, WARNED, admin, "Please be kind")
    assert told(ada) == ["Please be kind"]
    assert "The author was warned" in told(ben)[0]


def test_an_administrator_removes_it_without_being_a_member(
    reported: Report, bad: Message, ada: User, admin: User
) -> None:
    with pytest.raises(ValidationError):
        bad.remove(by=admin)  # as ever, outside of a report
    decide(reported, REMOVED, admin, "Insult")
    bad.refresh_from_db()
    assert (bad.is_removed, bad.removed_by, bad.removal_reason) == (True, admin, "Insult")
    acts = AuditEntry.objects.order_by("pk").values_list("act", flat=True)
    assert list(acts) == ["decided_report", "removed_message"]


def test_a_message_of_a_direct_conversation_is_removed_too(ada: User, ben: User, admin: User) -> None:
    message = post(Conversation.objects.direct(ada, ben), ada, "You fool")
    decide(report(message, ben, HARASSMENT), REMOVED, admin, "Insult")
    message.refresh_from_db()
    assert message.is_removed
    assert AuditEntry.objects.get(act="decided_report").conversation is None


def test_an_account_is_deactivated_by_who_may(
    room: Conversation, reported: Report, ada: User, cleo: User, admin: User
) -> None:
    Membership.objects.filter(user=cleo).update(role=Membership.Role.MODERATOR)
    assert DEACTIVATED not in decisions_for(reported, cleo)
    with pytest.raises(Refused):
        decide(reported, DEACTIVATED, cleo)
    decide(reported, DEACTIVATED, admin)
    ada.refresh_from_db()
    assert not ada.is_active


def test_of_two_decisions_the_first_counts(reported: Report, ben: User, admin: User) -> None:
    decide(reported, NOTHING, admin)
    with pytest.raises(Refused, match="already"):
        decide(reported, NOTHING, admin)
    assert len(told(ben)) == 1


def test_what_is_decided_too_late_is_not_done(reported: Report, ada: User, ben: User, admin: User) -> None:
    decide(reported, NOTHING, admin)
    for late in (WARNED, REMOVED, DEACTIVATED):
        with pytest.raises(Refused, match="already"):
            decide(reported, late, admin, "Too late")
    ada.refresh_from_db()
    assert ada.is_active
    assert told(ada) == []
    assert not Message.rows.get(pk=reported.about).is_removed


def test_a_decision_that_cannot_be_carried_out_leaves_the_report_open(
    reported: Report, ada: User, ben: User, admin: User
) -> None:
    with pytest.raises(ValidationError):
        decide(reported, REMOVED, admin, "x" * 10_000)
    assert Report.objects.open().get() == reported
    Installation.objects.row().update(blocked_words="thank", block_key=key_of("thank", ""))
    decide(reported, NOTHING, admin)  # the reporter cannot be told
    assert told(ben) == []
    assert not Report.objects.open().exists()


def test_what_remains_of_a_report(
    room: Conversation, reported: Report, ada: User, ben: User, admin: User
) -> None:
    """Without the reporter the report, without their name and their words; without the author nothing."""
    direct = report(post(Conversation.objects.direct(ada, ben), ada, "Fool"), ben, HARASSMENT)
    ben.delete()
    reported.refresh_from_db()
    assert (reported.reporter, reported.note, reported.text) == (None, "", "You fool")
    assert not Report.objects.filter(pk=direct.pk).exists()  # it was a message to ben
    decide(reported, NOTHING, admin)
    ada.delete()
    assert not Report.objects.exists()


def test_a_decided_report_is_deleted_after_ninety_days(reported: Report, admin: User) -> None:
    Report.objects.update(at=timezone.now() - timedelta(days=400))
    delete_decided_reports.call()
    decide(reported, NOTHING, admin)
    delete_decided_reports.call()
    assert Report.objects.exists()
    Report.objects.update(decided_at=timezone.now() - timedelta(days=91))
    delete_decided_reports.call()
    assert not Report.objects.exists()
