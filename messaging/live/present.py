"""Who has a page open, for views: these run in other threads than the hub."""

from messaging.live.hub import Hub


def present() -> set[int]:
    """The ids of the people who are online in any process."""
    hubs = [(loop, hub) for loop, hub in list(Hub.by_loop.items()) if not loop.is_closed()]
    return set().union(*(hub.presence.online_at(loop.time()) for loop, hub in hubs))
