"""Times and lengths that a page or a mail mentions are those that hold."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.password_validation import MinimumLengthValidator, get_default_password_validators

from messaging.auth.email_confirmation import VALID_SECONDS
from messaging.models.accounts.deletion import RECEIPT_KEPT
from messaging.models.conversations.permissions import UNDO_REMOVAL_WITHIN

ROOT = Path(__file__).parents[2]


def least_length() -> int:
    validators = get_default_password_validators()
    return next(one.min_length for one in validators if isinstance(one, MinimumLengthValidator))


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("templates/messaging/rooms/remove.html", "within {room} days"),
        ("templates/messaging/rooms/removed.html", "for {room} days"),
        ("messaging/views/rooms/settings.py", "within {room} days"),
        ("templates/messaging/accounts/deletion.html", "available for {receipt} days"),
        ("templates/messaging/accounts/email_code.html", "within {code} minutes"),
        ("templates/account/email/address_code_message.txt", "valid for {code} minutes"),
        ("templates/account/email/password_reset_key_message.txt", "within {link} days"),
        ("templates/account/password_reset_from_key.html", "within {link} days"),
        ("templates/messaging/accounts/reset_link.html", "within {link} days"),
        ("messaging/forms/accounts/sign_up.py", "At least {password} characters"),
    ],
)
def test_a_text_says_the_limit_that_holds(file: str, text: str) -> None:
    expected = text.format(
        room=UNDO_REMOVAL_WITHIN.days,
        receipt=RECEIPT_KEPT.days,
        code=VALID_SECONDS // 60,
        link={3: "three"}[timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT).days],
        password=least_length(),
    )
    assert expected in (ROOT / file).read_text()
