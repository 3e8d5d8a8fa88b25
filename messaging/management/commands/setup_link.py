"""`manage.py setup_link`: prints the link with which the first account is created."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, ProgrammingError
from django.urls import reverse

from messaging.models import Installation, User


class Command(BaseCommand):
    help = (
        "Print a link for creating the first account, an owner. Does nothing if there is an account already."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--reached-at", default=settings.PARLEY_URL, help="The address at which people reach Parley."
        )

    def handle(self, *, reached_at: str, **options: Any) -> None:
        try:
            if User.objects.exists():
                if options["verbosity"]:
                    self.stdout.write("Parley is already set up. Administrators can invite people.")
                return
            link = reached_at + reverse("set_up", args=[Installation.objects.new_setup_link()])
        except (OperationalError, ProgrammingError) as error:
            raise CommandError(
                f"The database is not ready ({str(error).strip().splitlines()[0]}). When Parley starts for "
                "the first time it makes the tables, which takes some seconds: try again."
            ) from error
        self.stdout.write("Parley is not set up yet. Create the first account (the owner) here:")
        self.stdout.write(f"\n    {link}\n")
        self.stdout.write(f"The link can be used once. To get a new one, run: {settings.MANAGE} setup_link")
