"""A small site in which everything occurs once that people can do."""

from datetime import time, timedelta
from uuid import uuid4

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from messaging.models import Conversation, Digest, Installation, Membership, Message, User
from messaging.models.accounts.reporting import report
from messaging.models.inbox.blocking import block
from messaging.models.inbox.digest import choose_digest
from messaging.models.inbox.later import put_off
from messaging.models.inbox.places import Place
from messaging.models.inbox.reminders import remind
from messaging.models.inbox.sections import arrange, create_section
from messaging.models.inbox.status import set_status
from messaging.models.messages.following import follow
from messaging.models.messages.keywords import checked_keywords, save_keywords
from messaging.models.messages.managing_emoji import retire_emoji
from messaging.models.messages.pinning import pin
from messaging.models.messages.polls import NewPoll
from messaging.models.messages.previewing import remove_preview
from messaging.models.messages.reacting import react
from messaging.models.messages.saving import post
from messaging.models.messages.scheduling import schedule
from messaging.models.messages.ticking import let_all_tick, tick
from messaging.models.messages.uploading import upload
from messaging.models.messages.voting import vote
from messaging.models.people.managing_groups import add_to_group, create_group, delete_group
from messaging.models.rooms.members import add, remove_member
from messaging.models.rooms.settings import archive, remove_room
from messaging.models.site.retention import Retention, RoomRules, Rule
from messaging.text.tasks import tasks_in
from tests.drafts import draft
from tests.factories import RoomFactory, UserFactory, custom_emoji, link_preview, stored_picture
from tests.hostile_pdfs import many_pages
from tests.models.messages.test_recordings import VOICE

SECRETS = ("three grey seals", "totp-secret-of-ada")  # must be in no export
ANONYMOUS = ("Herring", "Soup")


def build() -> Conversation:
    """Write the site. Returns its busiest room."""
    ada, ben, cleo, dan = (UserFactory.create(username=name) for name in ("ada", "ben", "cleo", "dan"))
    _people(ada, ben, cleo, dan)
    room = RoomFactory.create(name="garden", by=ada, members=[ben, cleo, dan], topic="Of plants")
    remove_member(room, dan, by=ada)
    _messages(room, ada, ben, cleo)
    _polls(room, ada, ben, cleo)
    _rooms(ada, ben)
    _personal(room, ada, ben, cleo)
    return room


def _people(ada: User, ben: User, cleo: User, dan: User) -> None:
    ada.role, ada.email = User.Role.OWNER, "ada@sea.test"
    ada.set_password(SECRETS[0])
    ada.set_avatar(stored_picture())
    ada.save()
    User.objects.filter(pk=ada.pk).update(email_confirmed=True)
    Authenticator.objects.create(user=ada, type="totp", data={"secret": SECRETS[1]})
    SocialAccount.objects.create(user=ben, provider="acme", uid="ben-17", extra_data={"shown": "ben@acme"})
    User.objects.filter(pk=dan.pk).update(is_active=False, external_id="nick:Dan!")
    User.objects.filter(pk=cleo.pk).update(
        quiet_from=time(21, 30), quiet_hours_on=31, quiet_zone="Europe/Oslo", sound="bell"
    )
    save_keywords(cleo, checked_keywords(["Answered"]))
    save_keywords(ben, checked_keywords(["Whispered Löwe"]))
    set_status(ben, "At lunch")
    block(cleo, dan)
    team = create_group(ada, "gardeners", "Those with rakes")
    add_to_group(team, [ben, cleo], ada)
    delete_group(create_group(ada, "gone", "Gone"), ada)
    retire_emoji(custom_emoji("old_rake", by=ada), ada)
    custom_emoji("rake", "harrow", by=ada)
    retention = Retention(Rule(3_650, rooms=RoomRules.ANY)).announcing(Rule(365), timezone.now()).to_column()
    Installation.objects.row().update(
        name="Harbour", edit_minutes=30, blocked_words="weeds", retention=retention
    )
    site = Installation.objects.current()
    site.set_picture(stored_picture())
    site.save()


