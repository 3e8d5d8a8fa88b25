"""Push notifications: the contact, and what push services said last. Nothing is pushed."""

from collections.abc import Iterator

from django.conf import settings

from messaging.health.finding import Finding, warning, well
from messaging.models import PushSetup
from messaging.pushing.vapid import contact


def check() -> Iterator[Finding]:
    found = contact()
    if found:
        yield well(f"Push services are told the contact {found}.")
    elif settings.PUSH_CONTACT:
        yield warning(
            "PARLEY_PUSH_CONTACT cannot be used, so push is off.",
            "Set it to mailto: and an address, or to an https URL, with a public host name.",
        )
    else:
        yield warning(
            "Push is off: there is no contact that push services could reach.",
            "Set PARLEY_PUSH_CONTACT, or enter the email address of an administrator.",
        )
    setup = PushSetup.objects.current()
    if setup.failed_at:
        yield warning(
            f"Push services have refused notices since {setup.failed_at:%Y-%m-%d %H:%M} UTC "
            f"({setup.failure}).",
            "Check PARLEY_PUSH_CONTACT and the clock. Notices that wait are tried again.",
        )
