"""What follows from a change of a person, in the transaction that saves it."""

from typing import TYPE_CHECKING

from django.apps import apps

from messaging.models.people.avatars import delete_avatar
from messaging.models.site.installation import Installation

if TYPE_CHECKING:
    from messaging.models.people.user import User

# A change of one of SHOWN is visible wherever the person is shown. Changes of the other WATCHED fields have
# side effects.
SHOWN = ("username", "display_name", "avatar")
WATCHED = (*SHOWN, "email", "password", "is_active", "role")


def follow_up(person: "User", before: dict[str, object], changed: set[str]) -> None:
    """Do what follows from the change of some fields.

    Args:
        before: the values of the WATCHED fields before the change.
        changed: the names of those that are different now.
    """
    if changed.intersection(SHOWN):
        Installation.objects.raise_people_version()
    if "avatar" in changed and isinstance(picture := before["avatar"], str):
        delete_avatar(picture)
    if "password" in changed:
        person.sessions.all().delete()
    if "is_active" in changed and not person.is_active:
        person.push_subscriptions.all().delete()
    if changed.intersection(("password", "is_active")):
        Installation.objects.raise_sessions_version()
    if "email" in changed:
        addresses = apps.get_model("account", "EmailAddress")._default_manager.filter(user=person)
        addresses.exclude(email__iexact=person.email).delete()
        person.email_confirmed, person.email_refused_at = False, None
        type(person).objects.filter(pk=person.pk).update(email_confirmed=False, email_refused_at=None)
