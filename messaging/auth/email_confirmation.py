"""That an e-mail address is one's own: it counts when a code that was mailed to it is typed in here.

A password can be reset through an address, so one that was mistyped would let a stranger in. Where no mail
can be sent, nothing is reset through an address, and it is taken as it is.
"""

from typing import Any, cast

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.code_verification import AbstractCodeVerificationProcess
from django.http import HttpRequest

from messaging.models import Installation, User

SESSION_KEY = "address_to_confirm"
TRIES = 5
GOOD_SECONDS = 15 * 60


class Confirmation(AbstractCodeVerificationProcess):
    """An address that waits for its code, in the session of who gave it.

    Allauth's process, but for what it ends in: allauth keeps addresses that are not confirmed in a table,
    and lets nobody in until they are, which takes an address of everybody.
    """

    def __init__(self, request: HttpRequest, state: dict[str, Any]) -> None:
        super().__init__(max_attempts=TRIES, timeout=GOOD_SECONDS, state=state)
        self.request = request

    @classmethod
    def begin(cls, request: HttpRequest, email: str, then: str) -> None:
        """Mail a code to this address. Where one waits already, it waits no longer.

        Args:
            then: where to go on to afterwards, an address of ours.

        Raises:
            NotDelivered: the mail server does not take it.
        """
        cls(request, {**cls.initial_state(request.user, email), "then": then}).send()

    @classmethod
    def waiting(cls, request: HttpRequest) -> "Confirmation | None":
        state = request.session.get(SESSION_KEY)
        return state and cls(request, state).abort_if_invalid()

    @property
    def email(self) -> str:
        return str(self.state["email"])

    @property
    def then(self) -> str:
        return str(self.state["then"])

    def send(self) -> None:
        """Mail a new code: the one before is good no more.

        Raises:
            NotDelivered: the mail server does not take it, and everything is as it was.
        """
        adapter = get_adapter()
        code = adapter.generate_email_verification_code()
        context = {"code": code, "site_name": Installation.objects.current().name}
        adapter.deliver("account/email/address_code", self.email, context)
        self.state["code"] = code
        self.persist()

    def persist(self) -> None:
        self.request.session[SESSION_KEY] = self.state

    def abort(self) -> None:
        self.request.session.pop(SESSION_KEY, None)

    def finish(self) -> None:
        """It is the person's address from here on."""
        user = cast(User, self.request.user)
        user.email = self.email
        user.save(update_fields=["email"])
        self.abort()
