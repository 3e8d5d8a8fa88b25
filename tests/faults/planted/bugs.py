"""The bugs. Each is a way in which a messenger can break what Parley promises."""

from tests.faults.planted.bug import Bug, Change

LIVE = "messaging.live"
MESSAGES = "messaging.models.messages"
TABS = frozenset({"tabs"})

READ_TOO_LATE = (
    "versions, site = versions_in(messages[0].conversation, messages[0])",
    """import time
        time.sleep(0.05)
        conversations = type(messages[0].conversation).objects.annotate(**site_annotations())
        conversation = conversations.get(pk=conversation_id)
        versions, site = versions_in(conversation, conversation)""",
)
WITHOUT_CONSTRAINT = """
from django.db import connection
from messaging.models import Message
[constraint] = [one for one in Message._meta.constraints if one.name == "one_client_id"]
Message._meta.constraints.remove(constraint)  # SQLite makes the table anew, as the model is then
with connection.schema_editor() as editor:
    editor.remove_constraint(Message, constraint)
print("null")
"""

BUGS = {
    "changes are announced by wake-ups alone": Bug(
        TABS,
        (Change(f"{LIVE}.hub:Hub", "_run_rounds", ("self._loop.time() >= tick", "False")),),
        servers=2,
    ),
    "the page loses its cursor when it is answered 502": Bug(
        TABS,
        (
            Change(
                "tests.faults.delivery.listener:Listener",
                "_read_stream",
                ("return str(stream.status)", "self.has_lost = True; return str(stream.status)"),
                ("tab.view.cursor", '"" if self.__dict__.pop("has_lost", False) else tab.view.cursor'),
            ),
        ),
        strikes=("bad_gateway",) * 3,
    ),
    "the cursor is read after the messages": Bug(
        TABS,
        (
            Change(f"{LIVE}.feed", "changes_since", READ_TOO_LATE),
            Change(f"{LIVE}.opening", "changes_since", READ_TOO_LATE),
        ),
    ),
    "a client_id is not unique": Bug(
        frozenset({"durable"}),
        (
            Change(
                f"{MESSAGES}.send_conditions",
                "_conditions",
                ("sender_id=sender_id, client_id=client_id", "sender_id=-1, client_id=client_id"),
            ),
        ),
        strikes=("half_body",) * 4,
        prepare=WITHOUT_CONSTRAINT,
    ),
    "messages are ordered by the time at which they were begun": Bug(
        frozenset({"every_moment", "fresh_pages", "tabs"}),
        (
            Change(
                "messaging.views.conversations.conversation",
                "timeline_page",
                (
                    "_newest(conversation_id, before)",
                    "sorted(_newest(conversation_id, before), key=lambda one: one.timestamp, reverse=True)",
                ),
            ),
            Change(
                f"{MESSAGES}.saving",
                "_insert",
                (
                    "    try:\n        conditions",
                    "    import time, random; time.sleep(random.random() / 5)\n    try:\n        conditions",
                ),
            ),
        ),
        strikes=("restore",),
    ),
    "membership is checked only when a stream is opened": Bug(
        frozenset({"taken_away"}),
        (
            Change(
                f"{LIVE}.feed:Feed",
                "_drop_former_members",
                (
                    "user_ids - await read(members_among, self._conversation_id, user_ids)",
                    "set()",
                ),
            ),
        ),
        strikes=("take_away",) * 3,
    ),
    "the page moves its cursor before it applies the event": Bug(
        TABS,
        (
            Change(
                "tests.faults.delivery.listener:Listener",
                "_handle",
                (
                    'self._tab.swap(event.data, event.cursor, "stream")',
                    """if self._tab.chance.random() < 0.1:
            self._tab.view.cursor = event.cursor or self._tab.view.cursor
            raise ValueError("The swap fails.")
        self._tab.swap(event.data, event.cursor, "stream")""",
                ),
            ),
        ),
    ),
    "a report of what was read replaces the one before": Bug(
        frozenset({"unread"}),
        (
            Change(
                f"{MESSAGES}.marking_read:UnreadQuerySet",
                "set_read_at",
                (
                    "messages.refresh_read_flags(chunk)",
                    "messages.refresh_read_flags(chunk); "
                    "user.notifications.exclude(message_id__in=ids).update(read_at=None)",
                ),
            ),
        ),
    ),
    "an edit does not check the version that its author saw": Bug(
        frozenset({"edits"}),
        (Change(f"{MESSAGES}.saving", "_update", ("if revision not in (None, texts):", "if False:")),),
    ),
    "the key of a rendered message does not contain its version": Bug(
        frozenset({"fresh_pages", "tabs"}),
        (
            Change(
                "messaging.rendering.rows",
                "rendered_messages",
                ('f"{prefix}.{pk}.{version}"', 'f"{prefix}.{pk}"'),
            ),
        ),
    ),
    "catching up leaves out removals": Bug(
        TABS,
        (
            Change(
                f"{LIVE}.opening",
                "changes_since",
                ("version__gt=since)", "version__gt=since, removed_at=None)"),
            ),
        ),
        strikes=("freeze",) * 3,
    ),
    "the database does not sync": Bug(
        frozenset({"synced"}), init_command=("synchronous=FULL", "synchronous=OFF")
    ),
    "the key of a list does not contain the conversation's version": Bug(
        frozenset({"fresh_pages", "tabs"}),
        (
            Change(
                "messaging.caching.pages",
                "_versions",
                ("{request.conversation.pk}.{request.conversation.version}", "{request.conversation.pk}"),
            ),
        ),
    ),
    "a stream begins at the present": Bug(
        TABS,
        (
            Change(
                f"{LIVE}.endpoint",
                "_open",
                ("    session_key =", "    cursor = None\n    session_key ="),
            ),
        ),
        strikes=("kill",) * 2,
    ),
    "everybody may open a stream": Bug(
        frozenset({"strangers"}),
        (
            Change(
                f"{LIVE}.opening",
                "_versions_for",
                ("(pk=conversation_id, memberships__user=visitor.user_id)", "(pk=conversation_id)"),
            ),
        ),
        strikes=("freeze",),
    ),
}
