"""The next place where something is unread for a person: a timeline, or a thread."""

from messaging.models.inbox.places import Place, unread_at
from messaging.models.inbox.sidebar import Sidebar
from messaging.models.inbox.waiting import groups_for
from messaging.models.messages.message import Message


def next_unread(sidebar: Sidebar, here: Place | None = None, threads_only: bool = False) -> Message | None:
    """The first unread message of the next place, in the order of the inbox, or None.

    After the last place comes the first one.

    Args:
        here: the place where the person is. It comes last.
        threads_only: whether timelines are passed over.
    """
    places = [group.place for group in groups_for(sidebar) if group.place.thread or not threads_only]
    if here in places:
        after = places.index(here) + 1
        places = [*places[after:], *places[:after]]
    for place in places:
        first = unread_at(sidebar.reader, place).order_by("message").select_related("message").first()
        if first:  # otherwise it has just been read in another tab
            return first.message
    return None
