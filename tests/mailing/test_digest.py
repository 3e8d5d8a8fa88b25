"""What a weekly digest says, received by a real mail server."""

import pytest
from django.test import Client

from messaging.models import Conversation, Digest, Installation, Message, User
from messaging.models.inbox.blocking import block
from messaging.models.messages.reacting import react
from messaging.models.messages.saving import post
from messaging.models.people.preferences import MissedMails
from messaging.models.rooms.members import add, leave, remove_member
from messaging.models.rooms.settings import archive
from tests.factories import RoomFactory, UserFactory
from tests.mailing.conftest import MailServer
from tests.mailing.receiving import MONDAY, SUNDAY, at, digests_go_out, subscribe, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.backends]


def test_a_digest_tells_what_waits_where_most_is_new_and_new_rooms(
    mail_server: MailServer, ada: User, ben: User, room: Conversation
) -> None:
    with at("2027-02-01T12:00:00+00:00"):
        old = RoomFactory.create(name="old-room", by=ada)
        post(Conversation.objects.direct(ada, ben), ada, "Of a month ago")
    with at(SUNDAY):
        cem = UserFactory.create(username="cem")
        add(room, cem)
        subscribe(ben)
        for number in range(5):
            post(Conversation.objects.direct(ada, ben), ada, f"direct{number}")
        question = post(room, ben, "When does the ferry leave?")
        post(room, ada, "At noon, I <think>", parent=question)
        root = post(room, ada, "Who paints the boats?")
        for number in range(3):
            post(room, cem, f"Me {number}", parent=root)
        react(root, cem, "👍")
        RoomFactory.create(name="lighthouse", by=ada, topic="The lamp")
        RoomFactory.create(name="hidden-room", by=ada, is_private=True)
    digests_go_out(MONDAY)
    (mail,) = mail_server.received
    text, html = text_of(mail), text_of(mail, "html")
    assert mail["To"] == "Ben <ben@example.org>"
    assert mail["Subject"] == "Your week · Harbour"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"]
    for place in (text, html):
        assert "6 messages wait for you" in place
        assert "2 earlier messages." in place
        assert "direct0" not in place
        assert "direct4" in place
        assert "You follow this thread because you began it" in place
        assert "2 new messages" in place  # the reply that waits, and a root
        assert "Who paints the boats?" in place
        assert "3 new replies · 1 new reaction" in place
        assert "#lighthouse" in place
        assert "The lamp" in place
        assert "because you switched on the weekly digest of Harbour" in place
        assert "http://127.0.0.1:8000/account/notifications/#digest" in place
        for absent in ("Of a month ago", "hidden-room", "old-room"):
            assert absent not in place
    assert "At noon, I <think>" in text
    assert "At noon, I &lt;think&gt;" in html
    assert old.pk


def test_nothing_is_sent_if_there_is_nothing_to_tell(
    mail_server: MailServer, ada: User, ben: User, room: Conversation
) -> None:
    Conversation.objects.update(created_at=None)
    with at("2027-02-01T12:00:00+00:00"):
        post(room, ada, "Long ago, @ben")
    with at(SUNDAY):
        subscribe(ben)
        post(room, ben, "My own words")
        read = post(room, ada, "Read, @ben")
        Message.unread_messages.mark_as_read_for_user(ben, [read.pk])
    digests_go_out(MONDAY)
    assert mail_server.received == []
    assert Digest.objects.get().due_at  # the next one is planned


@pytest.mark.parametrize("by", ["site", "person", "person wants no other mails"])
def test_words_can_be_left_out(
    mail_server: MailServer, ada: User, ben: User, room: Conversation, by: str
) -> None:
    if by == "site":
        Installation.objects.row().update(mail_texts=False)
    else:
        kind = MissedMails.NAMES if by == "person" else MissedMails.OFF
        User.objects.filter(pk=ben.pk).update(missed_mails_are=kind)
    with at(SUNDAY):
        subscribe(ben)
        post(Conversation.objects.direct(ada, ben), ada, "A secret")
        root = post(room, ada, "A secret root")
        for _ in range(2):
            post(room, ada, "A secret reply", parent=root)
        RoomFactory.create(name="lighthouse", by=ada, topic="A secret topic")
    digests_go_out(MONDAY)
    (mail,) = mail_server.received
    for place in (text_of(mail), text_of(mail, "html")):
        assert "secret" not in place
        for present in (
            "1 message waits for you",
            "Ada",
            "A thread in #quay",
            "2 new replies",
            "#lighthouse",
        ):
            assert present in place


def test_words_of_places_and_people_that_the_reader_may_not_or_will_not_see_are_left_out(
    mail_server: MailServer, ada: User, ben: User, room: Conversation
) -> None:
    """Everything is decided when it is composed."""
    with at(SUNDAY):
        subscribe(ben)
        dora = UserFactory.create(username="dora")
        places = {
            name: RoomFactory.create(name=name, by=ada, members=[ben, dora])
            for name in ("left", "arch", "mute")
        }
        add(room, dora)
        for place in (*places.values(), room):
            root = post(place, dora, f"planted in {place.name}")
            for number in range(3):
                react(post(place, dora, f"planted {number} for @ben", parent=root), ada, "👍")
        root = post(room, ada, "A root of Ada's")
        for _ in range(2):
            react(post(room, dora, "planted reply", parent=root), dora, "👍")
        RoomFactory.create(name="planted-room", by=dora)
        remove_member(RoomFactory.create(name="planted-banned", by=ada, members=[ben]), ben, by=ada)
        remove_member(RoomFactory.create(name="planted-given-up", by=ben, members=[ada]), ben, by=ben)
        kept = post(room, ada, "Of Ada")
        leave(places["left"], ben)
        archive(places["arch"], by=ada)
        places["mute"].memberships.filter(user=ben).update(notification_level="muted")
        post(places["mute"], ada, "planted in a muted room, @ben")
        block(ben, dora)
    digests_go_out(MONDAY)
    (mail,) = mail_server.received
    for form in (text_of(mail), text_of(mail, "html")):
        assert "#quay" in form
        assert "2 new messages" in form  # both of Ada's
        for absent in ("planted", "Dora", "#left", "#arch", "#mute", "active threads"):
            assert absent not in form
    assert kept.pk


def test_one_click_ends_the_digest_and_nothing_else(
    mail_server: MailServer, ada: User, ben: User, room: Conversation
) -> None:
    with at(SUNDAY):
        subscribe(ben)
        post(room, ada, "For @ben")
    digests_go_out(MONDAY)
    (mail,) = mail_server.received
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = mail["List-Unsubscribe"].strip(" <>").replace("http://127.0.0.1:8000", "")
    strict = Client(enforce_csrf_checks=True)
    asked = strict.get(link)  # mail servers follow links
    assert "weekly" in asked.content.decode().lower()
    assert Digest.objects.get().is_wanted
    done = strict.post(link, {"List-Unsubscribe": "One-Click"})
    assert "<bdi>Ben</bdi> gets no more weekly digests" in done.content.decode()
    assert User.objects.get(pk=ben.pk).missed_mails_are == MissedMails.TEXT
    assert not Digest.objects.get().is_wanted
    with at("2027-03-14T12:00:00+00:00"):
        post(room, ada, "Once more for @ben")
    digests_go_out("2027-03-15T08:01:00+00:00")
    assert len(mail_server.received) == 1
    token = link.rstrip("/").rpartition("/")[2]
    assert strict.post(f"/mail/off/{token}/").status_code == 404  # the link of the other mails
    assert strict.post(link[:-3] + "x/").status_code == 404
