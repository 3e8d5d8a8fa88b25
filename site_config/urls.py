from allauth.account import views as account
from allauth.account.decorators import reauthentication_required
from allauth.mfa.webauthn.views import login_webauthn
from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from django.views.i18n import set_language

from messaging.views.accounts.sign_in import (
    PasswordResetFromKey,
    SignIn,
    SignOut,
    SignUp,
    admin_login,
    password_reset,
    while_passwords_are_on,
)
from messaging.views.accounts.two_factor import two_factor

urlpatterns = [
    path("", include("messaging.urls")),
    path("language/", set_language, name="set_language"),
    # Accounts: these flows are allauth's. The flows that Parley does not use are not reachable.
    path("account/login/", SignIn.as_view(), name="account_login"),
    path("account/logout/", SignOut.as_view(), name="account_logout"),
    path("account/inactive/", account.account_inactive, name="account_inactive"),
    path("account/signup/", while_passwords_are_on(SignUp.as_view()), name="account_signup"),
    path(
        "account/password/change/",
        while_passwords_are_on(account.password_change),
        name="account_change_password",
    ),
    path(
        "account/password/set/",
        while_passwords_are_on(reauthentication_required(account.password_set)),
        name="account_set_password",
    ),
    path("account/password/reset/", while_passwords_are_on(password_reset), name="account_reset_password"),
    path("account/password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^account/password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        while_passwords_are_on(PasswordResetFromKey.as_view()),
        name="account_reset_password_from_key",
    ),
    path(
        "account/password/reset/key/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("account/again/", account.reauthenticate, name="account_reauthenticate"),
    path("account/two-factor/", two_factor, name="mfa_index"),
    path(
        "account/two-factor/webauthn/",
        RedirectView.as_view(pattern_name="mfa_index"),
        name="mfa_list_webauthn",
    ),
    path(
        "account/two-factor/webauthn/login/",
        while_passwords_are_on(login_webauthn),
        name="mfa_login_webauthn",
    ),
    # The three above replace allauth's, so they come first.
    path("account/two-factor/", include("allauth.mfa.urls")),
    # The admin uses the same sign-in page, with the same limits.
    path("admin/login/", admin_login),
    path("admin/password_change/", RedirectView.as_view(pattern_name="account_change_password")),
    path("admin/", admin.site.urls),
]

handler500 = "messaging.views.errors.server_error"
