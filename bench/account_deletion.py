"""Somebody with 100,000 messages deletes their account: how long others wait to write, and whether it ends.

First beside people who write all the time; then once more, killed twenty times on the way.

    python -m bench.account_deletion --messages 100000
"""

import argparse
import random
import signal
import subprocess
import sys
import time
from typing import Any

from bench.installation import ROOT, empty

KILLS = 20
ONE_IN = 5  # of the leaver's messages one in five is answered by somebody else

WORDS = """
from messaging.models import AccountDeletion

for departure in AccountDeletion.objects.unfinished():
    departure.run_for(24 * 3600, with_pauses=True)
"""
FINISH = [sys.executable, "manage.py", "shell", "--no-imports", "-c", WORDS]


def furnish(messages: int) -> tuple[Any, Any, Any]:
    """A room where one person wrote that many messages, and another answered some. Returns the three."""
    from messaging.models import Conversation, Message, Notification, User
    from messaging.models.rooms.members import add

    leaver, stayer = (User.objects.create(username=name) for name in ("leaver", "stayer"))
    room = Conversation.objects.create_room("bench", by=stayer)
    add(room, leaver)
    first = room.version + 1

    def row(number: int) -> Message:
        content = f"xylophone {number} " + "word " * (number % 30)
        return Message(conversation=room, sender=leaver, content=content, content_html=f"<p>{content}</p>")

    rows = [row(number) for number in range(messages)]
    for number, message in enumerate(rows):
        message.seq = message.version = first + number
    Message.rows.bulk_create(rows, batch_size=2000)
    roots = list(Message.rows.filter(sender=leaver).order_by("seq")[::ONE_IN])
    answers = [
        Message(
            conversation=room,
            sender=stayer,
            parent_message=root,
            thread_root=root,
            depth=1,
            content="an answer that stays",
            content_html="<p>an answer that stays</p>",
            seq=first + messages + number,
            version=first + messages + number,
        )
        for number, root in enumerate(roots)
    ]
    Message.rows.bulk_create(answers, batch_size=2000)
    notes = (
        Notification(user=leaver, message=one, conversation=room, reason="reply")
        for one in Message.rows.filter(sender=stayer).iterator()
    )
    Notification.objects.bulk_create(notes, batch_size=2000)
    Conversation.objects.filter(pk=room.pk).update(version=first + messages + len(answers))
    room.refresh_from_db()
    return leaver, stayer, room


def fingerprint() -> tuple[int, int]:
    """Of what others wrote."""
    from messaging.models import Message

    kept = Message.rows.filter(sender__username="stayer", content="an answer that stays")
    return kept.count(), hash(tuple(kept.order_by("pk").values_list("pk", "seq", "content")))


def beside_writers(messages: int) -> None:
    from messaging.models import AccountDeletion
    from messaging.models.messages.saving import post

    leaver, stayer, room = furnish(messages)
    before = fingerprint()
    departure = AccountDeletion.objects.start(leaver)
    process = subprocess.Popen(FINISH, cwd=ROOT)
    waits, began = [], time.monotonic()
    while process.poll() is None:
        start = time.monotonic()
        post(room, stayer, "written meanwhile")
        waits.append(time.monotonic() - start)
        time.sleep(0.02)
    took = time.monotonic() - began
    departure.refresh_from_db()
    waits.sort()
    print(f"{messages} messages erased in {took:.1f} s; receipt: {departure.gone}")
    print(
        f"{len(waits)} messages written meanwhile: median {waits[len(waits) // 2] * 1000:.0f} ms, "
        f"99 % within {waits[int(len(waits) * 0.99)] * 1000:.0f} ms, slowest {waits[-1] * 1000:.0f} ms"
    )
    print("what others wrote is", "unchanged" if fingerprint() == before else "CHANGED", flush=True)


def killed(messages: int) -> None:
    from messaging.models import AccountDeletion, Conversation, Message, User
    from messaging.models.accounts.erasure import erase_rooms

    erase_rooms(Conversation.objects.all())
    User.objects.all().delete()
    leaver, _, _ = furnish(messages)
    before, departure = fingerprint(), AccountDeletion.objects.start(leaver)
    kills = 0
    while kills < KILLS:
        process = subprocess.Popen(FINISH, cwd=ROOT)
        try:
            process.wait(random.uniform(0.8, 2.0))
            break
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            kills += 1
            departure.refresh_from_db()
            print(f"killed at {departure.percent} %", end="  ", flush=True)
    print()
    subprocess.run(FINISH, cwd=ROOT, check=True)
    departure.refresh_from_db()
    left = Message.rows.filter(content__contains="xylophone").count()
    print(f"killed {kills} times: done {departure.is_done}, {left} of their messages left,", end=" ")
    print(f"receipt {departure.gone}, due {departure.due}")
    print("what others wrote is", "unchanged" if fingerprint() == before else "CHANGED")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--messages", type=int, default=100_000)
    messages = parser.parse_args().messages
    with empty():
        beside_writers(messages)
        killed(messages)


if __name__ == "__main__":
    main()
