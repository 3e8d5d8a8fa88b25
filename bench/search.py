"""How long a search takes among a million messages, on SQLite and on PostgreSQL.

The messages of an archive (messaging/archive) are copied until there are enough. The reader is a member of
every second room; another reader is in none, which is the worst case: all hits are looked at, and none may be
shown. Each search is made once, after others have warmed the caches of the database. Times are those of one
window of results, without the page around them; the processor time is this program's, without PostgreSQL's.

    python -m bench.search ubuntu-train.jsonl.gz
    python -m bench.search ubuntu-train.jsonl.gz --messages 200000
"""

import argparse
import re
import statistics
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from django.db import models

from bench import results
from bench.installation import empty_installation, in_new_process
from bench.large import analyze, insert_copies
from tests import servers

if TYPE_CHECKING:
    from messaging.models import User

SEED = 18  # the same queries each time
EACH = 200  # queries of a kind
COMMON = ["the", "to", "ubuntu", "it", "is", "and", "install", "have", "you", "can"]


class Spread(NamedTuple):
    """Milliseconds of one kind of queries."""

    p50: float
    p99: float
    longest: float
    cpu: float  # the median of the processor time of this program

    def __str__(self) -> str:
        return f"{self.p50:.1f} | {self.p99:.1f} | {self.longest:.1f} | {self.cpu:.1f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("archive", type=Path)
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument(
        "--databases", nargs="+", choices=["sqlite", "postgresql"], default=["sqlite", "postgresql"]
    )
    results.add_option(parser)
    options = parser.parse_args()
    measured = {}
    for database in options.databases:
        with ExitStack() as running:
            url = running.enter_context(servers.postgresql()) if database == "postgresql" else None
            environment = {"DATABASE_URL": url} if url else {}
            measured[database] = in_new_process(environment, _measure, options.archive, options.messages)
    lines = [f"At least {options.messages:,} messages; {results.how_busy()}.", ""]
    for database, kinds in measured.items():
        lines += [
            f"{database}:",
            "",
            "| | p50 ms | p99 ms | longest ms | CPU ms |",
            "|---|---:|---:|---:|---:|",
        ]
        lines += [f"| {kind} | {spread} |" for kind, spread in kinds.items()] + [""]
    results.write(options.results, "search", "\n".join(lines), {})


def _measure(archive: Path, wanted: int) -> dict[str, Spread]:
    with empty_installation():
        reader, stranger = _fill(archive, wanted)
        kinds = _queries(Random(SEED))
        for typed in kinds["two words"][:50]:  # warms the caches
            _search(reader, typed)
        spreads = {kind: _spread(_search, reader, typed) for kind, typed in kinds.items()}
        spreads["two words, best match"] = _spread(_best, reader, kinds["two words"])
        spreads["a common word, best match"] = _spread(_best, reader, COMMON * 5)
        spreads["a common word, of a reader in no room"] = _spread(_search, stranger, COMMON * 5)
        spreads["two common words, of a reader in no room"] = _spread(
            _search, stranger, [f"{one} {two}" for one in COMMON for two in COMMON if one != two]
        )
        return spreads


def _fill(archive: Path, wanted: int) -> "tuple[User, User]":
    """Returns a member of every second room, and somebody who is in none."""
    from django.core.management import call_command

    from messaging.models import Conversation, Membership, Message, SearchText, User

    call_command("import_archive", str(archive), verbosity=0)
    present = Message.rows.count()
    bounds = Message.rows.aggregate(id=models.Max("pk"), seq=models.Max("seq"))
    for copy in range(1, -(-wanted // present)):
        ids, seqs = copy * bounds["id"], copy * bounds["seq"]
        changed = {column: f"{column} + {ids}" for column in ("id", "parent_message_id", "thread_root_id")}
        changed |= {column: f"{column} + {seqs}" for column in ("seq", "version")} | {"client_id": "NULL"}
        insert_copies(Message, changed, f"id <= {bounds['id']}")
        insert_copies(SearchText, {"message_id": f"message_id + {ids}"}, f"message_id <= {bounds['id']}")
    analyze()
    reader = User.objects.create_user("reader")
    rooms = Conversation.objects.filter(kind=Conversation.Kind.ROOM).order_by("pk")
    Membership.objects.bulk_create(Membership(conversation=room, user=reader) for room in rooms[::2])
    return reader, User.objects.create_user("stranger")


def _queries(chance: Random) -> dict[str, list[str]]:
    """Queries of the words that people wrote, by kind."""
    from messaging.models import Message, SearchText

    written = Message.rows.values_list("pk", "sender__username", "conversation__name").order_by("pk")
    some = {pk: (sender, room) for pk, sender, room in chance.sample(list(written[:100_000]), 3000)}
    texts = SearchText.objects.filter(message__in=list(some)).values_list("message", "text")
    usual = [(pk, long) for pk, text in texts if len(long := re.findall(r"\b[a-z]{4,}\b", text)) >= 4][:EACH]
    return {
        "a word": [words[0] for _pk, words in usual],
        "two words": [f"{words[0]} {words[-1]}" for _pk, words in usual],
        "a phrase": [f'"{words[0]} {words[1]}"' for _pk, words in usual],
        "a word that is begun": [words[1][:3] for _pk, words in usual],
        "a person and a word": [f"from:@{some[pk][0]} {words[0]}" for pk, words in usual],
        "a room and a word": [f"in:#{some[pk][1]} {words[0]}" for pk, words in usual],
        "a word and a year": [f"{words[0]} during:2012" for _pk, words in usual],
        "a word without another": [f"{words[0]} -{words[1]}" for _pk, words in usual],
        "a word with punctuation": [f"{words[0]}-{words[1]}" for _pk, words in usual],
        "a link and a word": [f"has:link {words[0]}" for _pk, words in usual],
        "a common word": COMMON * 5,
    }


def _search(reader: "User", typed: str) -> object:
    from messaging.models.search.query import parse
    from messaging.models.search.searching import search

    return search(reader, parse(typed))


def _best(reader: "User", typed: str) -> object:
    from messaging.models.search.query import parse
    from messaging.models.search.searching import search_best

    return search_best(reader, parse(typed))


def _spread(look: Callable[["User", str], object], reader: "User", queries: Sequence[str]) -> Spread:
    wall, cpu = [], []
    for typed in queries:
        began, cpu_began = time.perf_counter(), time.process_time()
        look(reader, typed)
        wall.append(1000 * (time.perf_counter() - began))
        cpu.append(1000 * (time.process_time() - cpu_began))
    wall.sort()
    return Spread(
        statistics.median(wall), wall[int(0.99 * (len(wall) - 1))], wall[-1], statistics.median(cpu)
    )


if __name__ == "__main__":
    main()
