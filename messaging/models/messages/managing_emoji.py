"""Adding, retiring and bringing back custom emoji. Each is written into the audit log."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from messaging.models.messages.rerendering import show_emoji_everywhere
from messaging.models.people.changing_site import changing_site
from messaging.models.people.user import User
from messaging.models.site.audit_log import AuditEntry
from messaging.models.site.custom_emoji import CustomEmoji, EmojiName
from messaging.text.emoji import CUSTOM_NAME, EMOJI

MOST_EMOJI = 500  # in use: the picker and the completion load all of them
MOST_OTHER_NAMES = 5


def add_emoji(by: User, picture: bytes, name: str, other_names: Sequence[str] = ()) -> CustomEmoji:
    """Add an emoji. Messages that have one of its names already show it soon.

    Args:
        by: an administrator.
        picture: as `square_emoji` makes it.
        name: what it is called, without colons.
        other_names: by which it can be typed too.

    Raises:
        ValidationError: one of the names is invalid or taken; or there are too many emoji.
    """
    names = list(dict.fromkeys([name, *other_names]))
    for one in names:
        check_name(one)
    with changing_site(by):  # one at a time, so that two cannot take the same name
        _check_number(len(names))
        _check_free(names)
        emoji = CustomEmoji(name=name, added_by=by, picture=ContentFile(picture, name="new"))
        emoji.save()
        EmojiName.objects.bulk_create(EmojiName(name=one, emoji=emoji) for one in names)
        AuditEntry.objects.record(by, AuditEntry.Act.ADDED_EMOJI, name=emoji.typed)
        show_emoji_everywhere(emoji)
    return emoji


def retire_emoji(emoji: CustomEmoji, by: User) -> None:
    """From now on it can no longer be chosen or typed. If it is retired already, nothing changes."""
    with transaction.atomic():
        if CustomEmoji.objects.all().in_use().filter(pk=emoji.pk).update(retired_at=timezone.now()):
            AuditEntry.objects.record(by, AuditEntry.Act.RETIRED_EMOJI, name=emoji.typed)


def bring_back_emoji(emoji: CustomEmoji, by: User) -> None:
    """Let a retired one be chosen and typed again. Messages that have its name already show it soon.

    Raises ValidationError: there are too many emoji.
    """
    with changing_site(by):
        _check_number()
        if CustomEmoji.objects.filter(pk=emoji.pk).exclude(retired_at=None).update(retired_at=None):
            AuditEntry.objects.record(by, AuditEntry.Act.BROUGHT_BACK_EMOJI, name=emoji.typed)
            show_emoji_everywhere(emoji)


def check_name(name: str) -> None:
    """Raises ValidationError: a custom emoji cannot have this name, whatever others there are."""
    if not CUSTOM_NAME.fullmatch(name):
        text = _(
            "A name has 2 to 40 characters: lowercase letters a–z, digits, +, - and _, "
            "but no _ at its beginning or end."
        )
        raise ValidationError(text, code="name")
    if name in EMOJI:
        text = _("There is an emoji with the name :%(name)s: already, %(emoji)s.")
        raise ValidationError(text, code="built_in", params={"name": name, "emoji": EMOJI[name]})


def _check_free(names: Sequence[str]) -> None:
    """Raises ValidationError: another custom emoji has one of the names."""
    taken = EmojiName.objects.filter(name__in=names).select_related("emoji").first()
    if taken:
        text = _("Another emoji of this team has the name :%(name)s: already.")
        if taken.emoji.retired_at:
            text = _("A retired emoji has the name :%(name)s:. You can bring it back.")
        raise ValidationError(text, code="taken", params={"name": taken.name})


def _check_number(names: int = 1) -> None:
    if names > 1 + MOST_OTHER_NAMES:
        text = ngettext(
            "An emoji can have %(number)d other name.",
            "An emoji can have %(number)d other names.",
            MOST_OTHER_NAMES,
        )
        raise ValidationError(text % {"number": MOST_OTHER_NAMES}, code="names")
    if CustomEmoji.objects.all().in_use().count() >= MOST_EMOJI:
        text = ngettext(
            "There is %(number)d emoji already. Retire one first.",
            "There are %(number)d emoji already. Retire one first.",
            MOST_EMOJI,
        )
        raise ValidationError(text % {"number": MOST_EMOJI}, code="number")
