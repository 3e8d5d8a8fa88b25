from datetime import datetime
from importlib import import_module
from typing import ClassVar

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property

from messaging.models.db.registry import PersonPart, register_person_part
from messaging.models.db.tasks import task
from messaging.models.db.tokens import hashed
from messaging.models.people.user_agents import device_of

SIGN_IN_KEY = "signed_in"  # the key in a session of the time and the browser of the sign-in
USER_AGENT_LENGTH = 300


class SessionQuerySet(models.QuerySet["Session"]):
    def delete(self) -> tuple[int, dict[str, int]]:
        """Locked first: what refers to a session is added under its lock (`push_subscription.subscribe`)."""
        with transaction.atomic():
            list(self.select_for_update().values_list("pk"))
            return super().delete()


class SessionManager(BaseSessionManager):
    use_in_migrations = True

    def get_queryset(self) -> SessionQuerySet:  # type: ignore[override]  # BaseSessionManager is not generic
        return SessionQuerySet(self.model, using=self._db)


class Session(AbstractBaseSession):
    """The session of a browser that is signed in, or that has given the password and must give the second
    factor.

    `user` is there so that all sessions of a person can be ended. Who is signed in is what Django's own data
    inside the session say; `user`, who is the same, is read with it to save a query.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="sessions"
    )

    objects: ClassVar[SessionManager] = SessionManager()

    class Meta(AbstractBaseSession.Meta):
        abstract = False

    @classmethod
    def get_session_store_class(cls) -> type:
        store: type = import_module(settings.SESSION_ENGINE).SessionStore
        return store

    def delete(self, *args: object, **kwargs: object) -> tuple[int, dict[str, int]]:
        return Session.objects.filter(pk=self.pk).delete()

    @staticmethod
    def record_sign_in(request: HttpRequest) -> None:
        """Store the time and the browser in a session that has just begun."""
        browser = request.headers.get("User-Agent", "")[:USER_AGENT_LENGTH]
        request.session[SIGN_IN_KEY] = [timezone.now().isoformat(), browser]

    @property
    def public_id(self) -> str:
        """Identifies the session in a URL, since its key would let anybody sign in."""
        return hashed(self.session_key)[:20]

    @cached_property
    def _data(self) -> dict[str, object]:
        return self.get_decoded()

    @property
    def is_signed_in(self) -> bool:
        return SESSION_KEY in self._data

    @property
    def _noted(self) -> list[str]:
        noted = self._data.get(SIGN_IN_KEY)
        return noted if isinstance(noted, list) else ["", ""]

    @property
    def begun_at(self) -> datetime | None:
        begun = self._noted[0]
        return datetime.fromisoformat(begun) if begun else None

    @property
    def device(self) -> str:
        return device_of(self._noted[1])


register_person_part(
    PersonPart(
        Session,
        "user",
        exported_as="browsers",
        export=lambda user: [
            {"browser": session.device, "signed_in_at": session.begun_at}
            for session in user.sessions.all()
            if session.is_signed_in
        ],
    )
)


@task()
def delete_expired_sessions() -> None:
    """Periodic: delete the rows of expired sessions."""
    Session.objects.filter(expire_date__lt=timezone.now()).delete()
