"""The authentication backend: allauth's, and how the person of a session is read."""

from contextvars import ContextVar
from typing import Any, Final

from allauth.account.auth_backends import AuthenticationBackend as AllauthBackend
from django.contrib.auth import SESSION_KEY, get_user, middleware
from django.db.models import QuerySet, Subquery
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from messaging.models import Installation, User
from messaging.models.db.prepared import prepared

_of_the_session: Final = ContextVar[User | None]("the person who was read with the session", default=None)


class AuthenticationBackend(AllauthBackend):
    def get_user(self, user_id: int) -> User | None:
        """The person, with the `people_version` of that moment as `read_at`.

        A page may show the person's own name. So the version in the keys of what it caches must not be newer
        than their row.
        """
        user = _of_the_session.get()
        if user is None or user.pk != user_id:
            user = _person.first(user_id)
        return user if user and self.user_can_authenticate(user) else None


class AuthenticationMiddleware(middleware.AuthenticationMiddleware):
    """Django's own, but the session and its person are read by one query."""

    def process_request(self, request: Any) -> None:
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: self._person(request))

    @staticmethod
    def _person(request: Any) -> Any:
        if not hasattr(request, "_cached_user"):
            request._cached_user = person_of(request)
        return request._cached_user


def person_of(request: HttpRequest) -> Any:
    """Who is signed in, as Django's `get_user` finds out; an AnonymousUser if nobody is."""
    request.session.get(SESSION_KEY)  # reads it
    token = _of_the_session.set(getattr(request.session, "person", None))
    try:
        return get_user(request)
    finally:
        _of_the_session.reset(token)


@prepared
def _person(user_id: int) -> QuerySet[Any, Any]:
    version = Installation.objects.row().values("people_version")
    return User.objects.annotate(read_at=Subquery(version)).filter(pk=user_id)
