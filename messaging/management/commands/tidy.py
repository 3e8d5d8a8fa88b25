"""`manage.py tidy`: deletes for good what nobody can have back. `serve` does it too, when it starts and
once a day."""

from typing import Any

from django.core.management.base import BaseCommand

from messaging.models import Conversation, Departure, Invitation
from messaging.models.erasure import erase_rooms
from messaging.models.file import rewrite_what_is_owed
from messaging.session_store import SessionStore


class Command(BaseCommand):
    help = (
        "Delete sessions that have run out, rooms that were removed more than 30 days ago, what is left of "
        "accounts whose deletion was interrupted, and the addresses of invitations that are over."
    )

    def handle(self, *args: Any, verbosity: int, **options: Any) -> None:
        SessionStore.clear_expired()
        if Departure.objects.unfinished().exists():
            self.stdout.write("Finishing the deletion of accounts …")
            Departure.objects.unfinished().finish()
        Departure.objects.past_keeping().delete()
        Invitation.objects.forget_addresses()
        rooms = erase_rooms(Conversation.objects.past_return())
        rewrite_what_is_owed()
        if verbosity:
            self.stdout.write(f"{rooms} removed room{'' if rooms == 1 else 's'} deleted for good.")
