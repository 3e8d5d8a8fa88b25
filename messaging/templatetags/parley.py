from functools import lru_cache

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from messaging.forms import ComposerForm
from messaging.forms.messages.composer_html import fields_html
from messaging.models import Attachment, User
from messaging.models.db.text_match import LONGEST_SEARCH
from messaging.models.inbox.destinations import Destination
from messaging.models.inbox.sidebar import Sidebar
from messaging.models.inbox.sidebar_entry import SidebarEntry
from messaging.models.messages.attachment import MAX_FILES
from messaging.models.messages.recordings import BYTES_PER_SECOND, MAX_SECONDS
from messaging.models.people.first_steps import Step, steps_of
from messaging.models.people.languages import languages
from messaging.models.people.roles import role_in_line
from messaging.rendering.audit_details import audit_details
from messaging.rendering.emoji_groups import EmojiButton, groups
from messaging.rendering.personal_css import VIEWER_HASH, blocked_hash, groups_hash
from messaging.rendering.sidebar_html import badge, row_html
from messaging.rendering.times import moment
from messaging.rendering.words import as_typed, excerpt
from messaging.text.lists import join_names
from messaging.views.inbox.switcher_pages import pages_with_letters
from messaging.views.people import keys
from messaging.views.people.keys import KeyGroup
from messaging.views.responses import PAGES

register = template.Library()


register.simple_tag(languages)
register.simple_tag(moment)
register.filter("badge", badge)
register.filter("sidebar_row", row_html)


@register.filter
def bdi(words: str) -> SafeString:
    """A name in a translated sentence, which keeps its own direction and leaves the sentence's alone."""
    return format_html("<bdi>{}</bdi>", words)


@register.simple_tag
def shared_moment(at: str, title: str, shown: str) -> SafeString:
    """A point in time within a sentence that is the same for everybody, from its `time_values`."""
    return format_html('<time datetime="{}" data-shown="moment" title="{}">{}</time>', at, title, shown)


@register.simple_tag
def service_worker() -> str:
    """The address of the service worker; empty if this site has turned it off."""
    return reverse("service_worker") if settings.SERVICE_WORKER else ""


@register.filter
def entry(sidebar: Sidebar, conversation_id: int) -> SidebarEntry | None:
    """The sidebar's line of a conversation, which knows its title."""
    return sidebar.entries.get(conversation_id)


@register.filter(is_safe=True)
def with_current(sidebar_html: str, current: int | str | None) -> SafeString:
    """The sidebar with a mark at the link to what is open.

    Args:
        current: the id of a conversation, or the name of a page (`PAGES`).
    """
    address = ""
    if isinstance(current, int):
        address = reverse("conversation", args=[current])
    elif current in PAGES:
        address = reverse(PAGES[current])
    link = f'href="{address}"'
    marked = sidebar_html.replace(link, f'{link} aria-current="page"', 1) if address else sidebar_html
    return mark_safe(marked)  # noqa: S308  # nosec B308 B703 - the sidebar's own template


@register.simple_tag
def sign_in_ways() -> dict[str, bool]:
    """How people sign in on this site: by `passwords`, by identity `providers`, or both."""
    return {"passwords": settings.TAKES_PASSWORDS, "providers": bool(settings.OIDC_PROVIDERS)}


@register.filter
def pairs(counts: dict[int, int]) -> str:
    """Numbers by id, as scripts read them: "7:2 9:1"."""
    return " ".join(f"{pk}:{number}" for pk, number in counts.items())


register.filter("audit_details", audit_details)
register.filter("excerpt", excerpt)
register.filter("join_names", join_names)
register.filter("role_in_line", role_in_line)
register.filter("quoted", as_typed)


@register.filter
def stylesheet(viewer: User) -> str:
    """The URL of a reader's own stylesheet. Browsers cache it for ever, so it has a hash of the rules."""
    return f"{reverse('viewer_stylesheet', args=[viewer.pk])}?{VIEWER_HASH}"


@register.filter
def steps(user: User) -> list[tuple[Step, bool]]:
    """The first steps of a person, each with whether it is done."""
    return steps_of(user)


@register.simple_tag
def emoji_groups() -> list[tuple[str, list[EmojiButton]]]:
    """Every emoji that one can react with, in groups with their titles."""
    return groups()


@register.simple_tag
def longest_search() -> int:
    """How many characters of a search are used."""
    return LONGEST_SEARCH


@register.simple_tag
def max_file_bytes() -> int:
    """How large a file of a message can be."""
    return int(settings.MAX_FILE_BYTES)


@register.simple_tag
def max_files() -> int:
    """How many files a message can have."""
    return MAX_FILES


@register.simple_tag
def max_recording_seconds() -> int:
    """How long a voice message can be, so that its file is not too large."""
    return min(MAX_SECONDS, settings.MAX_FILE_BYTES // BYTES_PER_SECOND)


@register.simple_tag
def max_bytes_of_person() -> int:
    """How much all files of one person can take."""
    return int(settings.MAX_BYTES_OF_PERSON)


@register.simple_tag
def file_room() -> dict[str, int]:
    """How many bytes the files of the site take (`used`), and how many they may (`most`)."""
    return {"used": Attachment.objects.all().total_bytes(), "most": settings.MAX_BYTES_OF_SITE}


@register.simple_tag
def page_keys() -> list[Destination]:
    """The pages to which the key G leads; `keys` is the letter that is pressed after it."""
    return pages_with_letters()


@register.simple_tag
def key_groups() -> list[KeyGroup]:
    """All keys with what they do, in the order of a list."""
    return keys.key_groups()


@register.simple_tag
def key_bindings(single_keys: bool) -> str:
    """Which key is for which command, for the script."""
    return keys.bindings_for_script(bool(single_keys))


@register.filter
def blocked_stylesheet(viewer: User) -> str:
    """The URL of the stylesheet that hides messages of people whom the reader blocks; it changes with each
    block."""
    return f"{reverse('blocked_stylesheet', args=[viewer.pk])}?{blocked_hash()}.{viewer.blocks_version}"


@register.filter
def groups_stylesheet(viewer: User) -> str:
    """The URL of the stylesheet that highlights mentions of the reader's groups; it changes with these."""
    return f"{reverse('groups_stylesheet', args=[viewer.pk])}?{groups_hash()}.{viewer.groups_version}"


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
