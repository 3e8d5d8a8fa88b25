"""Receiving a file: its limits, its type, and its bytes in the storage, written before its row."""

import re
import unicodedata
import uuid
from typing import Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from messaging.models.messages.attachment import NAME_LENGTH, Attachment
from messaging.models.messages.file_types import PDF, PICTURES, SNIFFED_BYTES, TEXT, content_type_of
from messaging.models.messages.pdf_pages import first_page, prepare_page
from messaging.models.messages.picture_decoder import MAX_PIXELS, MAX_SIDE, MAX_WEBP_PIXELS
from messaging.models.messages.picture_headers import picture_size
from messaging.models.messages.preparing import prepare_picture
from messaging.models.people.user import User
from messaging.text.cleaning import is_visible, remove_forbidden
from messaging.text.file_text import MAX_BYTES as MAX_TEXT_BYTES
from messaging.text.file_text import start_html, text_of

FOLDER: Final = "files"  # of the storage
_DIRECTION_MARKS: Final = re.compile("[\u200e\u200f\u061c\u200b-\u200d]")


def upload(file: File[bytes], by: User) -> Attachment:
    """Store a file that is not sent yet.

    Raises:
        ValidationError: it is empty, too large, a picture that cannot be shown, or there is no room for it.
            Its code is "empty", "too_large", "unreadable" or "no_room".
    """
    size = file.size or 0
    if not size:
        raise ValidationError(_("This file is empty."), code="empty")
    if size > settings.MAX_FILE_BYTES:
        limit = filesizeformat(settings.MAX_FILE_BYTES)
        raise ValidationError(
            _("This file is too large. The limit is %(limit)s."), code="too_large", params={"limit": limit}
        )
    check_room(size, by)
    file.seek(0)
    content_type = content_type_of(file.read(SNIFFED_BYTES))
    width, height, pages = _size(file, content_type)
    name = clean_name(file.name or "")
    text = _text(file, content_type)
    text_html = start_html(text, name)
    file.seek(0)
    stored_as = default_storage.save(random_name(), file)
    with transaction.atomic():
        row = Attachment.objects.create(
            uploader=by,
            name=name,
            content_type=content_type,
            size=size,
            width=width,
            height=height,
            pages=pages,
            state=Attachment.State.WAITING if content_type in PICTURES else Attachment.State.READY,
            stored_as=stored_as,
            text_html=text_html,
            text_lines=text.count("\n") if text_html else 0,
        )
        if row.is_waiting:
            prepare_picture.enqueue(row.pk)
        elif content_type == PDF:
            prepare_page.enqueue(row.pk)
    return row


def check_room(size: int, by: User) -> None:
    """Raises ValidationError: so many bytes more are too many for the person, or for the site."""
    if by.files.total_bytes() + size > settings.MAX_BYTES_OF_PERSON:
        limit = filesizeformat(settings.MAX_BYTES_OF_PERSON)
        raise ValidationError(
            _("Your files would take more than %(limit)s. Your settings list them."),
            code="no_room",
            params={"limit": limit},
        )
    if Attachment.objects.all().total_bytes() + size > settings.MAX_BYTES_OF_SITE:
        raise ValidationError(
            _("There is no space left for files on this site. The people who run it can change that."),
            code="no_room",
        )


def random_name(folder: str = FOLDER) -> str:
    """A new name in the storage, which nobody can guess."""
    return f"{folder}/{uuid.uuid4().hex}"


def clean_name(name: str) -> str:
    """What a file is called: one line, without a path, and without characters that hide or reorder others."""
    name = re.split(r"[/\\]", name)[-1]
    name = _DIRECTION_MARKS.sub("", remove_forbidden(name.replace("\n", " ")))
    name = " ".join(unicodedata.normalize("NFC", name).split()).strip(". ")
    if not is_visible(name):
        return _("file")
    stem, dot, ending = name.rpartition(".")
    if len(name) <= NAME_LENGTH:
        return name
    ending = f"{dot}{ending}" if stem and len(ending) <= 10 else ""
    return name[: NAME_LENGTH - len(ending) - 1].rstrip() + "…" + ending


def _text(file: File[bytes], content_type: str) -> str:
    """The text of a file that messages show in place; empty for others."""
    if content_type != TEXT or (file.size or 0) > MAX_TEXT_BYTES:
        return ""
    file.seek(0)
    return text_of(file.read()) or ""


def _size(file: File[bytes], content_type: str) -> tuple[int, int, int]:
    """Width and height of a picture, or of the first page of a PDF, and how many pages it has."""
    if content_type == PDF:
        return first_page(file) or (0, 0, 0)
    return (*_picture_size(file, content_type), 0) if content_type in PICTURES else (0, 0, 0)


def _picture_size(file: File[bytes], content_type: str) -> tuple[int, int]:
    size = picture_size(file, content_type)
    if size is None:
        raise ValidationError(_("This picture cannot be read."), code="unreadable")
    most = MAX_WEBP_PIXELS if content_type == "image/webp" else MAX_PIXELS
    if size[0] * size[1] > most or max(size) > MAX_SIDE:
        raise ValidationError(
            _("This picture has too many pixels. The limit is %(limit)s."),
            code="too_large",
            params={"limit": number_format(most, force_grouping=True)},
        )
    return size
