"""Who may do what: a rule for every URL. A URL without one fails the test that reads this table."""

from django.urls import URLPattern, URLResolver, get_resolver

from tests.security.matrix_of_accounts import OF_ACCOUNTS
from tests.security.matrix_of_answers import OF_ANSWERS
from tests.security.outcomes import (
    GONE,
    MODERATOR,
    NO_SUCH_METHOD,
    NOBODY,
    ONLY_AUTHOR,
    READ,
    ROOM_ADMIN,
    SIGN_IN,
    Rule,
    administrators,
    for_all,
    for_members,
    only_author,
)

RULES = {
    # Conversations
    # From the start page to the sign-in page, and from there to a conversation.
    "conversation_list": Rule(for_all(200, 302), NO_SUCH_METHOD, htmx={"GET": for_all(200, SIGN_IN)}),
    "conversation": Rule(
        READ, NO_SUCH_METHOD, "conversation", open={"GET": for_all(200, SIGN_IN)}, shows=True
    ),
    "message_list": Rule(READ, NO_SUCH_METHOD, "conversation", shows=True),
    "conversation_read": Rule(NO_SUCH_METHOD, for_members(302), "conversation", htmx={"POST": READ}),
    "conversation_seen": Rule(NO_SUCH_METHOD, for_members(204), "conversation"),
    "message_send": Rule(for_members(302), for_members(302), "conversation", htmx={"POST": READ}),
    "conversation_new": Rule(for_all(200, SIGN_IN), for_all(422, SIGN_IN), names=True),
    "conversation_members": Rule(READ, ROOM_ADMIN, "conversation", htmx={"POST": ROOM_ADMIN}, names=True),
    "conversation_typing": Rule(NO_SUCH_METHOD, for_members(204), "conversation"),
    "conversation_commands": Rule(READ, NO_SUCH_METHOD, "conversation"),
    "conversation_preview": Rule(NO_SUCH_METHOD, READ, "conversation"),
    "conversation_mentionable": Rule(READ, NO_SUCH_METHOD, "conversation", names=True),
    "conversation_title": Rule(READ, NO_SUCH_METHOD, "conversation"),
    "conversation_unread_threads": Rule(READ, NO_SUCH_METHOD, "conversation"),
    "conversation_fresh": Rule(READ, NO_SUCH_METHOD, "conversation", shows=True),
    # Rooms
    "room_list": Rule(for_all(200, SIGN_IN), NO_SUCH_METHOD),
    "room_names": Rule(for_all(200, SIGN_IN), NO_SUCH_METHOD),
    "room_new": Rule(for_all(200, SIGN_IN, guest=403), for_all(422, SIGN_IN, guest=403)),
    "conversation_join": Rule(
        NO_SUCH_METHOD, for_members(302), "conversation", open={"POST": for_all(302, SIGN_IN)}
    ),
    "conversation_leave": Rule(READ, for_members(302), "conversation"),
    "conversation_settings": Rule(READ, for_members(422), "conversation"),
    # Rooms: what only the room's administrator may do
    "room_rename": Rule(NO_SUCH_METHOD, for_members(404, author=422), "conversation"),
    "room_archive": Rule(NO_SUCH_METHOD, for_members(404, author=302), "conversation"),
    "room_unarchive": Rule(NO_SUCH_METHOD, for_members(404, author=302), "conversation"),
    "room_remove": Rule(ONLY_AUTHOR, for_members(404, author=302), "conversation"),
    "room_retention": Rule(ONLY_AUTHOR, for_members(404, author=422), "conversation"),
    "room_retention_withdraw": Rule(NO_SUCH_METHOD, for_members(404, author=302), "conversation"),
    "room_undo_removal": Rule(NO_SUCH_METHOD, for_all(404, SIGN_IN), "conversation"),
    "room_member": Rule(ONLY_AUTHOR, NOBODY, "member"),
    "removed_rooms": Rule(for_all(200, SIGN_IN), NO_SUCH_METHOD),
    # People; a fragment request for a picture is a 404
    "person_list": Rule(for_all(200, SIGN_IN), NO_SUCH_METHOD, names=True),
    "person": Rule(for_all(200, SIGN_IN), NO_SUCH_METHOD, "person"),
    "person_card": Rule(for_all(302, SIGN_IN), NO_SUCH_METHOD, "person", htmx={"GET": for_all(200, SIGN_IN)}),
    "person_picture": Rule(
        for_all(200, SIGN_IN), NO_SUCH_METHOD, "picture", htmx={"GET": for_all(404, SIGN_IN)}
    ),
    # Messages
    "message": Rule(for_members(302), NO_SUCH_METHOD, "message", open={"GET": for_all(302, SIGN_IN)}),
    "message_references": Rule(for_all(200, SIGN_IN), NO_SUCH_METHOD),
    "message_menu": Rule(READ, NO_SUCH_METHOD, "message"),
    "message_commands": Rule(READ, NO_SUCH_METHOD, "message"),
    "message_preview": Rule(NO_SUCH_METHOD, READ, "message"),
    "message_mentionable": Rule(READ, NO_SUCH_METHOD, "message", names=True),
    "emoji_list": Rule(for_all(200), NO_SUCH_METHOD),
    "custom_emoji_list": Rule(for_all(200, SIGN_IN), NO_SUCH_METHOD),
    "emoji_picture": Rule(
        for_all(200, SIGN_IN), NO_SUCH_METHOD, "emoji_picture", htmx={"GET": for_all(404, SIGN_IN)}
    ),
    "message_reply": Rule(
        READ, for_members(302), "message", removed={"POST": for_members(422)}, htmx={"POST": READ}
    ),
    # Without a target it is refused.
    "message_forward": Rule(READ, for_members(422), "message", GONE, names=True, shows=True),
    "message_reply_in_private": Rule(
        NO_SUCH_METHOD, for_members(302, author=404), "message", {"POST": NOBODY}
    ),
    "message_edit": Rule(
        ONLY_AUTHOR, for_members(404, author=302), "message", GONE, htmx={"POST": ONLY_AUTHOR}, shows=True
    ),
    "message_history": Rule(READ, NO_SUCH_METHOD, "message", shows=True),
    "message_remove": Rule(
        MODERATOR,
        for_members(404, author=302, moderator=422),  # a moderator must give a reason
        "message",
        {"GET": NOBODY},  # removing it again is answered as the first time
        htmx={"POST": for_members(404, author=200, moderator=422)},
        shows=True,
    ),
    "message_text_remove": Rule(MODERATOR, for_members(404, author=302, moderator=302), "text", GONE),
    "message_unread": Rule(NO_SUCH_METHOD, for_members(302), "message", htmx={"POST": READ}),
    "message_descriptions": Rule(ONLY_AUTHOR, for_members(404, author=302), "pictures", GONE),
    "message_pin": Rule(NO_SUCH_METHOD, for_members(302), "message", {"POST": NOBODY}, htmx={"POST": READ}),
    "message_unpin": Rule(NO_SUCH_METHOD, for_members(302), "message", {"POST": NOBODY}, htmx={"POST": READ}),
    "conversation_pins": Rule(READ, NO_SUCH_METHOD, "conversation"),
    "conversation_files": Rule(READ, NO_SUCH_METHOD, "conversation"),
    "saved_list": Rule(for_all(200, SIGN_IN), NO_SUCH_METHOD),
    "message_save": Rule(NO_SUCH_METHOD, for_members(302), "message", {"POST": NOBODY}, htmx={"POST": READ}),
    "message_unsave": Rule(
        NO_SUCH_METHOD, for_members(302), "message", {"POST": NOBODY}, htmx={"POST": READ}
    ),
    "message_remind": Rule(READ, for_members(422), "message", GONE, shows=True),  # without a time
    "message_remind_again": Rule(NO_SUCH_METHOD, for_members(302), "message", {"POST": NOBODY}),
    "message_forget_reminder": Rule(NO_SUCH_METHOD, for_members(302), "message", htmx={"POST": READ}),
    "reminder_done": Rule(NO_SUCH_METHOD, only_author(302), "reminder"),
    # Later. Without a time and a text the form is shown.
    "message_schedule": Rule(READ, READ, "conversation"),
    "conversation_scheduled": Rule(READ, NO_SUCH_METHOD, "conversation"),
    "scheduled_list": Rule(for_all(200, SIGN_IN), NO_SUCH_METHOD),
    "scheduled_edit": Rule(only_author(200), only_author(422), "scheduled"),  # without a time
    "scheduled_send": Rule(NO_SUCH_METHOD, only_author(302), "scheduled"),
    "scheduled_delete": Rule(only_author(200), only_author(302), "scheduled"),
    # Drafts. What is saved needs a token.
    "conversation_draft": Rule(READ, for_members(400), "conversation"),
    "message_draft": Rule(READ, for_members(400), "message"),
    "draft_list": Rule(for_all(200, SIGN_IN), NO_SUCH_METHOD),
    "draft_delete": Rule(only_author(200), only_author(302), "draft"),
    # Files
    "file_upload": Rule(NO_SUCH_METHOD, for_all(422, SIGN_IN)),  # without a file
    "file": Rule(
        READ,
        NO_SUCH_METHOD,
        "file",
        {"GET": NOBODY},
        open={"GET": for_all(200, SIGN_IN)},
    ),
    "file_text": Rule(NOBODY, NO_SUCH_METHOD, "file", open={"GET": for_all(404, SIGN_IN)}),  # a picture
    "recorder": Rule(for_all(200, SIGN_IN), NO_SUCH_METHOD),
    "file_thumbnail": Rule(
        READ,
        NO_SUCH_METHOD,
        "file",
        {"GET": NOBODY},
        open={"GET": for_all(200, SIGN_IN)},
    ),
    # Link previews
    "preview_picture": Rule(
        READ, NO_SUCH_METHOD, "preview", {"GET": NOBODY}, open={"GET": for_all(200, SIGN_IN)}
    ),
    "preview_remove": Rule(
        MODERATOR, for_members(404, author=302, moderator=302), "preview", GONE, htmx={"POST": MODERATOR}
    ),
    # Threads
    "thread": Rule(READ, NO_SUCH_METHOD, "message", shows=True),
    "thread_list": Rule(READ, NO_SUCH_METHOD, "message", shows=True),
    "thread_follow": Rule(NO_SUCH_METHOD, for_members(302), "message", htmx={"POST": READ}),
    # Set-up and invitations. The site is set up already, and the token is invalid.
    "set_up": Rule(for_all(404), for_all(404), "token"),
    "invitation": Rule(for_all(404), for_all(404), "token"),
    "first_steps": Rule(NO_SUCH_METHOD, for_all(302, SIGN_IN)),
    # For administrators of the site; a 404 for everybody else
    "invitation_list": Rule(administrators(200), administrators(422)),
    "invitation_revoke": Rule(for_all(404, SIGN_IN), for_all(404, SIGN_IN), "person"),
    "site_settings": Rule(administrators(200), administrators(422)),
    "site_retention": Rule(administrators(200), administrators(422)),
    "site_retention_withdraw": Rule(NO_SUCH_METHOD, administrators(302)),
    "site_picture": Rule(
        for_all(200, SIGN_IN), NO_SUCH_METHOD, "team_picture", htmx={"GET": for_all(404, SIGN_IN)}
    ),
    "site_emoji": Rule(for_all(200, SIGN_IN, guest=404), administrators(422)),
    "emoji_retire": Rule(administrators(200), administrators(302), "emoji"),
    "emoji_bring_back": Rule(NO_SUCH_METHOD, administrators(302), "emoji"),
    "audit_log": Rule(administrators(200), NO_SUCH_METHOD),
    "person_role": Rule(NO_SUCH_METHOD, for_all(404, SIGN_IN), "person"),
    "person_deactivate": Rule(administrators(200), administrators(302), "person"),
    "person_block": Rule(for_all(200, SIGN_IN, author=404), for_all(302, SIGN_IN, author=404), "person"),
    "person_unblock": Rule(NO_SUCH_METHOD, for_all(302, SIGN_IN), "person"),
    "block_list": Rule(for_all(200, SIGN_IN), NO_SUCH_METHOD),
    "blocked_stylesheet": Rule(for_all(404, SIGN_IN, author=200), NO_SUCH_METHOD, "person"),
    "group_list": Rule(for_all(200, SIGN_IN, guest=404), NO_SUCH_METHOD),
    "group_new": Rule(administrators(200), administrators(422)),
    "group": Rule(for_all(200, SIGN_IN), administrators(422), "group", names=True),
    "group_edit": Rule(administrators(200), administrators(422), "group"),
    "group_delete": Rule(administrators(200), administrators(302), "group"),
    "group_remove": Rule(NO_SUCH_METHOD, administrators(302), "group"),
    "group_join": Rule(NO_SUCH_METHOD, for_all(302, SIGN_IN, guest=404), "group"),
    "group_leave": Rule(NO_SUCH_METHOD, for_all(302, SIGN_IN), "group"),
    "groups_stylesheet": Rule(for_all(404, SIGN_IN, author=200), NO_SUCH_METHOD, "person"),
    "person_ban": Rule(administrators(200), administrators(302), "person"),
    "person_reset_link": Rule(administrators(200), administrators(200), "person"),
    "person_reset_two_factor": Rule(administrators(200), administrators(302), "person"),
    "person_unlink": Rule(for_all(404, SIGN_IN), for_all(404, SIGN_IN), "person"),  # there is no provider
    "person_reactivate": Rule(NO_SUCH_METHOD, for_all(404, SIGN_IN), "person"),
    # Reports: each message is its author's; what was reported is in no conversation of these people.
    "message_report": Rule(
        for_members(200, author=404), for_members(422, author=404), "message", removed=GONE
    ),
    "report_list": Rule(for_all(404, SIGN_IN, administrator=200, moderator=200, author=200), NO_SUCH_METHOD),
    "report": Rule(for_all(404, SIGN_IN), for_all(404, SIGN_IN), "report"),
    "own_reports": Rule(for_all(200, SIGN_IN), NO_SUCH_METHOD),
    # The inbox
    "inbox": Rule(for_all(200, SIGN_IN), NO_SUCH_METHOD),
    "inbox_done": Rule(NO_SUCH_METHOD, for_members(302), "conversation", htmx={"POST": READ}),
    "inbox_later": Rule(READ, for_members(422), "conversation", htmx={"POST": for_members(422)}),
    "inbox_forget": Rule(NO_SUCH_METHOD, for_members(302), "conversation", htmx={"POST": READ}),
    "inbox_undo": Rule(NO_SUCH_METHOD, for_all(302, SIGN_IN), htmx={"POST": for_all(200, SIGN_IN)}),
    "unread_list": Rule(for_all(302, SIGN_IN), NO_SUCH_METHOD),
    "thread_inbox": Rule(for_all(302, SIGN_IN), NO_SUCH_METHOD),
    "notification_list": Rule(for_all(302, SIGN_IN), NO_SUCH_METHOD),
    "search": Rule(for_all(200, SIGN_IN), NO_SUCH_METHOD),
    "next_unread": Rule(for_all(302, SIGN_IN), NO_SUCH_METHOD),
    "reactions_seen": Rule(NO_SUCH_METHOD, for_all(302, SIGN_IN), htmx={"POST": for_all(200, SIGN_IN)}),
    "all_read": Rule(for_all(200, SIGN_IN), for_all(302, SIGN_IN)),
    "switcher": Rule(for_all(200, SIGN_IN), NO_SUCH_METHOD),
    # The person's sidebar
    "section_list": Rule(for_all(200, SIGN_IN), for_all(422, SIGN_IN)),
    "section_change": Rule(NO_SUCH_METHOD, for_all(422, SIGN_IN), "person"),  # no field, so no name
    "section_fold": Rule(NO_SUCH_METHOD, for_all(302, SIGN_IN), htmx={"POST": for_all(200, SIGN_IN)}),
    "conversation_arrange": Rule(NO_SUCH_METHOD, for_members(302), "conversation", htmx={"POST": READ}),
    "token": Rule(for_all(200, SIGN_IN), NO_SUCH_METHOD),
    # The same for everybody
    "viewer_stylesheet": Rule(for_all(200), NO_SUCH_METHOD, "person"),
}
RULES |= OF_ACCOUNTS | OF_ANSWERS
# The pages of the admin site have their own test, by the prefix.
ADMIN = {"admin/", "admin/login/", "admin/password_change/"}


def urls(patterns: list[URLPattern | URLResolver] | None = None, prefix: str = "") -> dict[str, str | None]:
    """Every URL of the project by its route, with its name; the admin site is one entry."""
    found: dict[str, str | None] = {}
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            found[route] = pattern.name
        elif getattr(pattern, "app_name", None) == "admin":
            found[route] = None
        else:
            found |= urls(pattern.url_patterns, route)
    return found
