"""`manage.py demo`: a small team with lively rooms, in an empty database."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from messaging.demo import script
from messaging.demo.password import keep_password, kept_password
from messaging.demo.stage import play
from messaging.demo.week import local_zone
from messaging.models import Conversation, Installation, Message, User

LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class Command(BaseCommand):
    help = (
        "Create a demo team in an empty database, and print how to sign in. Run again, it only prints that."
    )

    def handle(self, **options: Any) -> None:
        """Raises CommandError, with nothing written, on an address or a database that is not for play."""
        refuse_elsewhere(settings.PARLEY_URL)
        with transaction.atomic():  # nobody may move in between the look and the writing
            is_new = not User.objects.exists()
            if is_new:
                play(timezone.localtime(timezone=local_zone()), keep_password(settings.VAR_DIR))
        able = [person.username for person in script.people()] if is_new else able_to_sign_in()
        if not able:
            raise CommandError(
                "This database already has users: the demo team can only be created in an empty one."
            )
        self.say(is_new, able)

    def say(self, is_new: bool, able: list[str]) -> None:
        first, *others = able
        team = Installation.objects.current().name
        lines = [
            f"The demo team {team} was created: {inventory()}."
            if is_new
            else f"The demo team {team} already exists.",
            "",
            f"  Sign in at  {settings.PARLEY_URL}",
            f"  as          {first}",
            f"  password    {kept_password(settings.VAR_DIR)}",
            "",
        ]
        if others:
            lines += [f"{listed(others)} can sign in with the same password.", ""]
        self.stdout.write("\n".join(lines) + "\n")


def refuse_elsewhere(address: str) -> None:
    """Raise CommandError unless the address is plain http on this very machine.

    The demo's people share a password that is printed: on an address that others reach, that is a way in.
    """
    parts = urlsplit(address)
    if parts.scheme != "http" or parts.hostname not in LOOPBACK:
        raise CommandError(
            f"The demo can only run on this machine (http://localhost), but PARLEY_URL is {address}."
        )


def able_to_sign_in() -> list[str]:
    """The demo's people who are here and still have the demo's password, the administrator first."""
    kept = kept_password(settings.VAR_DIR)
    if not kept:
        return []
    names = [person.username for person in script.people()]
    hashes = dict(User.objects.filter(username__in=names).values_list("username", "password"))
    fits = {hashed: check_password(kept, hashed) for hashed in set(hashes.values())}  # they share one
    return [name for name in names if name in hashes and fits[hashes[name]]]


def inventory() -> str:
    rooms = Conversation.objects.filter(kind=Conversation.Kind.ROOM).count()
    return f"{User.objects.count()} people, {rooms} rooms, {Message.rows.count()} messages"


def listed(names: list[str]) -> str:
    *before, last = names
    return f"{', '.join(before)} and {last}" if before else last
