"""The pages that people who are signed in open, for tests of every page."""

from django.urls import reverse

from messaging.models import Conversation, Message, User, UserGroup

PAGES = [
    "conversation_list",
    "room_list",
    "room_new",
    "removed_rooms",
    "person_list",
    "group_list",
    "group_new",
    "conversation_new",
    "account",
    "account_status",
    "account_pause",
    "account_notifications",
    "account_digest",
    "account_keyboard",
    "account_files",
    "scheduled_list",
    "draft_list",
    "share",
    "saved_list",
    "account_email",
    "search",
    "switcher",
    "section_list",
    "inbox",
    "all_read",
    "account_change_password",
    "account_logout",
    "account_delete",
    "block_list",
    "own_reports",
    "report_list",
    "session_list",
    "mfa_index",
    "invitation_list",
    "site_settings",
    "site_retention",
    "site_emoji",
    "audit_log",
]
OF_ROOM = [
    "conversation",
    "conversation_members",
    "conversation_settings",
    "conversation_leave",
    "conversation_pins",
    "conversation_files",
    "conversation_commands",
    "poll_new",
    "inbox_later",
    "message_schedule",
    "room_remove",
    "room_retention",
]
OF_PERSON = ["person", "person_block", "person_deactivate", "person_ban", "person_reset_link"]
OF_GROUP = ["group", "group_edit", "group_delete"]
OF_MESSAGE = [
    "thread",
    "message_menu",
    "message_reply",
    "message_edit",
    "message_forward",
    "message_history",
    "message_reactions",
    "message_remove",
    "message_remind",
]


def paths(room: Conversation, person: User, message: Message) -> dict[str, str]:
    """The path of each page by its name, for an owner of the site who created the room and wrote the message.

    The message must have been edited, so that it has a history.
    """
    group, _is_new = UserGroup.objects.get_or_create(handle="crew", defaults={"name": "The crew"})
    group.members.add(person)
    arguments = {
        **{name: [room.pk] for name in OF_ROOM},
        **{name: [person.pk] for name in OF_PERSON},
        **{name: [message.pk] for name in OF_MESSAGE},
        **{name: [group.pk] for name in OF_GROUP},
    }
    names = [*PAGES, *OF_ROOM, *OF_PERSON, *OF_MESSAGE, *OF_GROUP]
    return {name: reverse(name, args=arguments.get(name)) for name in names}
