"""The administrator's view. Messages, histories and notifications can be searched there, not falsified."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path

from messaging.account_adapter import password_reset_link
from messaging.models import (
    Conversation,
    Installation,
    Membership,
    Message,
    MessageHistory,
    Notification,
    User,
)
from messaging.models.belongings import what_goes


class ReadOnlyAdmin(admin.ModelAdmin):
    """To look at and to search. What is written here is written by the verbs of the models alone."""

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


class MembershipInline(admin.TabularInline):
    """Who is in. Shown here; people are added and removed by the verbs, which keep the unread right."""

    model = Membership
    fields = ["user", "role", "level", "joined_at"]
    readonly_fields = ["user", "role", "level", "joined_at"]
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
    """People. Deleting one here erases them as their own page would: `User.delete()` is the same door."""

    list_display = ["username", "display_name", "email", "is_active", "is_staff"]
    list_filter = ["is_active", "is_staff", "is_superuser"]
    search_fields = ["username", "display_name", "email"]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        ("Person", {"fields": ["display_name", "email", "theme"]}),
        ("Rights", {"fields": ["is_active", "is_staff", "is_superuser", "groups", "user_permissions"]}),
        ("Dates", {"fields": ["last_login", "date_joined"]}),
    ]

    actions = ["take_pictures_away"]
    change_form_template = "admin/messaging/user/change_form.html"

    @admin.action(description="Take the pictures of selected people away", permissions=["change"])
    def take_pictures_away(self, request: HttpRequest, people: QuerySet[User]) -> None:
        for person in people.exclude(avatar=""):
            person.show_picture(None)
            person.save(update_fields=["avatar"])
            self.log_change(request, person, "Took the picture away.")

    def get_urls(self) -> list[URLPattern]:
        link = self.admin_site.admin_view(self.reset_link)
        mine = path("<path:object_id>/reset-link/", link, name="messaging_user_reset_link")
        return [mine, *super().get_urls()]

    def reset_link(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """A link with which the person chooses a new password, to be passed on: made and shown once."""
        person = self.get_object(request, object_id)
        if person is None or not person.is_active:
            raise Http404
        if not self.has_change_permission(request, person):
            raise PermissionDenied
        context = {**self.admin_site.each_context(request), "opts": self.opts, "person": person}
        context["title"] = f"A link for a new password of @{person.username}"
        if request.method == "POST":
            context["link"] = password_reset_link(person)
            self.log_change(request, person, "Made a link for a new password.")
        return render(request, "admin/messaging/user/reset_link.html", context)

    def get_deleted_objects(
        self, objs: Iterable[Any], request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[Any]]:
        """What goes, in numbers: Django would list every row, and refuse, since messages can't be deleted."""
        ids = [user.pk for user in objs]
        shown = [f"{user.name} (@{user.username})" for user in objs]
        missing = set() if self.has_delete_permission(request) else {str(self.opts.verbose_name)}
        return shown, {"people": len(ids), **what_goes(ids)}, missing, []
