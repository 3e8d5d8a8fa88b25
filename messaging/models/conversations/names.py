"""A room's name and topic."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from messaging.text import clean_text

if TYPE_CHECKING:
    from messaging.models.conversations.conversation import Conversation

NAME_LENGTH, TOPIC_LENGTH = 80, 250
NAME_TAKEN = _("A room with this name already exists. Choose another name.")


def clean_name(name: str) -> str:
    """A name as it is stored. Raises ValidationError: it is empty or too long."""
    return clean_text(name, max_length=NAME_LENGTH, single_line=True)


def clean_topic(topic: str) -> str:
    """A topic as it is stored; "" for none. Raises ValidationError: it is too long."""
    return clean_text(topic, max_length=TOPIC_LENGTH, single_line=True) if topic.strip() else ""


@contextmanager
def unique_name(model: "type[Conversation]", name: str) -> Iterator[None]:
    """Around statements that give a room this name.

    Raises:
        ValidationError: ("taken") another room has it.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if not model.objects.filter(room_key=name.casefold()).exists():
            raise
        raise ValidationError({"name": ValidationError(NAME_TAKEN, code="taken")}) from error
