"""The rules for what people answer a message with: polls, votes, ticks, reactions."""

from tests.security.outcomes import MODERATOR, NO_SUCH_METHOD, NOBODY, READ, Rule, for_members

OF_ANSWERS = {
    "poll_new": Rule(READ, for_members(422), "conversation"),
    "poll_reply": Rule(READ, for_members(422), "message", shows=True),
    "message_poll": Rule(READ, NO_SUCH_METHOD, "poll", {"GET": NOBODY}, shows=True),
    # Without a choice it is refused.
    "message_vote": Rule(NO_SUCH_METHOD, for_members(422), "message", {"POST": NOBODY}),
    "message_unvote": Rule(NO_SUCH_METHOD, for_members(422), "message", {"POST": NOBODY}),
    "poll_end": Rule(
        NO_SUCH_METHOD,
        for_members(404, author=302, moderator=302),
        "message",
        {"POST": NOBODY},
        htmx={"POST": MODERATOR},
    ),
    "message_tasks": Rule(READ, NO_SUCH_METHOD, "message", {"GET": NOBODY}, shows=True),
    # Only the author may tick, and without a task it is refused.
    "message_tick": Rule(NO_SUCH_METHOD, for_members(422), "message", {"POST": NOBODY}),
    "message_untick": Rule(NO_SUCH_METHOD, for_members(422), "message", {"POST": NOBODY}),
    "tasks_for_all": Rule(
        NO_SUCH_METHOD,
        for_members(422, author=302),
        "message",
        {"POST": NOBODY},
        htmx={"POST": for_members(422, author=200)},
    ),
    "tasks_for_author": Rule(
        NO_SUCH_METHOD,
        for_members(422, author=302),
        "message",
        {"POST": NOBODY},
        htmx={"POST": for_members(422, author=200)},
    ),
    "message_reactions": Rule(READ, NO_SUCH_METHOD, "message", {"GET": NOBODY}, shows=True),
    # Without an emoji it is refused.
    "message_react": Rule(NO_SUCH_METHOD, for_members(422), "message", {"POST": NOBODY}),
    "message_unreact": Rule(NO_SUCH_METHOD, for_members(422), "message", {"POST": NOBODY}),
}
