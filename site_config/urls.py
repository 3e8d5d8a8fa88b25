from allauth.account import views as account
from django.contrib import admin
from django.urls import include, path

from messaging.views.accounts import admin_login

urlpatterns = [
    path("", include("messaging.urls")),
    # Accounts: every flow is allauth's; what is not built yet is not reachable.
    path("account/login/", account.login, name="account_login"),
    path("account/logout/", account.logout, name="account_logout"),
    path("account/inactive/", account.account_inactive, name="account_inactive"),
    path("account/password/change/", account.password_change, name="account_change_password"),
    path("account/password/set/", account.password_set, name="account_set_password"),
    # The admin signs in by the same door, with the same limits.
    path("admin/login/", admin_login),
    path("admin/", admin.site.urls),
]

handler500 = "messaging.views.errors.server_error"
