"""`manage.py tidy`: deletes for good what nobody can have back. `serve` does it too, when it starts and
once a day."""

from typing import Any

from django.core.management.base import BaseCommand

from messaging.auth.session_store import SessionStore
from messaging.models import AccountDeletion, Conversation, Invitation
from messaging.models.accounts.erasure import erase_rooms
from messaging.models.db.sqlite_vacuum import rewrite_what_is_owed


class Command(BaseCommand):
    help = (
        "Delete expired sessions, rooms that were removed more than 30 days ago, the rest of accounts whose "
        "deletion was interrupted, and the email addresses of expired invitations."
    )

    def handle(self, *args: Any, verbosity: int, **options: Any) -> None:
        SessionStore.clear_expired()
        if AccountDeletion.objects.unfinished().exists():
            self.stdout.write("Finishing the deletion of accounts…")
            AccountDeletion.objects.unfinished().finish()
        AccountDeletion.objects.receipts_past_keeping().delete()
        Invitation.objects.forget_addresses()
        rooms = erase_rooms(Conversation.objects.removed_for_good())
        rewrite_what_is_owed()
        if verbosity:
            self.stdout.write(f"{rooms} removed room{'' if rooms == 1 else 's'} permanently deleted.")
