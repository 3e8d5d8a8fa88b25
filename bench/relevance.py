"""Whether a search finds what it should: 200 queries whose answers are known.

`python -m bench.relevance FILE` reads an archive (messaging/archive), for example of the Ubuntu corpus, and
makes 170 queries of its messages. The right answers come from comparing every text, by other code than the
search's. Thirty more queries, of signs and of scripts that are written without spaces, are about texts below.
Of each query the first ten results and their order must be right. It uses DATABASE_URL, if that is set: an
empty database.
"""

import html
import re
import sys
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from bench.installation import empty_installation

if TYPE_CHECKING:
    from messaging.models import Message, User

FIRST = 10  # results that must be right
SEED = 17  # the same queries each time
SIGNS = {
    "PLT-3699": ["PLT-3699 is open"],
    "C++": ["We use C++ here"],
    "don't": ["I don't know"],
    "@ada": ["ask @ada about it"],
    "TODO: x": ["TODO: x marks the spot"],
    "v2.10": ["v2.10 is released"],
    "example.com": ["see example.com for it"],
    "#bug": ["this is a #bug"],
    '"': ['say " aloud'],
    "t-shirt": ["a t-shirt for all"],
    "-open plt": ["plt without a number"],
    '"marks the spot"': ["TODO: x marks the spot"],
    "/etc/fstab": ["look into /etc/fstab first"],
    "50%": ["50% of it"],
    "a=b": ["set a=b there"],
}
SCRIPTS = {
    "上海": ["明天去上海吗"],
    "天気": ["今日の天気はいい"],
    "안녕": ["안녕하세요 여러분"],
    "会议": ["下午三点有会议"],
    "東京": ["東京タワーで会いましょう"],
    "여러분": ["안녕하세요 여러분"],
    "去上海吗": ["明天去上海吗"],
    "カメラ": ["カメラを忘れた"],
    "สวัสดี": ["สวัสดีครับ"],
    "مرحبا": ["مرحبا بالعالم"],
    "שלום": ["שָׁלוֹם לכולם"],
    "мир": ["Мир и труд"],
    "lodz": ["Łódź by night"],
    "creme brulee": ["Crème brûlée for all"],
    "ΟΔΟΣ": ["η οδός είναι εδώ"],
}


@dataclass
class Text:
    """A message as this program compares it: its words, without case and accents."""

    pk: int
    sender: int
    username: str
    room: str
    words: list[str]


@dataclass
class Case:
    typed: str
    is_right: Callable[[Text], bool]


def main(file: Path) -> bool:
    """Whether all answers were right; those that were not are printed."""
    with empty_installation():
        reader = _fill(file)
        written = _written(reader, "signs", SIGNS) + _written(reader, "scripts", SCRIPTS)
        texts = sorted(_texts(), key=lambda text: -text.pk)
        cases = [
            (case.typed, [text.pk for text in texts if case.is_right(text)][:FIRST])
            for case in _cases_of(texts, Random(SEED))
        ]
        return _check(reader, cases + written)


def _fill(file: Path) -> "User":
    from django.core.management import call_command

    from messaging.models import Conversation, Membership, User

    call_command("import_archive", str(file), verbosity=0)
    reader = User.objects.create_user("reader")
    rooms = Conversation.objects.filter(kind=Conversation.Kind.ROOM)
    Membership.objects.bulk_create(Membership(conversation=room, user=reader) for room in rooms)
    return reader


def _texts() -> Iterator[Text]:
    from messaging.models import Message

    rows = Message.rows.values_list("pk", "sender", "sender__username", "conversation__name", "content_html")
    for pk, sender, username, room, content in rows:
        yield Text(pk, sender, username, room, _words(content))


def _words(content_html: str) -> list[str]:
    text = re.sub(r"<blockquote.*?</blockquote>", " ", content_html, flags=re.DOTALL)
    text = re.sub(r"</?(?:p|br|li|ul|ol|pre|h\d|td|th|tr|hr|div)\b[^>]*>", " ", text)
    text = html.unescape(re.sub(r"<[^>]+>", "", text)).replace("https://", "").replace("http://", "")
    plain = "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))
    return re.findall(r"[^\W_]+", plain.casefold())


def _cases_of(texts: list[Text], chance: Random) -> Iterator[Case]:
    """170 queries, each of the words of a message."""
    usual = [text for text in texts if len(text.words) >= 6 and all(one.isascii() for one in text.words)]

    def some() -> tuple[Text, list[str]]:
        while True:
            text = chance.choice(usual)
            long = [word for word in text.words if len(word) >= 4 and word.isalpha()]
            if len(long) >= 3:
                return text, chance.sample(long, 2)

    for _ in range(60):
        _text, (one, two) = some()
        yield Case(f'{one} "{two}"', partial(_has, words=[one, two]))
    for _ in range(30):
        found, _pair = some()
        first = chance.randrange(len(found.words) - 2)
        phrase = found.words[first : first + 3]
        yield Case(f'"{" ".join(phrase)}"', partial(_has, phrase=phrase))
    for _ in range(30):
        _text, (one, two) = some()
        yield Case(f"{one} {two[:-1]}", partial(_has, words=[one], begun=two[:-1]))
    for _ in range(20):
        found, (one, _) = some()
        yield Case(f'from:@{found.username} "{one}"', partial(_has, words=[one], sender=found.sender))
    for _ in range(20):
        found, (one, _) = some()
        yield Case(f'in:#{found.room} "{one}"', partial(_has, words=[one], room=found.room))
    for _ in range(10):
        _text, (one, two) = some()
        yield Case(f"{one} -{two}", partial(_has, words=[one], without=two))


def _has(
    text: Text,
    words: Sequence[str] = (),
    phrase: Sequence[str] = (),
    begun: str = "",
    sender: int | None = None,
    room: str | None = None,
    without: str | None = None,
) -> bool:
    """Whether a text has the words, the phrase and a word that begins so, and is of this sender and room."""
    size = len(phrase)
    places = range(len(text.words) - size + 1)
    return (
        set(words) <= set(text.words)
        and (not phrase or any(text.words[first : first + size] == phrase for first in places))
        and any(word.startswith(begun) for word in text.words)
        and sender in (None, text.sender)
        and room in (None, text.room)
        and without not in text.words
    )


def _written(reader: "User", room_name: str, texts: dict[str, list[str]]) -> list[tuple[str, list[int]]]:
    """Queries of texts that stand here, in a room of their own."""
    from messaging.models import Conversation
    from messaging.models.messages.saving import post

    room = Conversation.objects.create_room(room_name, by=reader)
    answers = dict.fromkeys(text for found in texts.values() for text in found)
    ids: dict[str, int] = {text: post(room, reader, text).pk for text in answers}
    return [(f"in:#{room_name} {typed}", [ids[text] for text in found]) for typed, found in texts.items()]


def _check(reader: "User", cases: list[tuple[str, list[int]]]) -> bool:
    from messaging.models.search.query import parse
    from messaging.models.search.searching import search

    wrong = 0
    for typed, expected in cases:
        found: list[Message] = search(reader, parse(typed)).messages[:FIRST]
        ids = [message.pk for message in found]
        if ids != expected:
            wrong += 1
            print(f"{typed}\n  expected {expected}\n  found    {ids}")
    print(f"{len(cases) - wrong} of {len(cases)} queries have the right answers in their order.")
    return not wrong


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(not main(Path(sys.argv[1])))
