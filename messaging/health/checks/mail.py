"""The mail server. Nothing is sent."""

from collections.abc import Iterator
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import get_connection

from messaging.health.finding import Finding, fault, warning, well
from messaging.models import Installation, User


def check() -> Iterator[Finding]:
    if not settings.HAS_MAIL_SERVER:
        yield well("There is no mail server: administrators pass on links themselves.")
        return
    connection = get_connection()
    try:
        connection.open()
        connection.close()
    except (OSError, SMTPException) as error:
        yield fault(
            f"The mail server cannot be used ({type(error).__name__}).",
            "Check host, port, user and password in EMAIL_URL, and that the port is open.",
        )
        return
    installation = Installation.objects.current()
    if installation.mail_failed_at:
        yield warning(
            f"Emails have failed since {installation.mail_failed_at:%Y-%m-%d %H:%M} UTC "
            f"({installation.mail_failure}).",
            "See the log of the mail server. Emails that wait are tried again.",
        )
    else:
        yield well("The mail server takes connections.")
    if refused := User.objects.filter(is_active=True).exclude(email_refused_at=None).count():
        yield warning(f"The addresses of {refused} people are refused.", "The site's settings name them.")
