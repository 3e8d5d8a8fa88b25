"""Rights that are used and lost at the same moment."""

from functools import partial
from urllib.parse import urlsplit

import pytest
from allauth.core.context import request_context
from django.db import transaction
from django.test import Client, RequestFactory

from messaging.auth.account_adapter import password_reset_link
from messaging.models import AccountDeletion, Conversation, Invitation, Membership, Message, User
from messaging.models.accounts.locks import step_down
from messaging.models.accounts.moderation import ban, change_role, deactivate, reactivate
from messaging.models.messages.saving import post
from messaging.models.rooms.members import add, leave, remove_member
from messaging.models.rooms.settings import archive, remove_room, unarchive, undo_room_removal
from tests.factories import UserFactory
from tests.races.racing import FEWER_ROUNDS, WRITTEN, Act, Racers, outcome_name

pytestmark = pytest.mark.django_db(transaction=True)
OWNER, MEMBER = User.Role.OWNER, User.Role.MEMBER


def copy_of(user: User) -> User:
    """A separate instance, as another request would load it."""
    return User.objects.get(pk=user.pk)


@pytest.mark.parametrize("act", ["step down", "demote each other", "deactivate each other"])
def test_of_two_owners_who_leave_at_once_one_stays(racers: Racers, ada: User, ben: User, act: str) -> None:
    for race in racers.rounds(FEWER_ROUNDS):
        User.objects.filter(pk__in=[ada.pk, ben.pk]).update(role=OWNER, is_active=True)
        one, other = copy_of(ada), copy_of(ben)
        acts: dict[str, tuple[Act, Act]] = {
            "step down": (partial(step_down, one), partial(step_down, other)),
            "demote each other": (
                partial(change_role, copy_of(ben), MEMBER, by=one),
                partial(change_role, copy_of(ada), MEMBER, by=other),
            ),
            "deactivate each other": (
                partial(deactivate, copy_of(ben), by=one),
                partial(deactivate, copy_of(ada), by=other),
            ),
        }
        got = [outcome_name(outcome) for outcome in race.run(*acts[act])]
        assert sorted(got) in (["done", "last_owner"], ["done", "rights"])
        if race.point == WRITTEN:  # the first lock is not that of the owners
            assert got[race.first or 0] == "done"
        assert User.objects.filter(role=OWNER, is_active=True).count() == 1


def choose_password(client: Client, form: str, password: str) -> int:
    return client.post(form, {"password1": password, "password2": password}).status_code


def test_password_reset_link_works_once(racers: Racers, ada: User) -> None:
    for number, race in enumerate(racers.rounds(FEWER_ROUNDS)):
        with request_context(RequestFactory().get("/")):
            link = urlsplit(password_reset_link(copy_of(ada))).path
        acts: list[Act] = []
        for name in ("one", "other"):
            client = Client(REMOTE_ADDR=f"10.0.0.{number + 1}")  # limits count by address
            form = client.get(link)["Location"]
            acts.append(partial(choose_password, client, form, f"three grey geese {number} {name}"))
        assert sorted(race.run(*acts)) == [200, 302]


def found(token: str) -> Invitation:
    """The invitation as loaded by a request with its link."""
    invitation = Invitation.objects.by_token(token)
    assert invitation
    return invitation


def use_invitation(invitation: Invitation, person: User | None = None) -> None:
    """Use the invitation, as the sign-up view does."""
    with transaction.atomic():
        invitation.use()
        if person:
            invitation.add_to_rooms(person)


def test_an_invitation_for_one_lets_one_in(racers: Racers, ada: User, room: Conversation) -> None:
    User.objects.filter(pk=ada.pk).update(role=OWNER)
    people = [UserFactory.create() for _ in range(4)]
    for race in racers.rounds(FEWER_ROUNDS, acts=4):
        invitation, token = Invitation.objects.invite(copy_of(ada), rooms=[room], uses=1)
        got = race.run(*[partial(use_invitation, found(token), person) for person in people])
        assert race.first is None or outcome_name(got[race.first]) == "done"
        assert sorted(outcome_name(outcome) for outcome in got) == ["done", *["over"] * 3]
        assert room.memberships.filter(user__in=people).count() == 1
        invitation.refresh_from_db()
        assert (invitation.used, invitation.uses_left) == (1, 0)
        for person in people:
            leave(room, person)


