"""The authentication backend: allauth's, and how the person of a session is read."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend as AllauthBackend
from django.db.models import QuerySet, Subquery

from messaging.models import Installation, User
from messaging.models.db.prepared import prepared


class AuthenticationBackend(AllauthBackend):
    def get_user(self, user_id: int) -> User | None:
        """The person, with the `people_version` of that moment as `read_at`.

        A page may show the person's own name. So the version in the keys of what it caches must not be newer
        than their row.
        """
        user = _person.first(user_id)
        return user if user and self.user_can_authenticate(user) else None


@prepared
def _person(user_id: int) -> QuerySet[Any, Any]:
    version = Installation.objects.row().values("people_version")
    return User.objects.annotate(read_at=Subquery(version)).filter(pk=user_id)
