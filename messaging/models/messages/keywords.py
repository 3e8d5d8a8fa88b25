"""Keywords: words of a person's own. A message that has one notifies them as a mention does.

Whole words are compared, as in the search. Each process keeps all keywords of the site, by the first word of
each, under a key that changes with every keyword (`Installation.keywords_key`). Sending reads that key in a
query that it makes anyway, so it costs no further query. While nobody has keywords the key is empty, and no
text is compared.
"""

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from messaging.models.db.registry import PersonPart, register_person_part
from messaging.models.people.changing_site import changing_site
from messaging.models.people.user import User
from messaging.models.site.installation import Installation
from messaging.text import clean_text
from messaging.text.search_words import own_text, words

if TYPE_CHECKING:
    from messaging.models.messages.message import Message

WORD_LENGTH: Final = 60
MOST_OF_PERSON: Final = 30
FOLDED_LENGTH: Final = 4 * WORD_LENGTH  # folding makes some characters several


class Keyword(models.Model):
    """A keyword of a person: as they typed it, and its words folded, with a space between them."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="keywords")
    word = models.CharField(max_length=WORD_LENGTH)
    folded = models.CharField(max_length=FOLDED_LENGTH)

    objects: ClassVar[models.Manager["Keyword"]] = models.Manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "folded"], name="one_keyword")]

    def __str__(self) -> str:
        return f"A keyword of {self.user}"


Phrase = tuple[str, ...]


@dataclass(frozen=True)
class KeywordIndex:
    """The keywords of the site: by first word, each phrase with the ids of the people who have it."""

    key: str = ""
    by_first: Mapping[str, Mapping[Phrase, Collection[int]]] = field(default_factory=dict)

    def people_of(self, text: list[str]) -> set[int]:
        """The ids of the people of whom this list of folded words contains a keyword."""
        found: set[int] = set()
        for place, word in enumerate(text):
            for phrase, people in self.by_first.get(word, {}).items():
                if tuple(text[place : place + len(phrase)]) == phrase:
                    found.update(people)
        return found


_known = KeywordIndex()


def people_with_keywords_in(content_html: str, key: str) -> set[int]:
    """The ids of the people of whom a rendered text has a keyword, whether they may read it or not.

    Args:
        key: `Installation.keywords_key`, read under the lock.
    """
    return _index(key).people_of(words(own_text(content_html))) if key else set()


def keywords_in(message: "Message", keywords: Iterable[Keyword]) -> tuple[str, ...]:
    """Those of these keywords that a message has, as they were typed."""
    text = words(own_text(message.content_html))
    return tuple(one.word for one in keywords if _index_of("", [(one.folded, 0)]).people_of(text))


def checked_keywords(typed: Iterable[str]) -> dict[str, str]:
    """What is stored of these keywords: folded words -> as they were typed. Each is taken once.

    Raises:
        ValidationError: one is too long or has no word, or there are too many.
    """
    wanted: dict[str, str] = {}
    for line in filter(str.strip, typed):
        word = clean_text(line, max_length=WORD_LENGTH, single_line=True)
        folded = " ".join(words(word))
        if not folded or len(folded) > FOLDED_LENGTH:
            no_word = _("“%(word)s” has no letters or digits, so it would never be found.")
            raise ValidationError(no_word, code="keyword", params={"word": word})
        wanted.setdefault(folded, word)
    if len(wanted) > MOST_OF_PERSON:
        too_many = _("These are too many keywords: the limit is %(limit)d.")
        raise ValidationError(too_many, code="keywords", params={"limit": MOST_OF_PERSON})
    return wanted


def save_keywords(user: User, wanted: Mapping[str, str]) -> None:
    """Make these the keywords of the person.

    Args:
        wanted: as `checked_keywords` returns them.

    Raises:
        Gone: the person was deleted.
    """
    before = dict(user.keywords.order_by("pk").values_list("folded", "word"))
    if before == wanted:
        return
    with changing_site(user):
        user.keywords.all().delete()
        Keyword.objects.bulk_create(
            Keyword(user=user, folded=folded, word=word) for folded, word in wanted.items()
        )
        renew_key()


def renew_key() -> None:
    """Make all processes read the keywords again, after they were written."""
    key = uuid.uuid4().hex if Keyword.objects.exists() else ""
    Installation.objects.row().update(keywords_key=key)


def _index(key: str) -> KeywordIndex:
    """The keywords of the site, which are read if the key has changed."""
    global _known
    if _known.key != key:
        _known = _index_of(key, Keyword.objects.values_list("folded", "user_id"))
    return _known


def _index_of(key: str, rows: Iterable[tuple[str, int]]) -> KeywordIndex:
    by_first: dict[str, dict[Phrase, set[int]]] = {}
    for folded, user_id in rows:
        phrase = tuple(folded.split())
        by_first.setdefault(phrase[0], {}).setdefault(phrase, set()).add(user_id)
    return KeywordIndex(key, by_first)


register_person_part(
    PersonPart(
        Keyword,
        "user",
        exported_as="keywords",
        export=lambda user: list(user.keywords.order_by("pk").values_list("word", flat=True)),
    )
)
