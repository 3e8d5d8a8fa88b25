from django import template

from messaging.models.sidebar import UNREAD_COUNTED

register = template.Library()


@register.filter
def badge(unread: int) -> str:
    """A count as a badge shows it: it was counted up to 100 only."""
    return f"{UNREAD_COUNTED - 1}+" if unread >= UNREAD_COUNTED else str(unread)
