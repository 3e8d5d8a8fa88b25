"""The pages that the quick switcher offers, and the commands of the conversation that is open."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from messaging.models import Conversation, Installation, User
from messaging.models.inbox.destinations import Destination, Kind
from messaging.models.people.roles import can_create_rooms


def pages_with_letters() -> list[Destination]:
    """The pages to which the key G leads, each with the letter that is pressed after it."""
    return [
        _page(_("Inbox"), "inbox", "inbox", "I"),
        _page(_("Drafts"), "draft_list", "edit", "D"),
        _page(_("Saved messages"), "saved_list", "save", "V"),
        _page(_("Rooms"), "room_list", "hash", "R"),
        _page(_("People"), "person_list", "people", "P"),
        _page(_("Your settings"), "account", "settings", "S"),
    ]


def pages_for(user: User) -> list[Destination]:
    """The pages that the person can open, with their keys if the person uses single keys."""
    pages = pages_with_letters()
    for page in pages:
        page.keys = f"G {page.keys}"
    pages += [
        _page(_("Search"), "search", "search", "/"),
        _page(_("Your status"), "account_status", "settings"),
        _page(_("Notification settings"), "account_notifications", "settings"),
        _page(_("Pause notifications"), "account_pause", "later"),
        _page(_("Keyboard"), "account_keyboard", "settings", "?"),
        _page(_("Two-factor authentication"), "mfa_index", "key"),
        _page(_("Sessions"), "session_list", "device"),
        _page(_("Scheduled messages"), "scheduled_list", "later"),
        _page(_("Your files"), "account_files", "file"),
        _page(_("Blocked people"), "block_list", "people"),
        _page(_("Your reports"), "own_reports", "flag"),
    ]
    if settings.TAKES_PASSWORDS:
        pages.append(_page(_("Password"), "account_change_password", "key"))
    if settings.OIDC_PROVIDERS:
        pages.append(_page(_("Identity providers"), "identity_list", "key"))
    if not user.single_keys:
        for page in pages:
            page.keys = ""
    if user.is_administrator:
        pages += [
            _page(_("Site settings"), "site_settings", "site"),
            _page(_("Emoji"), "site_emoji", "react"),
            _page(_("Invitations"), "invitation_list", "link"),
            _page(_("Reports"), "report_list", "flag"),
            _page(_("Audit log"), "audit_log", "history"),
        ]
    return pages


def commands_for(
    user: User, installation: Installation, conversation: Conversation | None
) -> list[Destination]:
    """What the person can do where they are: with the open conversation first, then anywhere.

    Each leads to a page, so choosing one changes nothing yet.
    """
    commands = _commands_of(conversation) if conversation else []
    commands.append(_command(_("New conversation"), "conversation_new", "plus"))
    if can_create_rooms(user, installation):
        commands.append(_command(_("New room"), "room_new", "plus"))
    commands.append(_command(_("Mark everything as read…"), "all_read", "check"))
    commands.append(_command(_("Sign out…"), "account_logout", "leave"))
    return commands


def _commands_of(conversation: Conversation) -> list[Destination]:
    kept = [
        _command(_("Pinned messages"), "conversation_pins", "pin", conversation.pk),
        _command(_("Files"), "conversation_files", "file", conversation.pk),
    ]
    if conversation.is_direct:
        return kept
    if conversation.is_room:
        members, its_settings, leave = _("Members of this room"), _("Room settings"), _("Leave this room…")
    else:
        members, its_settings, leave = _("Members of this group"), _("Group settings"), _("Leave this group…")
    pk = conversation.pk
    return [
        *kept,
        _command(members, "conversation_members", "people", pk),
        _command(its_settings, "conversation_settings", "settings", pk),
        _command(leave, "conversation_leave", "leave", pk),
    ]


def _page(name: str, url: str, icon: str, keys: str = "") -> Destination:
    return Destination(Kind.PAGE, name, address=reverse(url), icon=icon, keys=keys)


def _command(name: str, url: str, icon: str, *of: int) -> Destination:
    return Destination(Kind.COMMAND, name, address=reverse(url, args=of), icon=icon)