def _messages(room: Conversation, ada: User, ben: User, cleo: User) -> None:
    first = post(room, ada, "**Hello** @ben, see #garden :rake: \N{SNOWMAN} größe 山田", client_id=uuid4())
    first.edit("**Hello** @ben and @gardeners, see #garden :harrow:")
    first.edit("Hello @ben, @gardeners and @room, see #garden :harrow:")
    first.remove_text(1, ada)
    reply = post(room, ben, "A reply", parent=first)
    deep = post(room, cleo, "A deep one for @ada", parent=reply)
    post(room, ada, "Before it was removed", parent=deep).remove(by=ada)
    gone = post(room, ben, "Away with it")
    post(room, ada, "It answered what is gone", parent=gone)
    gone.remove(by=ada, reason="Not here")
    for person, emoji in ((ben, "👍"), (cleo, "👍"), (cleo, ":rake:")):
        react(first, person, emoji)
    pin(first, ben)
    tasks = post(room, ada, "- [ ] dig\n- [x] water\n- [ ] rest")
    let_all_tick(tasks, ada, all_may=True)
    tick(tasks, ben, tasks_in(tasks.content_html)[0].key)
    notes = upload(SimpleUploadedFile("notes.py", b"def rake():\n    return 'leaves'\n"), ben)
    same = upload(SimpleUploadedFile("notes.py", b"def rake():\n    return 'leaves'\n"), ben)
    picture = upload(SimpleUploadedFile("p.png", stored_picture()), ben)
    picture.describe("A rake in the mist")
    plan = upload(SimpleUploadedFile("plan.pdf", many_pages(3)), ben)
    voice = upload(SimpleUploadedFile("voice.webm", VOICE), ben)
    voice.note_recording("07f", "12")
    post(room, ben, "", files=[notes.pk, same.pk, picture.pk, plan.pk, voice.pk])
    linked = post(room, ada, "https://harbour.example/tides")
    link_preview(linked)
    taken_back = post(room, ada, "https://harbour.example/ebb")
    remove_preview(link_preview(taken_back, "https://harbour.example/ebb"), ada)
    report(deep, ada, "spam", "It advertises rakes")


def _polls(room: Conversation, ada: User, ben: User, cleo: User) -> None:
    for is_anonymous, choices in ((False, ("Pie", "Cake")), (True, ANONYMOUS)):
        poll = post(room, ada, "Lunch?", poll=NewPoll(choices, is_anonymous=is_anonymous, has_several=True))
        ids = list(poll.poll_choices.order_by("pk").values_list("pk", flat=True))
        for person, choice in ((cleo, ids[0]), (ben, ids[0]), (ben, ids[1])):
            vote(poll, person, choice)


def _rooms(ada: User, ben: User) -> None:
    shed = Conversation.objects.create_room("shed", ada, is_private=True)
    add(shed, ben, role=Membership.Role.MODERATOR)
    post(shed, ada, "Private to the two of us")
    old = post(shed, ada, "Away with the year")
    post(shed, ben, "Kept, and below it", parent=old)
    Message.rows.filter(pk=old.pk).redact(old.seq, anonymous=True, is_expired=True)
    Conversation.objects.filter(pk=shed.pk).update(retention=Retention(Rule(90)).to_column())
    archive(shed, ada)
    removed = Conversation.objects.create_room("compost", ada)
    post(removed, ada, "Old leaves")
    remove_room(removed, ada)


def _personal(room: Conversation, ada: User, ben: User, cleo: User) -> None:
    secret = post(Conversation.objects.direct(ada, ben), ada, "Whispered to ben")
    post(Conversation.objects.direct(ada, ada), ada, "A note to myself")
    post(Conversation.objects.create_group(ada, [ben, cleo]), cleo, "Whispered to the group")
    remind(ben, secret, timezone.now() + timedelta(days=1))
    schedule(ada, room, "Sent tomorrow", timezone.now() + timedelta(days=1), uuid4())
    draft(ada, room, "Whispered to nobody yet")
    root = Message.rows.filter(conversation=room, parent_message=None).earliest("pk")
    follow(cleo, root, is_following=False)
    create_section(ben, "Mine")
    choose_digest(ben, is_wanted=True, day=2, hour=7, zone="Europe/Berlin")
    Digest.objects.update(last_on=timezone.now().date() - timedelta(days=3))
    arrange(ben, room, is_starred=True)
    Message.unread_messages.mark_as_read_for_user(cleo)
    last = ben.notifications.latest("pk").pk
    put_off(ben, Place(room.pk), timezone.now() + timedelta(days=1), last)
