from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from messaging.forms import ComposerForm
from messaging.forms.messages.composer_html import fields_html
from messaging.models import Message, User
from messaging.models.db.text_match import LONGEST_SEARCH
from messaging.models.inbox.sidebar import UNREAD_COUNTED, Sidebar, SidebarEntry
from messaging.rendering.personal_css import VIEWER_HASH, blocked_hash
from messaging.text.excerpts import excerpt_of

register = template.Library()


@register.filter
def badge(unread: int) -> str:
    """A count as a badge shows it: "99+" from 100 on, since it was counted up to 100 only."""
    return f"{UNREAD_COUNTED - 1}+" if unread >= UNREAD_COUNTED else str(unread)


@register.filter
def entry(sidebar: Sidebar, conversation_id: int) -> SidebarEntry | None:
    """The sidebar's line of a conversation, which knows its title."""
    return sidebar.entries.get(conversation_id)


@register.filter
def pairs(counts: dict[int, int]) -> str:
    """Numbers by id, as scripts read them: "7:2 9:1"."""
    return " ".join(f"{pk}:{number}" for pk, number in counts.items())


@register.filter
def excerpt(message: Message, length: int) -> str:
    """The first words of a message, without their markup."""
    return excerpt_of(message.content_html, length)


@register.filter
def stylesheet(viewer: User) -> str:
    """The URL of a reader's own stylesheet. Browsers cache it for ever, so it has a hash of the rules."""
    return f"{reverse('viewer_stylesheet', args=[viewer.pk])}?{VIEWER_HASH}"


@register.simple_tag
def longest_search() -> int:
    """How many characters of a search are used."""
    return LONGEST_SEARCH


@register.filter
def blocked_stylesheet(viewer: User) -> str:
    """The URL of the stylesheet that hides messages of people whom the reader blocks; it changes with each
    block."""
    return f"{reverse('blocked_stylesheet', args=[viewer.pk])}?{blocked_hash()}.{viewer.blocks_version}"


@register.filter
def composer_fields(form: ComposerForm) -> SafeString:
    """The fields of a composer."""
    return fields_html(form)


@register.simple_tag
def static_part(template_name: str, **numbers: int) -> SafeString:
    """A part of pages that depends on the language and some numbers alone: rendered once in a process.

    Args:
        template_name: it gets `numbers`, and nothing else of the page's context, so that the part can contain
            neither a CSRF token nor anybody's words.
        numbers: such as the id of a conversation; or truth values.
    """
    return render_static_part(template_name, get_language(), **numbers)


@lru_cache(maxsize=4000)
def render_static_part(template_name: str, language: str, **numbers: int) -> SafeString:
    if others := [name for name, value in numbers.items() if not isinstance(value, int)]:
        raise TypeError(f"These arguments of {template_name} are not numbers: {', '.join(others)}")
    return render_to_string(template_name, numbers)
