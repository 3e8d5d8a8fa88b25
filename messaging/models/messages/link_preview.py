"""The preview of a page that a message links to. Nothing is shared between messages: what is shown of a page
belongs to the message, and goes with it."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, pgettext_lazy

from messaging.models.db.registry import MessagePart, register_message_part
from messaging.models.messages.attachment import STORED_NAME_LENGTH
from messaging.text.preview_links import host_of

if TYPE_CHECKING:
    from messaging.models.messages.message import Message

SALT = "messaging.messages.link_preview"
TITLE_LENGTH = 200
DESCRIPTION_LENGTH = 400
SITE_NAME_LENGTH = 80
MAX_TRIES = 2
RETRY_AFTER = timedelta(minutes=10)
KEPT_FOR = timedelta(days=1)  # a page that is linked again within a day is not fetched again


class LinkPreviewQuerySet(models.QuerySet["LinkPreview"]):
    def shown(self) -> "LinkPreviewQuerySet":
        return self.filter(state=LinkPreview.State.READY)

    def of_messages(self, messages: "Sequence[Message]") -> "dict[int, list[LinkPreview]]":
        """The previews of messages by the id of each: one query, and none if none of them has a preview."""
        found: dict[int, list[LinkPreview]] = defaultdict(list)
        with_previews = [message.pk for message in messages if message.has_link_previews]
        if with_previews:
            for preview in self.shown().filter(message__in=with_previews).order_by("pk"):
                found[preview.message_id].append(preview)
        return found

    def last_result(self, key: str, own: "LinkPreview | None") -> "LinkPreview | None":
        """The last result of this page for any message, if it is from the last day and newer than the last
        try for the message itself (`own`)."""
        since = timezone.now() - KEPT_FOR
        rows = self.filter(key=key, tried_at__gt=max(since, own.tried_at) if own else since)
        return rows.exclude(state=LinkPreview.State.REMOVED).order_by("-tried_at").first()


class LinkPreview(models.Model):
    """The result of looking up one link of a message.

    Attributes:
        key: a hash of the page's address (`key_of`), which is all that is kept of it without a preview.
        url: as it is linked; empty unless the preview is shown.
        tries: how many attempts failed so far; `MAX_TRIES` if another one makes no sense.
        tried_at: when it was last fetched, for this message or for another one.
        picture: the name of the picture in the storage; empty if there is none.
    """

    class State(models.TextChoices):
        READY = "ready", _("Ready")
        FAILED = "failed", _("Failed")
        REMOVED = "removed", pgettext_lazy("preview", "Removed")  # by somebody: it does not come back

    message = models.ForeignKey(
        "Message",
        on_delete=models.CASCADE,
        related_name="link_previews",
        db_index=False,
    )
    key = models.CharField(max_length=64)
    state = models.CharField(max_length=7, choices=State)
    url = models.TextField(blank=True)
    title = models.CharField(max_length=TITLE_LENGTH, blank=True)
    description = models.CharField(max_length=DESCRIPTION_LENGTH, blank=True)
    site_name = models.CharField(max_length=SITE_NAME_LENGTH, blank=True)
    picture = models.CharField(max_length=STORED_NAME_LENGTH, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[models.Manager["LinkPreview"]] = models.Manager.from_queryset(LinkPreviewQuerySet)()

    class Meta:
        constraints = [
            # Message first, so that it also finds the previews of a message.
            models.UniqueConstraint(fields=["message", "key"], name="one_link_preview"),
        ]
        indexes = [
            # The results of a page, the last first.
            models.Index(fields=["key", "tried_at"], name="results_of_page"),
            # Whether a picture that is stored has a row.
            models.Index(fields=["picture"], condition=~Q(picture=""), name="pictures_of_pages"),
        ]

    def __str__(self) -> str:
        return f"link preview {self.pk}"

    @property
    def is_due(self) -> bool:
        """Whether the page is to be fetched once more."""
        is_failed = self.state == self.State.FAILED and self.tries < MAX_TRIES
        return is_failed and self.tried_at + RETRY_AFTER <= timezone.now()

    @property
    def host(self) -> str:
        return host_of(self.url).removeprefix("www.")

    @property
    def stored_names(self) -> list[str]:
        return [self.picture] if self.picture else []


def key_of(url: str) -> str:
    """A hash of the address of a page, without its fragment. It is made with the site's key: from a bare
    hash, somebody with a copy of the database could confirm a guess."""
    return salted_hmac(SALT, url.partition("#")[0], algorithm="sha256").hexdigest()


def _exported(message: "Message") -> list[dict[str, str]]:
    ready = (row for row in message.link_previews.all() if row.state == LinkPreview.State.READY)
    return [
        {
            "address": row.url,
            "title": row.title,
            "description": row.description,
            "site": row.site_name or row.host,
        }
        for row in ready
    ]


register_message_part(
    MessagePart(
        LinkPreview,
        gettext_noop("links that were looked up"),  # also those without a preview
        exported_as="link_previews",
        export=_exported,
    )
)
