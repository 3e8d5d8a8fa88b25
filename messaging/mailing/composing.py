"""How mails to a person look: plain text, and the same as HTML. And the mail about missed messages."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from email.headerregistry import Address
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from messaging.mailing.unsubscribing import MISSED
from messaging.models import Installation, Message, User
from messaging.models.inbox.missed_mail import Missed
from messaging.models.inbox.sidebar_entry import SidebarEntry
from messaging.models.inbox.why import Cause
from messaging.models.people.languages import in_language_of
from messaging.models.people.preferences import MissedMails
from messaging.rendering.why import answer_of
from messaging.rendering.words import as_typed

LONGEST: Final = 2000  # characters of one message


@dataclass(frozen=True)
class Line:
    """A message in a mail. `words` is empty if the mail names only who wrote. `why` says why it is for the
    person, and `change` is the address at which they can change that."""

    author: str
    at: datetime
    words: str
    link: str
    why: str
    change: str


@contextmanager
def for_reader(user: User, zone: tzinfo | None = None) -> Iterator[None]:
    """Everything of a mail is composed within this: the language and the times are those of the person.

    Args:
        zone: their time zone, if they have chosen none.
    """
    with in_language_of(user), timezone.override(user.zone or zone or UTC):
        yield


def includes_text(user: User, installation: Installation) -> bool:
    """Whether mails to this person contain what was written."""
    return installation.mail_texts and user.missed_mails_are == MissedMails.TEXT


def compose(missed: Missed) -> EmailMultiAlternatives:
    """The mail. Its Message-ID is always the same for the same mail, and it refers to one that all mails
    about this conversation refer to, so that mail programs keep them together. It is in the language of its
    reader."""
    user, installation = missed.mail.user, Installation.objects.current()
    with_words = includes_text(user, installation)
    with for_reader(user):
        context = {
            "lines": [
                line_of(message, cause, with_words)
                for message, cause in zip(missed.messages, missed.causes, strict=True)
            ],
            "more": missed.more,
            "place": name_of(missed.entry),
            "link": absolute("conversation", missed.mail.conversation_id),
            "site_name": installation.name,
            "minutes": installation.mail_minutes,
            "settings_link": absolute("account_notifications"),
            "unsubscribe": MISSED.link_for(user),
        }
        place = {"place": name_of(missed.entry), "site": installation.name}
        subject = _("Unread: %(place)s · %(site)s") % place
        host = urlsplit(settings.PARLEY_URL).hostname
        conversation = f"<missed-{missed.mail.pk}@{host}>"
        headers = {
            "Message-ID": f"<missed-{missed.mail.pk}-{missed.mail.mails}@{host}>",
            "In-Reply-To": conversation,
            "References": conversation,
            **MISSED.headers_for(user),
        }
        return written(user, subject, "messaging/mail/missed", context, headers)


def written(
    user: User, subject: str, template: str, context: Mapping[str, object], headers: dict[str, str]
) -> EmailMultiAlternatives:
    """A mail to the person, from two templates whose names begin with `template`. Call it in `for_reader`."""
    text = render_to_string(f"{template}.txt", dict(context))
    mail = EmailMultiAlternatives(subject, text, to=[_to(user)], headers=headers)
    mail.attach_alternative(render_to_string(f"{template}.html", dict(context)), "text/html")
    return mail


def name_of(entry: SidebarEntry) -> str:
    return f"#{entry.title}" if entry.is_room else entry.title


def line_of(message: Message, cause: Cause, with_words: bool, longest: int = LONGEST) -> Line:
    author = message.sender.name if message.sender else ""
    words = as_typed(message, longest) if with_words else ""
    why = answer_of(cause, message, with_words)
    link, change = absolute("message", message.pk), f"{settings.PARLEY_URL}{why.address}"
    return Line(author, message.timestamp, words, link, why.sentence, change)


def absolute(name: str, *arguments: int) -> str:
    """The address of a page, for a mail."""
    return f"{settings.PARLEY_URL}{reverse(name, args=arguments)}"


def _to(user: User) -> str:
    name, _at, domain = user.email.rpartition("@")
    return str(Address(user.name, name, domain))
