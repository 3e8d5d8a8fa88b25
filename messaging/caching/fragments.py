"""The HTML of single messages, cached by the version of each message."""

from collections.abc import Callable, Mapping, Sequence

from django.core.cache import caches
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from messaging.caching.program import program_hash

Render = Callable[[Sequence[int]], Mapping[int, str]]


def rendered_messages(
    versions: Mapping[int, int], people_version: int, render: Render, variant: str = "timeline"
) -> dict[int, SafeString]:
    """The HTML of messages by id. One cache query gets all; those that are missing are rendered.

    Args:
        versions: of the messages, by id.
        people_version: the installation's, read before the messages.
        render: returns the HTML of the messages that are missing, by id; called once for all of them. It may
            leave out messages that were deleted meanwhile.
        variant: the kind of list. A root shows a summary of its thread in the timeline only.
    """
    fragments = caches["fragments"]
    prefix = f"{program_hash()}.{people_version}.{get_language()}.{variant}"
    keys = {pk: f"{prefix}.{pk}.{version}" for pk, version in versions.items()}
    stored = fragments.get_many(keys.values())
    found = {pk: stored[key] for pk, key in keys.items() if key in stored}
    if missing := [pk for pk in keys if pk not in found]:
        rendered = render(missing)
        fragments.set_many({keys[pk]: html for pk, html in rendered.items()})
        found |= rendered
    return {pk: mark_safe(found[pk]) for pk in keys if pk in found}  # noqa: S308  # nosec B308 B703 - as rendered
