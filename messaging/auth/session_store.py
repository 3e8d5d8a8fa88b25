"""The session engine: Django's own, with a column for the person whose session it is.

https://docs.djangoproject.com/en/5.2/topics/http/sessions/#extending-database-backed-session-engines
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import CreateError, UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import IntegrityError
from django.db.models import QuerySet, Subquery
from django.utils import timezone

from messaging.models import Installation, Session, User
from messaging.models.db.prepared import prepared

# Allauth's key for the id, as text, of a person who has given the password but not yet the second factor.
HALF_WAY_KEY = "account_authentication_methods_user"


def person_of(data: Mapping[str, Any]) -> int | None:
    """The id of the person who is signed in in this session, or who is being asked for the second factor.

    None for an anonymous session.
    """
    user_id = data.get(SESSION_KEY) or data.get(HALF_WAY_KEY)
    return int(user_id) if user_id else None


@prepared
def _session(key: str, now: datetime) -> QuerySet[Any, Any]:
    version = Installation.objects.row().values("people_version")
    sessions = Session.objects.filter(session_key=key, expire_date__gt=now).select_related("user")
    return sessions.annotate(read_at=Subquery(version))


class SessionStore(DatabaseStore):
    """
    Attributes:
        person: the one in the row of the session, if that was read; what the session says counts.
    """

    person: User | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def _get_session_from_db(self) -> Session | None:
        """The row of this session, unless it has run out, with the person (`AuthenticationBackend`).

        Django's own method, but its query is compiled once.
        """
        found: Any = _session.first(self.session_key or "", timezone.now())
        if found is None:
            self._session_key = None
            return None
        if found.user:
            found.user.read_at = found.read_at
        self.person = found.user
        return cast(Session, found)

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """The row of a session as Django creates it, with the person."""
        session = cast(Session, super().create_model_instance(data))
        session.user_id = person_of(data)
        return session

    def save(self, must_create: bool = False) -> None:
        """Save the session, but not for a person who was deleted meanwhile.

        Raises:
            UpdateError: the person was deleted. Django would assume that the session key is in use, and try
                other keys for ever.
        """
        try:
            super().save(must_create)
        except (CreateError, IntegrityError) as error:
            user_id = person_of(dict(self.items()))
            if user_id and not User.objects.filter(pk=user_id).exists():
                raise UpdateError from error
            raise
