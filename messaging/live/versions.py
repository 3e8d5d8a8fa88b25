"""The version numbers that show what changed: of conversations, of people, and of the whole site.

Each of the three takes one query.
"""

from collections.abc import Collection
from typing import Any, NamedTuple

from django.db.models import Subquery

from messaging.models import Conversation, Installation, User


def names_version(epoch: str, people_version: int) -> str:
    """The version of everybody's names and pictures, which is also in each page's sidebar (frame.js)."""
    return f"{epoch}.{people_version}"


class SiteVersions(NamedTuple):
    """The versions of the installation."""

    epoch: str
    people_version: int
    sessions_version: int

    @property
    def names(self) -> str:
        return names_version(self.epoch, self.people_version)


class ConversationVersions(NamedTuple):
    """The versions of a conversation, and the name that the sidebar shows."""

    version: int
    reset_version: int
    members_version: int
    name: str


class Versions(NamedTuple):
    """The versions of some conversations and some people by id, and those of the site."""

    conversations: dict[int, ConversationVersions]
    people: dict[int, int]
    site: SiteVersions


def site_versions() -> SiteVersions:
    installation = Installation.objects.current()
    return SiteVersions(installation.epoch.hex, installation.people_version, installation.sessions_version)


def site_annotations() -> dict[str, Subquery]:
    """Annotations that read the versions of the site in the same query, so at the same moment, as a row."""
    row = Installation.objects.row()
    return {f"site_{field}": Subquery(row.values(field)) for field in SiteVersions._fields}


def versions_in(conversation: Any, row: Any) -> tuple[ConversationVersions, SiteVersions]:
    """The versions in a conversation and in a row that was read together with it.

    Args:
        conversation: the instance.
        row: an instance with `site_annotations()`; it may be the conversation itself.
    """
    versions = ConversationVersions(*(getattr(conversation, field) for field in ConversationVersions._fields))
    epoch, *numbers = (getattr(row, f"site_{field}") for field in SiteVersions._fields)
    return versions, SiteVersions(epoch.hex, *numbers)


def read_versions(conversation_ids: Collection[int], user_ids: Collection[int]) -> Versions:
    """Read the versions of these conversations and people, and of the site.

    Those of the site are read last: they include every sign-out that came before a conversation was read.
    """
    conversations, people = {}, {}
    if conversation_ids:
        rows = Conversation.objects.filter(pk__in=conversation_ids)
        conversations = {
            pk: ConversationVersions(*values)
            for pk, *values in rows.values_list("pk", *ConversationVersions._fields)
        }
    if user_ids:
        people = dict(User.objects.filter(pk__in=user_ids).values_list("pk", "version"))
    return Versions(conversations, people, site_versions())
