"""After an account was deleted, its owner's words are nowhere: not in the database's bytes, a cache, a
session, a file, a log, an export or a stream. What others wrote is unchanged.
"""

import hashlib
import io
import pickle
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4
from zipfile import ZipFile

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from messaging.models import Conversation, Invitation, Membership, Message, MessageHistory, User
from messaging.models.accounts.reporting import report
from messaging.models.inbox.sections import create_section
from messaging.models.inbox.status import set_status
from messaging.models.messages.keywords import checked_keywords, save_keywords
from messaging.models.messages.polls import NewPoll
from messaging.models.messages.saving import post
from messaging.models.messages.scheduling import schedule
from messaging.models.messages.uploading import upload
from messaging.models.messages.voting import vote
from messaging.models.people.push_subscription import PushSubscription
from messaging.models.rooms.members import add
from tests.drafts import draft
from tests.factories import UserFactory, link_preview, stored_picture
from tests.live.conftest import Listen
from tests.live.stored_files import MEDIA, in_files
from tests.live.test_presence import online
from tests.live.text_columns import OTHER, PLANTED, columns_with, text_columns
from tests.models.traces import encoded_sessions, in_caches, traces
from tests.queue import run_daily_tasks

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.backends,
    pytest.mark.usefixtures("no_stored_files"),
]
WORD = "xylophone"
PASSWORD = "three grey seals"


def words_of_others(leaver: int) -> str:
    """A hash of what everybody else wrote in rooms and groups, with its earlier texts."""
    rows = Message.rows.exclude(sender=leaver).filter(receiver=None, removed_at=None).order_by("pk")
    texts = MessageHistory.objects.filter(message__in=rows).order_by("pk")
    stored = [
        *rows.values_list("pk", "seq", "content", "content_html"),
        *texts.values_list("pk", "old_content"),
    ]
    return hashlib.sha256(pickle.dumps(stored)).hexdigest()


@pytest.fixture
def zoe(transactional_db: None) -> User:
    person = UserFactory.create(username=f"{WORD}-zoe", display_name=f"{WORD} Zoe", email=f"{WORD}@sea.test")
    person.set_password(PASSWORD)
    person.role = User.Role.ADMINISTRATOR
    person.save()
    return person


@pytest.fixture
def planted(zoe: User, ada: User, ben: User, room: Conversation) -> Conversation:
    """The room, after Zoe wrote the word in every kind of text."""
    add(room, zoe, role=Membership.Role.MODERATOR)
    set_status(zoe, f"{WORD} at lunch")
    create_section(zoe, f"{WORD} and work")
    save_keywords(zoe, checked_keywords([WORD]))
    zoe.set_avatar(stored_picture())
    zoe.save()
    for is_sent in (True, False):
        file = upload(SimpleUploadedFile(f"{WORD}.txt", f"{WORD} plan".encode()), zoe)
        file.describe(f"{WORD} in the mist")
        if is_sent:
            report(post(room, zoe, "", files=[file.pk]), ben, "spam")
    schedule(zoe, room, f"{WORD} later", timezone.now() + timedelta(days=1), uuid4())
    draft(zoe, room, f"{WORD} typed")
    alone = post(room, zoe, f"{WORD} alone")
    answered = post(room, zoe, f"{WORD} **answered**")
    post(room, ben, "Ben's answer", parent=answered)
    bens = post(room, ben, "Ben's word")
    bens.edit("Ben's other word")
    report(answered, ben, "spam")
    report(bens, zoe, "spam", f"{WORD} noted")
    post(room, zoe, f"{WORD} in reply", parent=bens)
    alone.edit(f"{WORD} edited")
    post(room, zoe, f"{WORD} removed").remove(by=zoe)
    post(room, ben, "Away with it").remove(by=zoe, reason=f"{WORD} said so")
    for sender, receiver in ((zoe, ben), (ben, zoe)):
        post(Conversation.objects.direct(zoe, ben), sender, f"{WORD} to {receiver.pk}")
    for by, is_anonymous in ((zoe, False), (ben, True)):
        new = NewPoll((f"{WORD} soup" if by == zoe else "Soup", "Herring"), is_anonymous=is_anonymous)
        poll = post(room, by, "Lunch?", poll=new)
        vote(poll, zoe, poll.poll_choices.earliest("pk").pk)
    post(Conversation.objects.create_group(zoe, [ada, ben]), zoe, f"{WORD} to the group")
    own = Conversation.objects.create_room(f"{WORD} room", zoe, topic=f"{WORD} thoughts", is_private=True)
    post(own, zoe, f"{WORD} in her own")
    User.objects.filter(pk=ada.pk).update(role=User.Role.OWNER)
    ada.refresh_from_db()
    linked = post(room, zoe, f"https://{WORD}.example/")
    texts = {"description": f"{WORD} about", "site_name": f"{WORD} site"}
    preview = link_preview(linked, f"https://{WORD}.example/", f"{WORD} page", **texts)
    Path(default_storage.path(preview.picture)).write_bytes(f"{WORD} in pixels".encode())
    Invitation.objects.invite(ada, email=zoe.email)
    address = EmailAddress.objects.create(user=zoe, email=zoe.email)
    Invitation.objects.invite(zoe, email=f"{WORD}@friend.test")
    for about, name in ((zoe, zoe.username), (address, address.email)):
        LogEntry.objects.create(
            user=ada,
            content_type=ContentType.objects.get_for_model(about),
            object_id=str(about.pk),
            object_repr=name,
            action_flag=ADDITION,
        )
    return room


