"""The settings of accounts and signing in, which is django-allauth's."""

import os

from django.core.exceptions import ImproperlyConfigured

from messaging.auth.provider_settings import providers_from

AUTH_USER_MODEL = "messaging.User"
AUTHENTICATION_BACKENDS = ["messaging.auth.backend.AuthenticationBackend"]
PASSWORD_HASHERS = ["messaging.auth.password_hasher.PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
SESSION_ENGINE = "messaging.auth.session_store"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "conversation_list"
ACCOUNT_ADAPTER = "messaging.auth.account_adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "signup": "messaging.forms.accounts.sign_up.SignUpForm",
    "change_password": "messaging.forms.accounts.attempts.ChangePasswordForm",  # nosec B105 - a path
    "reauthenticate": "messaging.forms.accounts.attempts.ReauthenticateForm",
}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*", "password2*"]
ACCOUNT_SIGNUP_REDIRECT_URL = "room_list"
# One mailbox may have several accounts: refusing the second would tell that there is a first.
ACCOUNT_UNIQUE_EMAIL = False
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = True
# At sign-in: five wrong passwords in 450 s for an account, and as many wrong codes; ten of each a minute from
# an IP address. Counted in the cache `default`, which does not depend on Redis. People who are signed in have
# a count of their own for all forms together (messaging/auth/attempts.py), so allauth's for single forms are
# off.
ACCOUNT_RATE_LIMITS = {
    "login_failed": "10/m/ip,5/450s/key",
    "provider": "120/m/ip",  # the way to an identity provider, and the way back
    "reauthenticate": None,
    "change_password": None,  # nosec B105 - no password
}
# The browser in which it is changed stays signed in; all others are signed out (User.save).
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
MFA_ADAPTER = "messaging.auth.mfa_adapter.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {
    "activate_totp": "messaging.forms.accounts.attempts.ActivateAppForm",
    "reauthenticate": "messaging.forms.accounts.attempts.ReauthenticateCodeForm",
    "add_webauthn": "messaging.forms.accounts.passkeys.AddPasskeyForm",
    "edit_webauthn": "messaging.forms.accounts.passkeys.RenamePasskeyForm",
    "authenticate_webauthn": "messaging.forms.accounts.passkeys.AuthenticatePasskeyForm",
    "login_webauthn": "messaging.forms.accounts.passkeys.SignInPasskeyForm",
    "reauthenticate_webauthn": "messaging.forms.accounts.passkeys.ReauthenticatePasskeyForm",
}
# A confirmed e-mail address is not required to set up two-factor authentication.
MFA_ALLOW_UNVERIFIED_EMAIL = True
SOCIALACCOUNT_ADAPTER = "messaging.auth.identity_adapter.IdentityAdapter"
SOCIALACCOUNT_STORE_TOKENS = False

# Identity providers (messaging/auth/provider_settings.py), and whether they are the only way to sign in.
OIDC_PROVIDERS = providers_from(os.environ)
PASSWORDS = os.environ.get("PARLEY_PASSWORDS") or "on"
if PASSWORDS not in {"on", "off"}:
    raise ImproperlyConfigured(f"PARLEY_PASSWORDS is {PASSWORDS!r}: it must be on or off.")
if PASSWORDS == "off" and not OIDC_PROVIDERS:
    raise ImproperlyConfigured(
        "PARLEY_PASSWORDS is off, but no PARLEY_OIDC_… names a provider to sign in with."
    )
TAKES_PASSWORDS = PASSWORDS == "on"
