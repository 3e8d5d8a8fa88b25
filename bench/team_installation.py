"""A team: one room for everybody, rooms of fifty, direct conversations, and everybody signed in."""

import random
from collections import defaultdict
from typing import TYPE_CHECKING

from bench.http_requests import TOKEN
from bench.installation import session_of
from bench.large import analyze
from bench.team_member import Account

if TYPE_CHECKING:
    from messaging.models import Conversation, Membership, User

ROOM_SIZE, ROOMS_EACH = 50, 10  # people in a room, rooms of a person, besides the one for everybody
PARTNERS = 4  # direct conversations of a person: with the next two and the previous two
MESSAGES = 40  # in each conversation


def create_team(people: int) -> list[Account]:
    """Create an installation with this many people in the configured database, which is empty."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connections, transaction

    from messaging.models import Membership, User

    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    chance = random.Random(1)
    with transaction.atomic():
        User.objects.bulk_create(
            (User(username=f"person{number}", display_name=f"Person {number}") for number in range(people)),
            batch_size=1000,
        )
        everybody = list(User.objects.order_by("pk"))
        memberships = _rooms(everybody, chance), _direct(everybody)
        for some in memberships:
            Membership.objects.bulk_create(some, batch_size=1000)
        sessions = {person.pk: session_of(person) for person in everybody}
    analyze()
    rooms, direct = (_places(some) for some in memberships)
    connections.close_all()

    def account(pk: int) -> Account:
        cookies = {settings.SESSION_COOKIE_NAME: sessions[pk], settings.CSRF_COOKIE_NAME: TOKEN}
        return Account(pk, cookies, rooms[pk], direct[pk])

    return [account(person.pk) for person in everybody]


def _places(memberships: "list[Membership]") -> dict[int, list[int]]:
    """The ids of the conversations by the ids of their members."""
    found: dict[int, list[int]] = defaultdict(list)
    for one in memberships:
        found[one.user_id].append(one.conversation_id)
    return found


def _rooms(people: "list[User]", chance: random.Random) -> "list[Membership]":
    from messaging.models import Conversation, Membership

    found = []
    count = -(-len(people) * ROOMS_EACH // ROOM_SIZE)
    for number in range(count + 1):
        members = chance.sample(people, min(ROOM_SIZE, len(people))) if number else people
        room = Conversation.objects.create(kind=Conversation.Kind.ROOM, name=f"room {number}")
        _write(room, members)
        found += [Membership(conversation=room, user=person) for person in members]
    return found


def _direct(people: "list[User]") -> "list[Membership]":
    from messaging.models import Conversation, Membership

    found = []
    for distance in range(1, PARTNERS // 2 + 1):
        for place, person in enumerate(people):
            other = people[(place + distance) % len(people)]
            key = Conversation.direct_key_of(person, other)
            pair, is_new = Conversation.objects.get_or_create(
                direct_key=key, defaults={"kind": Conversation.Kind.DIRECT, "is_private": True}
            )
            if is_new:
                _write(pair, [person, other])
                found += [Membership(conversation=pair, user=one) for one in {person, other}]
    return found


def _write(conversation: "Conversation", members: "list[User]") -> None:
    """Messages that everybody has read."""
    from messaging.models import Message
    from messaging.text import RENDERER_VERSION, render

    with conversation.writing(count=MESSAGES) as last:
        rows = []
        for number in range(MESSAGES):
            text = f"The **{number}th** thing to be said of `tides` and of the moon, which pulls them"
            seq = last - MESSAGES + 1 + number
            sender = members[number % len(members)]
            rows.append(
                Message(
                    conversation=conversation,
                    sender=sender,
                    content=text,
                    content_html=_RENDERED.get(number) or _RENDERED.setdefault(number, render(text)),
                    renderer_version=RENDERER_VERSION,
                    read=True,
                    seq=seq,
                    version=seq,
                )
            )
        Message.rows.bulk_create(rows)


_RENDERED: dict[int, str] = {}  # by number, since all conversations have the same texts
