"""`manage.py demo`: creates a small demo team with its messages in an empty database."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from messaging.demo import script
from messaging.demo.password import get_or_create_password, stored_password
from messaging.demo.stage import play
from messaging.demo.week import local_zone
from messaging.models import Conversation, Installation, Message, User


class Command(BaseCommand):
    help = "Create a demo team in an empty database, and print how to sign in. If run again, only print that."

    stealth_options = ("reached_at",)  # the address where `serve` can be reached, if it is not PARLEY_URL

    def handle(self, reached_at: str = "", **options: Any) -> None:
        """Raises CommandError, and writes nothing, for a public address or a database with other people."""
        refuse_public_address(settings.PARLEY_URL)
        with transaction.atomic():  # the check and the writing are one step
            is_new = not User.objects.exists()
            if is_new:
                now = timezone.localtime(timezone=local_zone())
                play(now, get_or_create_password(settings.VAR_DIR))
        usernames = [person.username for person in script.people()] if is_new else able_to_sign_in()
        if not usernames:
            raise CommandError(
                "This database already has users: the demo team can only be created in an empty one."
            )
        self.print_sign_in(is_new, usernames, reached_at or settings.PARLEY_URL)

    def print_sign_in(self, is_new: bool, usernames: list[str], address: str) -> None:
        first, *others = usernames
        team = Installation.objects.current().name
        lines = [
            f"The demo team {team} was created: {inventory()}."
            if is_new
            else f"The demo team {team} already exists.",
            "",
            f"  Sign in at  {address}",
            f"  as          {first}",
            f"  password    {stored_password(settings.VAR_DIR)}",
            "",
        ]
        if others:
            lines += [f"{listed(others)} can sign in with the same password.", ""]
        self.stdout.write("\n".join(lines) + "\n")


def refuse_public_address(address: str) -> None:
    """Raise CommandError unless the address is plain http on this machine.

    Everybody in the demo has the same password, which is printed. It must not give others access.
    """
    parts = urlsplit(address)
    if parts.scheme != "http" or parts.hostname not in settings.LOOPBACK:
        raise CommandError(
            f"The demo can only run on this machine (http://localhost), but PARLEY_URL is {address}."
        )


def able_to_sign_in() -> list[str]:
    """The user names of the demo that exist and still have the demo's password, the owner first."""
    password = stored_password(settings.VAR_DIR)
    if not password:
        return []
    names = [person.username for person in script.people()]
    hashes = dict(User.objects.filter(username__in=names).values_list("username", "password"))
    # Usually all have the same hash, and checking one takes a third of a second.
    matches = {hashed: check_password(password, hashed) for hashed in set(hashes.values())}
    return [name for name in names if name in hashes and matches[hashes[name]]]


def inventory() -> str:
    rooms = Conversation.objects.filter(kind=Conversation.Kind.ROOM).count()
    return f"{User.objects.count()} people, {rooms} rooms, {Message.rows.count()} messages"


def listed(names: list[str]) -> str:
    *before, last = names
    return f"{', '.join(before)} and {last}" if before else last
