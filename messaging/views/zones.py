"""In which time zone a request's person lives."""

from datetime import UTC, tzinfo

from django.conf import settings

from messaging.access.decorators import MemberRequest
from messaging.models.people.time_zones import zone_named


def zone_of_browser(request: MemberRequest) -> tzinfo:
    """The zone in which the browser's script shows times, so that the days of a page need not be drawn again.

    UTC, like the times of messages, if there is no script.
    """
    return zone_named(request.COOKIES.get(settings.ZONE_COOKIE_NAME, "")) or UTC


def zone_of_person(request: MemberRequest) -> tzinfo:
    """The zone that the person chose; without a choice that of their browser."""
    return request.user.zone or zone_of_browser(request)
