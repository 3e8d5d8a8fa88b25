"""`manage.py setup_link`: the link by which the first account is made."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.urls import reverse

from messaging.models import Installation, User


class Command(BaseCommand):
    help = "Prints a link that makes the first account, an owner's; where there are people, it says so."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--reached-at", default=settings.PARLEY_URL, help="Where people reach it.")

    def handle(self, *, reached_at: str, **options: Any) -> None:
        if User.objects.exists():
            if options["verbosity"]:
                self.stdout.write("It is set up already: an administrator invites people.")
            return
        link = reached_at + reverse("set_up", args=[Installation.objects.new_setup_link()])
        self.stdout.write("Nobody is here yet. Make the first account, which owns the place:")
        self.stdout.write(f"\n    {link}\n")
        self.stdout.write("The link works once; another one: python manage.py setup_link")
