"""`manage.py tidy`: deletes for good what nobody can have back. `serve` does it too, when it starts."""

from typing import Any

from django.core.management.base import BaseCommand

from messaging.models import Conversation
from messaging.models.erasure import erase_rooms
from messaging.session_store import SessionStore


class Command(BaseCommand):
    help = "Delete sessions that have run out, and rooms that were removed more than 30 days ago."

    def handle(self, *args: Any, verbosity: int, **options: Any) -> None:
        SessionStore.clear_expired()
        rooms = erase_rooms(Conversation.objects.past_return())
        if verbosity:
            self.stdout.write(f"{rooms} removed room{'' if rooms == 1 else 's'} deleted for good.")
