"""The HTML of single messages, cached by the version of each message."""

from collections.abc import Callable, Sequence

from django.core.cache import caches
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language

from messaging.caching.build import build
from messaging.models import Message


def rendered_messages(
    messages: Sequence[Message],
    people_version: int,
    context_of: Callable[[Sequence[Message]], dict[int, dict]],
    variant: str = "timeline",
) -> dict[int, str]:
    """The HTML of these messages by id. One cache query gets all; those that are missing are rendered.

    Args:
        messages: with their senders loaded.
        people_version: the installation's, read before the messages.
        context_of: returns the rest of the template context by message id; called once for all messages
            that are missing.
        variant: the kind of list. A root shows a summary of its thread in the timeline only.
    """
    fragments = caches["fragments"]
    prefix = f"{build()}.{people_version}.{get_language()}.{variant}"
    keys = {f"{prefix}.{message.pk}.{message.version}": message for message in messages}
    found = fragments.get_many(keys)
    missing = {key: message for key, message in keys.items() if key not in found}
    if missing:
        contexts = context_of(list(missing.values()))
        with timezone.override(None):  # not in the zone of the person who happens to ask first
            rendered = {
                key: render_to_string(
                    "messaging/messages/_message.html", {"message": one, **contexts[one.pk]}
                )
                for key, one in missing.items()
            }
        fragments.set_many(rendered)
        found |= rendered
    return {message.pk: found[key] for key, message in keys.items()}
