"""The emoji that somebody chooses: one of the table, or a custom one of the site."""

from messaging.models.site.custom_emoji import CustomEmoji
from messaging.text.emoji_choice import Choice, choice_of, name_in


def chosen_emoji(text: str, tone: str = "", with_retired: bool = False) -> Choice | None:
    """The emoji of a text that is an emoji, or a name between colons. None if there is no such emoji.

    Args:
        tone: the skin tone, if the text has none.
        with_retired: whether it may be a custom emoji that is no longer in use.
    """
    if choice := choice_of(text, tone):
        return choice
    name = name_in(text)
    if not name:
        return None
    emoji = CustomEmoji.objects.all() if with_retired else CustomEmoji.objects.all().in_use()
    custom = emoji.filter(names__name=name).first()
    return Choice(custom.typed, custom.typed) if custom else None
