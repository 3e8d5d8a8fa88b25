"""Confirmation of e-mail addresses: an address is stored when the code that was mailed to it is entered.

A password can be reset through the address, so a mistyped address would let a stranger in. Without a mail
server no password can be reset in this way, so addresses are stored without confirmation.
"""

from typing import Any, cast

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.code_verification import AbstractCodeVerificationProcess
from django.http import HttpRequest

from messaging.models import Installation, User

SESSION_KEY = "address_to_confirm"
MAX_ATTEMPTS = 5
VALID_SECONDS = 15 * 60


class Confirmation(AbstractCodeVerificationProcess):
    """An address that is waiting for its code, stored in the session of the person who entered it.

    This is allauth's process with another result. Allauth stores unconfirmed addresses in a table and lets
    nobody sign in until theirs is confirmed, which would require an address from everybody.
    """

    def __init__(self, request: HttpRequest, state: dict[str, Any]) -> None:
        super().__init__(max_attempts=MAX_ATTEMPTS, timeout=VALID_SECONDS, state=state)
        self.request = request

    @classmethod
    def begin(cls, request: HttpRequest, email: str, then: str) -> None:
        """Mail a code to this address. It replaces an address that is still waiting.

        Args:
            request: of the person whose address it is to become.
            email: the new address.
            then: the path of the page to show after the confirmation.

        Raises:
            NotDelivered: the mail could not be sent.
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
        """Mail a new code. The previous code becomes invalid.

        Raises:
            NotDelivered: the mail could not be sent; nothing has changed.
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
        """Store the confirmed address."""
        user = cast(User, self.request.user)
        user.email = self.email
        user.save(update_fields=["email"])
        User.objects.filter(pk=user.pk).update(email_confirmed=True, email_refused_at=None)
        self.abort()