def test_a_revoked_invitation_lets_nobody_in_afterwards(racers: Racers, ada: User) -> None:
    User.objects.filter(pk=ada.pk).update(role=OWNER)
    for race in racers.rounds(FEWER_ROUNDS):
        invitation, token = Invitation.objects.invite(copy_of(ada), uses=None)
        used, revoked = race.run(partial(use_invitation, found(token)), partial(invitation.revoke, ada))
        assert outcome_name(revoked) == "done"
        invitation.refresh_from_db()
        assert invitation.used == (outcome_name(used) == "done")
        assert outcome_name(used) in race.by_order("done", "over")


def test_removed_member_sends_nothing_afterwards(
    racers: Racers, room: Conversation, ada: User, ben: User
) -> None:
    for number, race in enumerate(racers.rounds(FEWER_ROUNDS)):
        send = partial(post, Conversation.objects.get(pk=room.pk), ben, f"words {number}")
        sent, removed = race.run(send, partial(remove_member, room, copy_of(ben), by=ada))
        assert outcome_name(removed) == "done"
        assert outcome_name(sent) in race.by_order("done", "sender")
        room.refresh_from_db()
        if outcome_name(sent) == "done":
            assert sent.seq < room.members_version
        assert not room.memberships.filter(user=ben).exists()
        add(room, ben)


def test_a_room_whose_administrators_leave_at_once_gets_another(
    racers: Racers, room: Conversation, ada: User, ben: User, cleo: User
) -> None:
    for race in racers.rounds(FEWER_ROUNDS):
        room.memberships.exclude(user=cleo).update(role=Membership.Role.ADMIN)
        one, other = (Conversation.objects.get(pk=room.pk) for _ in range(2))
        got = race.run(partial(leave, one, ada), partial(leave, other, ben))
        assert [outcome_name(outcome) for outcome in got] == ["done", "done"]
        assert room.memberships.get().role == Membership.Role.ADMIN
        room.memberships.update(role=Membership.Role.MEMBER)
        for person in (ada, ben):
            add(room, person)


@pytest.mark.parametrize("with_messages", [False, True], ids=["messages stay", "with messages"])
def test_banned_person_sends_nothing_afterwards(
    racers: Racers, room: Conversation, ada: User, ben: User, with_messages: bool
) -> None:
    User.objects.filter(pk=ada.pk).update(role=OWNER)
    for number, race in enumerate(racers.rounds(FEWER_ROUNDS)):
        send = partial(post, Conversation.objects.get(pk=room.pk), copy_of(ben), f"words {number}")
        sent, banned = race.run(
            send, partial(ban, copy_of(ben), by=copy_of(ada), with_messages=with_messages)
        )
        assert outcome_name(banned) == "done"
        assert outcome_name(sent) in race.by_order("done", "sender")
        room.refresh_from_db()
        if outcome_name(sent) == "done":
            assert sent.seq < room.members_version
        if with_messages:
            banned.run_for(60)
            assert not Message.rows.filter(sender=ben, removed_at=None).exists()
        reactivate(copy_of(ben), by=copy_of(ada))


def test_batch_taken_by_two_processes_is_counted_once(racers: Racers, room: Conversation, ben: User) -> None:
    for race in racers.rounds(FEWER_ROUNDS // 2):
        leaver = UserFactory.create()
        add(room, leaver)
        root = post(room, leaver, "a root")
        post(room, ben, "an answer", parent=root)
        post(room, leaver, "alone")
        deletion = AccountDeletion.objects.start(leaver)
        due = deletion.total
        one, other = (AccountDeletion.objects.get(pk=deletion.pk) for _ in range(2))
        got = race.run(partial(one.run_for, 60), partial(other.run_for, 60))
        assert [outcome_name(outcome) for outcome in got] == ["done", "done"]
        deletion.refresh_from_db()
        assert deletion.is_done
        assert {what: number for what, number in deletion.deleted.items() if number} == {
            what: number for what, number in due.items() if number
        }


@pytest.mark.parametrize("how", ["archived", "removed"])
def test_nothing_is_written_to_a_room_after_it_was_archived_or_removed(
    racers: Racers, room: Conversation, ada: User, ben: User, how: str
) -> None:
    for number, race in enumerate(racers.rounds(FEWER_ROUNDS)):
        send = partial(post, Conversation.objects.get(pk=room.pk), ben, f"words {number}")
        end = archive if how == "archived" else remove_room
        sent, ended = race.run(send, partial(end, room, ada))
        assert outcome_name(ended) == "done"
        assert outcome_name(sent) in race.by_order("done", "archived" if how == "archived" else "sender")
        room.refresh_from_db()
        newest = Message.rows.filter(conversation=room).order_by("-seq").first()
        assert newest is None or newest.seq < room.members_version
        back = unarchive if how == "archived" else undo_room_removal
        back(room, ada)
