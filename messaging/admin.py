"""The admin, for owners: to search the database. Most of it is read-only.

Roles, bans and the like are changed on Parley's own pages, which write them to the audit log.
"""

from collections.abc import Iterable
from typing import Any

from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from messaging.background.models import QueuedTask
from messaging.models import (
    AuditEntry,
    Conversation,
    Installation,
    Membership,
    Message,
    MessageHistory,
    Notification,
    User,
)
from messaging.models.accounts.personal_data import what_is_deleted

# Providers are set by the environment, and identities are linked and unlinked on Parley's pages.
admin.site.unregister([SocialApp, SocialToken, SocialAccount])


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows can be searched and viewed only. Only the functions of the models write them."""

    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    list_display = ["id", "timestamp", "sender", "conversation", "content", "edited", "read", "removed_at"]
    list_filter = ["edited", "read", "conversation__kind"]
    list_select_related = ["sender", "conversation"]
    search_fields = ["content", "sender__username", "sender__display_name", "conversation__name"]
    ordering = ["-id"]


@admin.register(MessageHistory)
class MessageHistoryAdmin(ReadOnlyAdmin):
    list_display = ["message_id", "number", "old_content", "edited_by", "edited_at"]
    list_select_related = ["edited_by"]
    search_fields = ["old_content", "edited_by__username", "message__content"]
    ordering = ["-id"]


@admin.register(Notification)
class NotificationAdmin(ReadOnlyAdmin):
    list_display = ["user", "reason", "message_id", "conversation", "created_at", "read_at"]
    list_filter = ["reason", ("read_at", admin.EmptyFieldListFilter)]
    list_select_related = ["user", "conversation"]
    search_fields = ["user__username", "message__content", "conversation__name"]
    ordering = ["-id"]


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    list_display = ["at", "actor", "act", "person", "conversation", "details"]
    list_filter = ["act"]
    list_select_related = ["actor", "person", "conversation"]
    search_fields = ["actor__username", "person__username"]
    ordering = ["-id"]


class MembershipInline(admin.TabularInline):
    """The members, read-only: `rooms.members` adds and removes people and keeps what is unread correct."""

    model = Membership
    fields = ["user", "role", "notification_level", "joined_at"]
    readonly_fields = ["user", "role", "notification_level", "joined_at"]
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Conversation)
class ConversationAdmin(ReadOnlyAdmin):
    list_display = ["id", "kind", "name", "is_private", "version", "last_message_at"]
    list_filter = ["kind", "is_private"]
    search_fields = ["name", "topic"]
    inlines = [MembershipInline]


@admin.register(Installation)
class InstallationAdmin(admin.ModelAdmin):
    list_display = ["name", "epoch", "people_version"]
    fields = ["name"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    """People. Deleting them here is one transaction (`User.delete()`), not batches as on their own page; the
    result is the same."""

    list_display = ["username", "display_name", "email", "role", "is_active"]
    list_filter = ["is_active", "role"]
    filter_horizontal = []
    readonly_fields = ["role", "is_active", "last_login", "date_joined"]
    search_fields = ["username", "display_name", "email"]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (_("Person"), {"fields": ["display_name", "email", "theme"]}),
        (
            _("Role and access (change them on the person's profile in Parley)"),
            {"fields": ["role", "is_active"]},
        ),
        (_("Dates"), {"fields": ["last_login", "date_joined"]}),
    ]

    actions = ["remove_pictures"]

    @admin.action(description=_("Remove the pictures of selected people"), permissions=["change"])
    def remove_pictures(self, request: HttpRequest, people: QuerySet[User]) -> None:
        for person in people.exclude(avatar=""):
            person.set_avatar(None)
            person.save(update_fields=["avatar"])
            self.log_change(request, person, gettext("Removed the picture."))

    def get_deleted_objects(
        self, objs: Iterable[Any], request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[Any]]:
        """What will be deleted, in numbers. Django would list every row, and refuse to delete messages."""
        ids = [user.pk for user in objs]
        shown = [f"{user.name} (@{user.username})" for user in objs]
        yourself = [gettext("You cannot delete yourself here: delete your account in your settings.")]
        missing = set() if self.has_delete_permission(request) else {str(self.opts.verbose_name)}
        return (
            shown,
            {gettext("people"): len(ids), **what_is_deleted(ids)},
            missing,
            (yourself if request.user.pk in ids else []),
        )


@admin.register(QueuedTask)
class QueuedTaskAdmin(ReadOnlyAdmin):
    list_display = ["task", "state", "attempts", "error_class", "error_place", "due_at", "finished_at"]
    list_filter = ["state"]
    search_fields = ["task", "error_class"]
    ordering = ["-id"]
