"""A file of a message."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, ngettext

from messaging.models.db.registry import MessagePart, PersonPart, register_message_part, register_person_part
from messaging.models.messages.file_types import PDF, PICTURES, SHOWN, SOUNDS, VIDEOS
from messaging.models.messages.recordings import Recording, recorded
from messaging.models.people.user import User
from messaging.text.cleaning import remove_forbidden

if TYPE_CHECKING:
    from messaging.models.messages.message import Message

MAX_FILES = 20  # of one message
NAME_LENGTH = 120
ALTERNATIVE_LENGTH = 500
STORED_NAME_LENGTH = 100
SHOWN_SIZE = (360, 270)  # a picture in a message is not larger


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def unsent(self) -> "AttachmentQuerySet":
        return self.filter(message=None)

    def unsent_by(self, user: User, ids: Collection[int]) -> "AttachmentQuerySet":
        """Those of these that the person uploaded and has not sent yet, in the order in which they came."""
        return self.unsent().filter(uploader=user, pk__in=ids).order_by("pk")

    def of_messages(self, messages: "Sequence[Message]") -> "dict[int, list[Attachment]]":
        """The files of messages by the id of each: one query, and none if none of them has a file."""
        found: dict[int, list[Attachment]] = defaultdict(list)
        with_files = [message.pk for message in messages if message.file_count]
        if with_files:
            for file in self.filter(message__in=with_files).order_by("order"):
                found[file.message_id or 0].append(file)
        return found

    def attach(self, message: "Message", ids: Sequence[int]) -> bool:
        """Make these the files of a message that was just inserted, in this order.

        Returns:
            False if one of them is not there any more, is not the sender's, or was sent with another message.
        """
        mine = self.unsent().filter(uploader_id=message.sender_id)
        return all(mine.filter(pk=pk).update(message=message, order=order) for order, pk in enumerate(ids))

    def without_their_page(self) -> "AttachmentQuerySet":
        """PDFs of which the first page is shown, but not drawn yet."""
        return self.filter(content_type=PDF, state=Attachment.State.READY, width__gt=0, thumbnail="")

    def total_bytes(self) -> int:
        return self.aggregate(total=Sum("size"))["total"] or 0


class Attachment(Recording):
    """A file that somebody uploaded, and the message with which they sent it.

    Attributes:
        message: None until it is sent.
        name: what the uploader calls it; only shown, never a path.
        content_type: by its content (`file_types`).
        width, height: of a picture, upright, in pixels; of the first page of a PDF, if messages show it, in
            points; 0 for other files.
        pages: how many a PDF has; 0 for other files, and if its first page is not shown.
        stored_as: its random name in the storage.
        thumbnail: the name of the small picture, or of that of the first page; empty until it is made.
        text_html: the first lines of a small text file (`messaging.text.file_text`).
        text_lines: how many lines it has; 0 for other files.
    """

    class State(models.TextChoices):
        READY = "ready", _("Ready")
        WAITING = "waiting", _("Being prepared")  # a picture that is not cleaned yet: nobody gets its bytes
        LOST = "lost", _("Lost")  # a picture that no decoder can read, or a file whose bytes are gone

    message = models.ForeignKey(
        "Message", null=True, on_delete=models.CASCADE, related_name=gettext_noop("files"), db_index=False
    )
    uploader = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name=gettext_noop("files")
    )
    name = models.CharField(max_length=NAME_LENGTH)
    alternative_text = models.CharField(max_length=ALTERNATIVE_LENGTH, blank=True)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    pages = models.PositiveIntegerField(default=0, db_default=0)
    order = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=7, choices=State, default=State.READY)
    stored_as = models.CharField(max_length=STORED_NAME_LENGTH)
    thumbnail = models.CharField(max_length=STORED_NAME_LENGTH, blank=True)
    text_html = models.TextField(blank=True)
    text_lines = models.PositiveIntegerField(default=0)
    uploaded_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[models.Manager["Attachment"]] = models.Manager.from_queryset(AttachmentQuerySet)()

    class Meta:
        indexes = [
            # The files of a message, in order.
            models.Index(fields=["message", "order"], name="files_of_message"),
            # Those that were never sent, asked once a day.
            models.Index(fields=["uploaded_at"], condition=Q(message=None), name="unsent_files"),
        ]

    def __str__(self) -> str:
        return f"file {self.pk}"

    def describe(self, alternative_text: str) -> None:
        """Set the description of the picture (alternative text). Only before it is sent; `describing` does it
        afterwards."""
        text = clean_description(alternative_text)
        if text != self.alternative_text:
            self.alternative_text = text
            type(self).objects.unsent().filter(pk=self.pk).update(alternative_text=text)

    def note_recording(self, waveform: str, seconds: str) -> None:
        """Set what the recorder says of a sound that is not sent yet, if that is valid."""
        values = recorded(waveform, seconds) if self.is_sound else {}
        if values and type(self).objects.unsent().filter(pk=self.pk).update(**values):
            self.waveform, self.seconds = waveform, int(seconds)

    @property
    def is_ready(self) -> bool:
        return self.state == self.State.READY

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.WAITING

    @property
    def is_lost(self) -> bool:
        return self.state == self.State.LOST

    @property
    def is_picture(self) -> bool:
        return self.content_type in PICTURES

    @property
    def has_page(self) -> bool:
        """Whether messages show its first page, or keep the place of it free."""
        return self.content_type == PDF and self.width > 0

    @property
    def is_video(self) -> bool:
        return self.content_type in VIDEOS

    @property
    def is_sound(self) -> bool:
        return self.content_type in SOUNDS

    @property
    def is_shown_by_browsers(self) -> bool:
        return self.content_type in SHOWN

    @property
    def shown_size(self) -> tuple[int, int]:
        """Width and height of the picture or page in a message, in CSS pixels."""
        scale = min(1, SHOWN_SIZE[0] / (self.width or 1), SHOWN_SIZE[1] / (self.height or 1))
        return max(1, round(self.width * scale)), max(1, round(self.height * scale))

    @property
    def lines_shown(self) -> int:
        """How many lines of the text file messages show."""
        return self.text_html.count("\n")

    @property
    def text_start(self) -> SafeString:
        """The beginning of a text file, as HTML."""
        return SafeString(self.text_html)  # nosec B703 - as `messaging.text` made it

    @property
    def stored_names(self) -> list[str]:
        return [name for name in (self.stored_as, self.thumbnail) if name]


def clean_description(text: str) -> str:
    """A description of a picture as it is stored: one line."""
    return " ".join(remove_forbidden(text).split())[:ALTERNATIVE_LENGTH]


def descriptions_of(message: "Message") -> list[str]:
    """The descriptions of the pictures of a message, even if the message is not stored yet."""
    if not message.file_count:
        return []
    sent = message.files_to_attach
    files = Attachment.objects.filter(pk__in=sent) if sent else message.files.all()
    return [file.alternative_text for file in files if file.alternative_text]


def number_of_files(number: int) -> str:
    """What stands for the words of a message that has none: "2 files"; empty for 0."""
    return ngettext("%(number)d file", "%(number)d files", number) % {"number": number} if number else ""


def _exported(files: Collection[Attachment]) -> list[dict[str, object]]:
    return [
        {
            "id": file.pk,
            "name": file.name,
            "alternative_text": file.alternative_text,
            "content_type": file.content_type,
            "bytes": file.size,
        }
        for file in files
    ]


register_message_part(
    MessagePart(
        Attachment,
        gettext_noop("files"),
        exported_as="files",
        export=lambda message: _exported(message.files.all()),
    )
)
register_person_part(
    PersonPart(
        Attachment,
        "uploader",
        name=gettext_noop("files"),
        exported_as="files_not_sent",
        export=lambda user: _exported(user.files.filter(message=None).order_by("pk")),
    )
)
