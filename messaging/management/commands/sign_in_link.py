"""`manage.py sign_in_link`: prints a link that signs an owner in, for example if no provider answers."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from messaging.auth.sign_in_links import sign_in_token
from messaging.models import User


class Command(BaseCommand):
    help = "Print a link that signs somebody in once, within an hour: without a username, the first owner."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", nargs="?", default="", help="Whom it signs in.")

    def handle(self, *, username: str, **options: Any) -> None:
        people = User.objects.filter(is_active=True).order_by("pk")
        wanted = {"username": username.lower()} if username else {"role": User.Role.OWNER}
        person = people.filter(**wanted).first()
        if person is None:
            whom = f"active account {username!r}" if username else "active owner"
            raise CommandError(f"There is no {whom}.")
        link = settings.PARLEY_URL + reverse("sign_in_link", args=[sign_in_token(person)])
        self.stdout.write(f"This link signs {person.username} in, once, within an hour:")
        self.stdout.write(f"\n    {link}\n")
