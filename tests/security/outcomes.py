"""What each persona gets: the words of the table in matrix.py."""

from dataclasses import dataclass, field

LOGIN = "to the sign-in page"  # a redirect there
# A page redirects to the sign-in page; a fragment or a POST gets 401, so that the browser keeps the text.
SIGN_IN = "sign in first"
Outcome = int | str

SIGNED_OUT = "anonymous"
OUTSIDE = (SIGNED_OUT, "deactivated")  # a deactivated person is treated like an anonymous one
# Members: a guest of the site, a member, a moderator, and the author, who is the room's administrator.
# Not members: a stranger, a former member, and an administrator of the site.
PERSONAS = (
    *OUTSIDE,
    *("stranger", "ex-member", "administrator"),
    *("guest", "member", "moderator", "author"),
)


def for_members(member: Outcome, **others: Outcome) -> dict[str, Outcome]:
    strangers = dict.fromkeys(("stranger", "ex-member", "administrator"), 404)
    members = dict.fromkeys(("guest", "member", "moderator", "author"), member)
    return {**dict.fromkeys(OUTSIDE, SIGN_IN), **strangers, **members, **others}


def for_all(answer: Outcome, signed_out: Outcome | None = None, **others: Outcome) -> dict[str, Outcome]:
    outside = dict.fromkeys(OUTSIDE, answer if signed_out is None else signed_out)
    return {**dict.fromkeys(PERSONAS, answer), **outside, **others}


def only_author(author: Outcome) -> dict[str, Outcome]:
    """For what belongs to the author only."""
    return {**for_all(404, SIGN_IN), "author": author}


NO_SUCH_METHOD = for_all(405)
NOBODY = for_members(404)
READ = for_members(200)
ROOM_ADMIN = for_members(404, author=422)  # the person who made the private room; the form has no fields
ONLY_AUTHOR = for_members(404, author=200)
MODERATOR = for_members(404, author=200, moderator=200)
GONE = {"GET": NOBODY, "POST": NOBODY}


@dataclass
class Rule:
    """The expected response for each persona.

    `takes` says what kind of id the URL contains. `removed` and `open` replace the responses for a removed
    message and for a public room, `htmx` those to fragment requests. In
    conversations of which they are not members, personas get a stranger's responses.
    """

    get: dict[str, Outcome]
    post: dict[str, Outcome]
    takes: str | None = None
    removed: dict[str, dict[str, Outcome]] = field(default_factory=dict)
    open: dict[str, dict[str, Outcome]] = field(default_factory=dict)
    htmx: dict[str, dict[str, Outcome]] = field(default_factory=dict)
    names: bool = False  # lists people, whom everybody who is signed in may see
    shows: bool = False  # the response to a reader contains the message's text


def administrators(answer: Outcome) -> dict[str, Outcome]:
    """For what only the site's administrators may do."""
    return for_all(404, SIGN_IN, administrator=answer)
