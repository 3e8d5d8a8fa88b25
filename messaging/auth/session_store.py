"""The session engine: Django's own, with the person written beside the data.

https://docs.djangoproject.com/en/5.2/topics/http/sessions/#extending-database-backed-session-engines
"""

from collections.abc import Mapping
from typing import Any, cast

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import CreateError, UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import IntegrityError

from messaging.models import Session, User

HALF_WAY_KEY = "account_authentication_methods_user"  # allauth's: whose password was given, in text


def person_of(data: Mapping[str, Any]) -> int | None:
    """The id of whose session this is: who is signed in, or gave their password and is asked for the second
    step. None for a stranger's."""
    of_either = data.get(SESSION_KEY) or data.get(HALF_WAY_KEY)
    return int(of_either) if of_either else None


class SessionStore(DatabaseStore):
    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """The row of a session: what Django writes, and whose it is."""
        session = cast(Session, super().create_model_instance(data))
        session.user_id = person_of(data)
        return session

    def save(self, must_create: bool = False) -> None:
        """As Django's; but of a person who was erased meanwhile no session can be made.

        Raises:
            UpdateError: they were. Django would take it for a key that is taken, and try others for ever.
        """
        try:
            super().save(must_create)
        except (CreateError, IntegrityError) as error:
            user_id = person_of(dict(self.items()))
            if user_id and not User.objects.filter(pk=user_id).exists():
                raise UpdateError from error
            raise
