"""The rules for accounts: signing in, settings, the second factor, sessions."""

from tests.security.outcomes import LOGIN, NO_SUCH_METHOD, SIGN_IN, Rule, for_all, only_author

OF_ACCOUNTS = {
    # A form without its fields is shown again.
    "set_language": Rule(for_all(302), for_all(302)),
    "account_login": Rule(for_all(302, 200), for_all(302, 200)),
    "account_signup": Rule(for_all(302, 200), for_all(302, 200)),  # closed, as it is by default
    "account_logout": Rule(for_all(200, 302), for_all(302)),
    "account_inactive": Rule(for_all(200), NO_SUCH_METHOD),
    "account_change_password": Rule(for_all(200, LOGIN), for_all(200, LOGIN)),
    "account_set_password": Rule(for_all(302, LOGIN), for_all(302, LOGIN)),
    # Without a mail server the page says whom to ask. An invalid link shows an error page.
    "account_reset_password": Rule(for_all(200), for_all(200)),
    "account_reset_password_done": Rule(for_all(200), NO_SUCH_METHOD),
    "account_reset_password_from_key": Rule(for_all(200), for_all(200), "key"),
    "account_reset_password_from_key_done": Rule(for_all(200), NO_SUCH_METHOD),
    "account": Rule(for_all(200, SIGN_IN), for_all(422, SIGN_IN)),
    "account_status": Rule(for_all(200, SIGN_IN), for_all(422, SIGN_IN)),
    "account_notifications": Rule(for_all(200, SIGN_IN), for_all(422, SIGN_IN)),
    "account_pause": Rule(for_all(200, SIGN_IN), for_all(422, SIGN_IN)),
    "desktop_notification": Rule(for_all(200, SIGN_IN), NO_SUCH_METHOD),
    "missed_mails_off": Rule(for_all(404), for_all(404), "token"),  # the token is invalid
    "digest_off": Rule(for_all(404), for_all(404), "token"),
    "account_digest": Rule(for_all(200, SIGN_IN), NO_SUCH_METHOD),
    "push_subscribe": Rule(NO_SUCH_METHOD, for_all(422, SIGN_IN)),  # without its fields
    "push_unread": Rule(for_all(200, SIGN_IN), NO_SUCH_METHOD),
    "push_remove": Rule(NO_SUCH_METHOD, for_all(302, SIGN_IN), "push"),  # of one's own; others' stay
    "push_test": Rule(NO_SUCH_METHOD, only_author(302), "push"),
    "service_worker": Rule(for_all(200), NO_SUCH_METHOD),
    "manifest": Rule(for_all(200), NO_SUCH_METHOD),
    "offline": Rule(for_all(200), NO_SUCH_METHOD),
    "share": Rule(for_all(200, SIGN_IN), for_all(200, 401), names=True),
    "share_to": Rule(NO_SUCH_METHOD, for_all(422, SIGN_IN), names=True),  # without a conversation
    "account_keyboard": Rule(for_all(200, SIGN_IN), for_all(302, SIGN_IN)),
    "account_files": Rule(for_all(200, SIGN_IN), NO_SUCH_METHOD),
    "account_email": Rule(for_all(200, SIGN_IN), for_all(422, SIGN_IN)),
    "account_email_code": Rule(for_all(302, SIGN_IN), for_all(302, SIGN_IN)),  # no address waits for a code
    "account_delete": Rule(for_all(200, SIGN_IN), for_all(422, SIGN_IN)),
    "account_deleted": Rule(for_all(404), NO_SUCH_METHOD, "code"),  # the code is invalid
    # The second factor: changes need reauthentication. The passkey ids do not exist.
    "account_reauthenticate": Rule(for_all(200, LOGIN), for_all(200, LOGIN)),
    "mfa_index": Rule(for_all(200, SIGN_IN), NO_SUCH_METHOD),
    "mfa_authenticate": Rule(for_all(302), for_all(302)),
    "mfa_reauthenticate": Rule(for_all(302, LOGIN), for_all(302, LOGIN)),
    "mfa_activate_totp": Rule(for_all(302, LOGIN), for_all(302, LOGIN)),
    "mfa_deactivate_totp": Rule(for_all(404, LOGIN), for_all(404, LOGIN)),
    "mfa_view_recovery_codes": Rule(for_all(404, LOGIN), for_all(405, LOGIN)),
    "mfa_generate_recovery_codes": Rule(for_all(302, LOGIN), for_all(302, LOGIN)),
    "mfa_download_recovery_codes": Rule(for_all(404, LOGIN), for_all(404, LOGIN)),
    "mfa_list_webauthn": Rule(for_all(302), for_all(302)),
    "mfa_add_webauthn": Rule(for_all(302, LOGIN), for_all(302, LOGIN)),
    "mfa_reauthenticate_webauthn": Rule(for_all(302, LOGIN), for_all(302, LOGIN)),
    "mfa_remove_webauthn": Rule(for_all(302, LOGIN), for_all(302, LOGIN), "person"),
    "mfa_edit_webauthn": Rule(for_all(302, LOGIN), for_all(302, LOGIN), "person"),
    "mfa_login_webauthn": Rule(for_all(302), for_all(302)),
    # Identity providers: there are none.
    "provider_sign_in": Rule(NO_SUCH_METHOD, for_all(302, 404), "provider"),
    "provider_callback": Rule(for_all(404), NO_SUCH_METHOD, "provider"),
    "provider_again": Rule(for_all(404, SIGN_IN), for_all(404, SIGN_IN), "provider"),
    "provider_sign_up": Rule(for_all(302), for_all(302)),
    "identity_list": Rule(for_all(404, SIGN_IN), NO_SUCH_METHOD),
    "identity_link": Rule(NO_SUCH_METHOD, for_all(404, SIGN_IN), "provider"),
    "identity_unlink": Rule(NO_SUCH_METHOD, for_all(302, SIGN_IN), "provider"),
    "sign_in_link": Rule(for_all(404), for_all(404), "token"),  # the token is invalid
    "session_list": Rule(for_all(200, SIGN_IN), NO_SUCH_METHOD),
    "session_end": Rule(NO_SUCH_METHOD, for_all(302, SIGN_IN), "token"),
    "account_export": Rule(for_all(200, SIGN_IN), NO_SUCH_METHOD),
}
