"""The HTML of single messages, cached under the version of each."""

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
    """The HTML of each of these messages: from the cache in one question, the missing ones rendered.

    Args:
        messages: with their senders.
        people_version: the installation's, read before the messages were.
        context_of: the rest of the template's context by message id, asked once for all that are missing.
        variant: the kind of list; a root says in the timeline what its thread holds, and in the thread not.
    """
    fragments = caches["fragments"]
    prefix = f"{build()}.{people_version}.{get_language()}.{variant}"
    keys = {f"{prefix}.{message.pk}.{message.version}": message for message in messages}
    found = fragments.get_many(keys)
    missing = {key: message for key, message in keys.items() if key not in found}
    if missing:
        contexts = context_of(list(missing.values()))
        with timezone.override(None):  # times are the site's: whoever asks first may be anywhere
            made = {
                key: render_to_string(
                    "messaging/messages/_message.html", {"message": one, **contexts[one.pk]}
                )
                for key, one in missing.items()
            }
        fragments.set_many(made)
        found |= made
    return {message.pk: found[key] for key, message in keys.items()}
