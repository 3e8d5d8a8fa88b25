"""What every page shows around its own content: the site, the sidebar, the title of the open conversation."""

from typing import Any

from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language

from messaging.access.decorators import MemberRequest
from messaging.caching.program import program_hash
from messaging.http.places import PLACE, is_fetched_ahead
from messaging.live.cursor import Cursor
from messaging.live.versions import names_version
from messaging.models import Conversation, User
from messaging.models.inbox.sidebar import sidebar_of
from messaging.models.people.quiet_hours import quiet_time


def page_context(
    request: MemberRequest, conversation: Conversation | None = None, here: int | str | None = None
) -> dict[str, Any]:
    """What every page shows: the site's name, the sidebar, the open conversation's title and unread.

    Call it before anything is read that the page shows with its `as_of` or `unread_as_of`.
    """
    sidebar = sidebar_of(request.user, conversation.pk if conversation else here)
    names = names_version(request.installation.epoch.hex, request.people_version)
    key = f"{program_hash()} {names} {get_language()}"
    request.shell_version = _shell_version(request)
    around: dict[str, Any] = {
        "quiet_time": quiet_time(request.user, timezone.now()),
        "site_name": request.installation.name,
        "site_picture": request.installation.picture_name,
        "shell": "messaging/place.html" if request.htmx.request_type == PLACE else "messaging/shell.html",
        "shell_version": request.shell_version,
        "is_fetched_ahead": is_fetched_ahead(request),
        "sidebar": sidebar,
        "sidebar_key": f"{key} {sidebar.state}",
        # What people are called, and their pictures, change with `people_version`.
        "own_key": f"{key} {_own(request.user)!r}",
        "names_version": names,
        "as_of": ".".join(map(str, [names, *sidebar.versions])),
    }
    if conversation and request.has_joined:
        around["follows"] = True  # the page has the stream of the conversation
        around["cursor"] = cursor_of(request)
        around["unread_as_of"] = unread_as_of(request, sidebar.reader_version)
    elif conversation:
        around["title"] = conversation.name
    around["elsewhere"] = sidebar.unread
    if conversation and conversation.pk in sidebar.entries:
        entry = sidebar.entries[conversation.pk]
        around["elsewhere"] = sidebar.unread - entry.unread
        around |= {"title": entry.title, "unread": entry.unread, "entry": entry}
    return around


def cursor_of(request: MemberRequest) -> Cursor:
    """The cursor that the access check read, before everything that is shown: the stream brings what came
    later."""
    epoch = request.installation.epoch.hex
    return Cursor(epoch, request.people_version, request.conversation.version, get_language() or "")


def unread_as_of(request: MemberRequest, reader_version: int) -> str:
    """The versions at which unread messages were counted for a page, so that no older count replaces it.

    Args:
        reader_version: the person's `version`, read before they are counted.
    """
    epoch, people, version, _language = cursor_of(request)
    return f"{epoch}.{people}.{reader_version}.{version}"


def _shell_version(request: MemberRequest) -> str:
    """The version of what stays around a place when the person goes to another place, and of the session.

    An open page takes a place from the server only if both have the same; otherwise it loads the whole page.
    """
    user = request.user
    shown = [
        program_hash(),
        get_language(),
        request.session.session_key,
        request.installation.name,
        request.installation.picture_name,
        *_own(user),
        *[user.name, str(user.avatar), user.theme, user.time_zone, user.single_keys],
        *[user.blocks_version, user.groups_version],
    ]
    return salted_hmac("shell", repr(shown)).hexdigest()[:16]


def _own(user: User) -> list[Any]:
    """What the page shows the reader themselves, apart from their name and picture."""
    shown = [user.pk, user.current_status, user.status_until, user.is_administrator, user.has_new_reports]
    return [*shown, quiet_time(user, timezone.now())]