def exports(person: Client, folder: Path) -> Iterator[bytes]:
    """The personal export of a person who was in all these conversations, and the archive of all rooms."""
    answer = person.get(reverse("account_export"))
    zipped = ZipFile(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
    yield from (zipped.read(name) for name in zipped.namelist())
    file = folder / "archive.jsonl"
    call_command("export_archive", str(file), stdout=io.StringIO())
    yield file.read_bytes()


def test_no_planted_word_is_left_anywhere(
    planted: Conversation,
    zoe: User,
    ben: User,
    listen: Listen,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    hers, bens = Client(headers={"User-Agent": f"{WORD} browser"}), Client(headers={"User-Agent": "Firefox"})
    hers.post(reverse("account_login"), {"login": zoe.username, "password": PASSWORD})
    Authenticator.objects.create(
        user=zoe, type="webauthn", data={"name": f"{WORD} key", "credential": {"id": WORD}}
    )
    SocialAccount.objects.create(user=zoe, provider="acme", uid="1", extra_data={"shown": f"{WORD} at Acme"})
    PushSubscription.objects.create(
        user=zoe,
        session_id=str(hers.session.session_key),
        endpoint="https://a.test/",
        device=f"{WORD} browser",
    )
    bens.force_login(ben)
    half_way = Client()
    half_way.post(reverse("account_login"), {"login": zoe.username, "password": PASSWORD})
    stream, direct = listen(ben, planted), Conversation.objects.direct(zoe, ben)
    for place in (reverse("conversation", args=[planted.pk]), reverse("conversation", args=[direct.pk]), "/"):
        for client in (hers, bens):
            assert WORD in client.get(place).content.decode()
    assert set(text_columns()) == PLANTED | OTHER
    assert columns_with(WORD) == PLANTED
    assert traces(WORD)
    encoded = encoded_sessions(WORD)
    assert len(encoded) == 2  # signed in, and half-way
    assert in_caches(WORD)
    assert list(MEDIA.rglob("*.webp"))
    assert len(in_files(WORD)) == 3
    post(planted, ben, "So far")
    stream.wait_for_text("So far")
    pictures, before, pk = zoe.avatar.path, words_of_others(zoe.pk), zoe.pk
    length = len(stream.raw)

    assert hers.post(reverse("account_delete"), {"password": PASSWORD}).status_code == 302
    run_daily_tasks()

    later, ada = listen(ben, planted), User.objects.get(username="ada")
    listen(ada)
    for open_stream in (stream, later):  # after that event, everything earlier has arrived
        open_stream.until(lambda stream=open_stream: ada.pk in online(stream))  # type: ignore[misc]
    assert WORD not in bens.get("/").content.decode()
    outputs = [stream.raw[length:], later.raw, *exports(bens, tmp_path), str(dict(hers.cookies)).encode()]
    outputs += [caplog.text.encode(), *(one.encode() for one in capfd.readouterr())]
    assert not User.objects.filter(pk=pk).exists()
    assert columns_with(WORD) == set()
    assert traces(WORD) == 0
    assert [one for one in encoded if traces(one.decode())] == []
    assert in_caches(WORD) == in_files(WORD) == []
    assert not Path(pictures).exists()
    assert [one for one in outputs if WORD.encode() in one] == []
    assert words_of_others(pk) == before
    assert b"Ben's other word" in b"".join(outputs)  # the exports contain what they should
