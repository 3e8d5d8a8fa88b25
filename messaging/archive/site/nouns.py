"""What is exported of a site: for each model the keys of its lines, and why a column has none."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from allauth.socialaccount.models import SocialAccount
from django.db import models

from messaging import models as parley
from messaging.archive.site.left_out import ORDER, ROW_ID
from messaging.models.site.audit_log import AuditEntry


@dataclass(frozen=True)
class Noun:
    """One kind of line, or of part of a message's line.

    Attributes:
        name: that of its file, or its key in the line of a message.
        model: whose rows they are.
        keys: key in the line -> column.
        left_out: column -> why it has no key.
        is_private: whether only the person sees it whose it is.
        private_keys: likewise some of the keys.
    """

    name: str
    model: type[models.Model]
    keys: Mapping[str, str]
    left_out: Mapping[str, str] = field(default_factory=dict)
    is_private: bool = False
    private_keys: frozenset[str] = frozenset()

    def column(self, key: str) -> models.Field:
        found: models.Field = self.model._meta.get_field(self.keys[key])  # type: ignore[assignment]
        return found


def _keys(names: str) -> dict[str, str]:
    """Keys and columns, from names such as "id sent_at=timestamp"."""
    pairs = (name.partition("=") for name in names.split())
    return {key: column or key for key, _, column in pairs}


VERSION: Final = "The numbers of open pages begin anew."
RENDERED: Final = "It is made again from what is exported."

SITE: Final = Noun(
    "site",
    parley.Installation,
    _keys(
        "name picture sign_up room_creators edit_minutes history_readers link_previews room_mentioners"
        " blocked_words blocked_hosts mail_minutes mail_texts push_texts backup_days retention"
    ),
    {
        "id": "There is one.",
        **dict.fromkeys(("block_key", "keywords_key"), RENDERED),
        "setup_hash": "A secret: the link that creates the first account.",
        **dict.fromkeys(("epoch", "people_version", "sessions_version"), VERSION),
        **dict.fromkeys(("mailed_to", "mail_failed_at", "mail_failure"), "The state of the old machine."),
    },
)
PEOPLE: Final = Noun(
    "people",
    parley.User,
    _keys(
        "id username display_name email email_confirmed is_active role date_joined banned_at picture=avatar"
        " status status_until language time_zone theme default_notification_level title_counts push_texts"
        " missed_mails_are quiet_from quiet_to quiet_hours_on quiet_days quiet_zone paused_until sound"
        " lists_reactions single_keys sections folded_sections last_conversation first_steps"
        " has_new_reports external_id"
    ),
    {
        "password": "It is secret.",  # nosec B105
        "last_login": "When somebody signed in is nobody's business elsewhere.",
        **dict.fromkeys(("is_superuser", "is_staff"), "They follow the role."),
        "email_refused_at": "The new site's mail server may accept the address.",
        "reactions_seen": "An imported reaction counts as seen.",
        "drafts": "The list of the drafts that are exported.",
        **dict.fromkeys(
            ("version", "arrangement", "drafts_version", "blocks_version", "groups_version"), VERSION
        ),
    },
    private_keys=frozenset({"sections", "folded_sections", "last_conversation"}),
)
IDENTITIES: Final = Noun(
    "identities",
    SocialAccount,
    _keys("user provider account=uid since=date_joined shown=extra_data"),
    {"id": ROW_ID, "last_login": "As of people."},
)
GROUPS: Final = Noun("groups", parley.UserGroup, _keys("id handle name is_open created_at deleted_at"))
GROUP_MEMBERS: Final = Noun(
    "group_members", parley.GroupMembership, _keys("group user since"), {"id": ROW_ID}
)
EMOJI: Final = Noun("emoji", parley.CustomEmoji, _keys("id name picture added_by added_at retired_at"))
EMOJI_NAMES: Final = Noun("emoji_names", parley.EmojiName, _keys("name emoji"))
CONVERSATIONS: Final = Noun(
    "conversations",
    parley.Conversation,
    _keys(
        "id kind name topic is_private created_by archived_at removed_at removed_by removed_members"
        " created_at last_message_at between=direct_key external_id version retention"
    ),
    {
        **dict.fromkeys(("room_key", "name_order"), "Made of the name."),
        **dict.fromkeys(("reset_version", "members_version"), VERSION),
    },
)
MEMBERS: Final = Noun(
    "members",
    parley.Membership,
    _keys("conversation user role notification_level is_starred section hidden_at joined_at"),
    {"id": ROW_ID},
    private_keys=frozenset({"is_starred", "section", "hidden_at"}),
)
ROOM_BANS: Final = Noun("room_bans", parley.RoomBan, _keys("conversation user at"), {"id": ROW_ID})
BLOCKS: Final = Noun("blocks", parley.Block, _keys("user blocked since"), {"id": ROW_ID})
MESSAGES: Final = Noun(
    "messages",
    parley.Message,
    _keys(
        "id conversation seq sender receiver sent_at=timestamp text=content reply_to=parent_message edited"
        " edited_at removed_at removal_reason removed_by is_expired pinned_at pinned_by client_id"
        " is_ticked_by_all"
    ),
    {
        **dict.fromkeys(("thread_root", "depth"), "They follow from `reply_to`."),
        **dict.fromkeys(("content_html", "renderer_version"), RENDERED),
        **dict.fromkeys(("file_count", "has_poll", "has_link_previews"), "The parts say it."),
        "read": "`unread` says it.",
        "version": VERSION,
        "sent_hmac": "Made with the site's key. Without it, the `client_id` alone decides.",
    },
)
FOLLOWED: Final = Noun(
    "followed_threads", parley.ThreadChoice, _keys("user thread=thread_root is_following"), {"id": ROW_ID}
)
SAVED: Final = Noun(
    "saved", parley.SavedMessage, _keys("user message saved_at"), {"id": ROW_ID}, is_private=True
)
REMINDERS: Final = Noun(
    "reminders", parley.Reminder, _keys("user message=about at is_due"), {"id": ROW_ID}, is_private=True
)
KEYWORDS: Final = Noun(
    "keywords", parley.Keyword, _keys("user word"), {"id": ROW_ID, "folded": RENDERED}, is_private=True
)
DIGESTS: Final = Noun(
    "digests",
    parley.Digest,
    _keys("user is_wanted day hour zone last_on"),
    {"id": ROW_ID, "due_at": "It follows from the others.", "tries": "The state of the old machine."},
    is_private=True,
)
DRAFTS: Final = Noun(
    "drafts",
    parley.Draft,
    _keys("user conversation reply_to text token sequence version saved_at"),
    {"id": ROW_ID},
    is_private=True,
)
SCHEDULED: Final = Noun(
    "scheduled",
    parley.ScheduledMessage,
    _keys("user conversation reply_to text due_at client_id created_at refused"),
    {"id": ROW_ID},
    is_private=True,
)
REPORTS: Final = Noun(
    "reports",
    parley.Report,
    _keys(
        "message=about conversation author reporter text file_names sent_at reason note at decision"
        " decided_by decided_at"
    ),
    {"id": ROW_ID},
)
AUDIT_LOG: Final = Noun(
    "audit_log", AuditEntry, _keys("at actor act person conversation details"), {"id": ROW_ID}
)

# Before the messages, and after them. A noun stands after those that it refers to.
FIRST: Final = (
    SITE,
    PEOPLE,
    IDENTITIES,
    GROUPS,
    GROUP_MEMBERS,
    EMOJI,
    EMOJI_NAMES,
    CONVERSATIONS,
    MEMBERS,
    ROOM_BANS,
    BLOCKS,
    DIGESTS,
)
LAST: Final = (FOLLOWED, SAVED, REMINDERS, KEYWORDS, DRAFTS, SCHEDULED, REPORTS, AUDIT_LOG)

# Parts of a message's line: lists, in the order in which they are shown.
ROW_OF_MESSAGE: Final = {"id": ROW_ID, "message": "It is in the message's line."}
HISTORY: Final = Noun(
    "history",
    parley.MessageHistory,
    _keys("number text=old_content edited_by edited_at removed_at"),
    ROW_OF_MESSAGE,
)
FILES: Final = Noun(
    "files",
    parley.Attachment,
    _keys(
        "name uploader alternative_text content_type size width height pages state bytes=stored_as"
        " small_picture=thumbnail waveform seconds uploaded_at"
    ),
    {**ROW_OF_MESSAGE, "order": ORDER, **dict.fromkeys(("text_html", "text_lines"), RENDERED)},
)
REACTIONS: Final = Noun(
    "reactions",
    parley.Reaction,
    _keys("user emoji chosen at=created_at"),
    {**ROW_OF_MESSAGE, "author": "The message's author."},
)
TICKS: Final = Noun("ticks", parley.Tick, _keys("item is_done user at"), ROW_OF_MESSAGE)
PREVIEWS: Final = Noun(
    "previews",
    parley.LinkPreview,
    _keys("state url title description site_name picture tried_at"),
    {**ROW_OF_MESSAGE, "key": "Made of the URL, with the site's key.", "tries": "Only of failures."},
)
POLL: Final = Noun(
    "poll",
    parley.Poll,
    _keys("has_several is_anonymous ends_at closed_at"),
    {"message": "It is in the message's line.", "imported_voters": "In `voters`."},
)
PARTS: Final = (HISTORY, FILES, REACTIONS, TICKS, PREVIEWS)
