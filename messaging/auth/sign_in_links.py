"""Links that sign somebody in, made by a person with access to the machine: a way back in if the identity
provider cannot be reached, or knows nobody."""

from typing import Final

from django.core import signing
from django.utils.crypto import salted_hmac

from messaging.models import User

VALID_SECONDS: Final = 60 * 60
SALT: Final = "messaging.auth.sign_in_links"


def sign_in_token(person: User) -> str:
    """A token that is valid for an hour, or until the person's next sign-in."""
    return signing.dumps([person.pk, _state(person)], salt=SALT)


def person_of_token(token: str, *, lock: bool = False) -> User | None:
    """The person whom this link signs in; None if it does not work, or not any more.

    Args:
        lock: lock their row, so that of two requests with one link only one signs in.
    """
    try:
        pk, state = signing.loads(token, salt=SALT, max_age=VALID_SECONDS)
    except signing.BadSignature:
        return None
    people = User.objects.select_for_update(no_key=True) if lock else User.objects
    person = people.filter(pk=pk, is_active=True).first()
    return person if person and _state(person) == state else None


def _state(person: User) -> str:
    """A digest that changes with every sign-in and new password, so that the link can be used once."""
    signed_in = person.last_login.isoformat() if person.last_login else ""
    return salted_hmac(SALT, f"{signed_in} {person.password}").hexdigest()[:32]
