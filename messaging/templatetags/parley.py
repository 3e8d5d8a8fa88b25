from django import template
from django.urls import reverse

from messaging.models import Message, User
from messaging.models.inbox.sidebar import UNREAD_COUNTED, Entry, Sidebar
from messaging.rendering.personal_css import VIEWER_HASH, fold_hash
from messaging.text.excerpts import excerpt_of

register = template.Library()


@register.filter
def badge(unread: int) -> str:
    """A count as a badge shows it: "99+" from 100 on, since it was counted up to 100 only."""
    return f"{UNREAD_COUNTED - 1}+" if unread >= UNREAD_COUNTED else str(unread)


@register.filter
def entry(sidebar: Sidebar, conversation_id: int) -> Entry | None:
    """The sidebar's line of a conversation, which knows its title."""
    return sidebar.entries.get(conversation_id)


@register.filter
def excerpt(message: Message, length: int) -> str:
    """The first words of a message, without their markup."""
    return excerpt_of(message.content_html, length)


@register.filter
def stylesheet(viewer: User) -> str:
    """The URL of a reader's own stylesheet. Browsers cache it for ever, so it has a hash of the rules."""
    return f"{reverse('viewer_stylesheet', args=[viewer.pk])}?{VIEWER_HASH}"


@register.filter
def folds(viewer: User) -> str:
    """The URL of the stylesheet that hides messages of people whom the reader blocks; it changes with each
    block."""
    return f"{reverse('fold_stylesheet', args=[viewer.pk])}?{fold_hash()}.{viewer.blocks_version}"
