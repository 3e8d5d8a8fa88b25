"""How a mail about missed messages looks: plain text, and the same as HTML."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from messaging.mailing.unsubscribing import link_for
from messaging.models import Installation, Message, User
from messaging.models.inbox.missed_mail import Missed
from messaging.models.people.languages import speaking_to
from messaging.models.people.preferences import MissedMails
from messaging.rendering.why import Answer, answer_of
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


def compose(missed: Missed) -> EmailMultiAlternatives:
    """The mail. Its Message-ID is always the same for the same mail, and it refers to one that all mails
    about this conversation refer to, so that mail programs keep them together. It is in the language of its
    reader."""
    with speaking_to(missed.mail.user):
        return _compose(missed)


def _compose(missed: Missed) -> EmailMultiAlternatives:
    user, installation = missed.mail.user, Installation.objects.current()
    with_words = installation.mail_texts and user.missed_mails_are == MissedMails.TEXT
    unsubscribe = link_for(user)
    context = {
        "lines": [
            _line(message, with_words, answer_of(cause, message, with_words))
            for message, cause in zip(missed.messages, missed.causes, strict=True)
        ],
        "more": missed.more,
        "place": _place(missed),
        "link": _absolute("conversation", missed.mail.conversation_id),
        "site_name": installation.name,
        "minutes": installation.mail_minutes,
        "settings_link": _absolute("account_notifications"),
        "unsubscribe": unsubscribe,
    }
    with timezone.override(user.zone or UTC):
        text = render_to_string("messaging/mail/missed.txt", context)
        html = render_to_string("messaging/mail/missed.html", context)
    host = urlsplit(settings.PARLEY_URL).hostname
    conversation = f"<missed-{missed.mail.pk}@{host}>"
    headers = {
        "Message-ID": f"<missed-{missed.mail.pk}-{missed.mail.mails}@{host}>",
        "In-Reply-To": conversation,
        "References": conversation,
        "List-Unsubscribe": f"<{unsubscribe}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",  # RFC 8058
        "Auto-Submitted": "auto-generated",  # RFC 3834: no "out of office" answers
    }
    mail = EmailMultiAlternatives(_subject(missed, installation), text, to=[_to(user)], headers=headers)
    mail.attach_alternative(html, "text/html")
    return mail


def _subject(missed: Missed, installation: Installation) -> str:
    return _("Unread: %(place)s · %(site)s") % {"place": _place(missed), "site": installation.name}


def _place(missed: Missed) -> str:
    return f"#{missed.entry.title}" if missed.entry.is_room else missed.entry.title


def _line(message: Message, with_words: bool, why: Answer) -> Line:
    author = message.sender.name if message.sender else ""
    words = as_typed(message, LONGEST) if with_words else ""
    change = f"{settings.PARLEY_URL}{why.address}"
    return Line(author, message.timestamp, words, _absolute("message", message.pk), why.sentence, change)


def _absolute(name: str, *arguments: int) -> str:
    return f"{settings.PARLEY_URL}{reverse(name, args=arguments)}"


def _to(user: User) -> str:
    name, _at, domain = user.email.rpartition("@")
    return str(Address(user.name, name, domain))
