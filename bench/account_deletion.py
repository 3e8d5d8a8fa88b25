"""The deletion of an account with 100,000 messages: how long others wait to write, and whether it completes.

First while somebody else sends messages all the time; then again, with the process killed twenty times.

    python -m bench.account_deletion --messages 100000
"""

import argparse
import random
import signal
import subprocess
import sys
import time
from typing import Any

from bench.installation import ROOT, empty_installation

KILLS = 20
ONE_IN = 5  # one in five messages of the deleted account has a reply by somebody else

FINISH_SCRIPT = """
from messaging.models import AccountDeletion

for deletion in AccountDeletion.objects.unfinished():
    deletion.run_for(24 * 3600, with_pauses=True)
"""
FINISH = [sys.executable, "manage.py", "shell", "--no-imports", "-c", FINISH_SCRIPT]


def create_room(messages: int) -> tuple[Any, Any, Any]:
    """A room where one person wrote that many messages, and another one replied to some of them.

    Returns:
        The first person, the second person and the room.
    """
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
    replies = [
        Message(
            conversation=room,
            sender=stayer,
            parent_message=root,
            thread_root=root,
            depth=1,
            content="a reply that stays",
            content_html="<p>a reply that stays</p>",
            seq=first + messages + number,
            version=first + messages + number,
        )
        for number, root in enumerate(roots)
    ]
    Message.rows.bulk_create(replies, batch_size=2000)
    notifications = (
        Notification(user=leaver, message=one, conversation=room, reason="reply")
        for one in Message.rows.filter(sender=stayer).iterator()
    )
    Notification.objects.bulk_create(notifications, batch_size=2000)
    Conversation.objects.filter(pk=room.pk).update(version=first + messages + len(replies))
    room.refresh_from_db()
    return leaver, stayer, room


def fingerprint() -> tuple[int, int]:
    """The number and a hash of the replies by the other person, which must not change."""
    from messaging.models import Message

    kept = Message.rows.filter(sender__username="stayer", content="a reply that stays")
    return kept.count(), hash(tuple(kept.order_by("pk").values_list("pk", "seq", "content")))


def measure_with_writers(messages: int) -> None:
    from messaging.models import AccountDeletion
    from messaging.models.messages.saving import post

    leaver, stayer, room = create_room(messages)
    before = fingerprint()
    deletion = AccountDeletion.objects.start(leaver)
    process = subprocess.Popen(FINISH, cwd=ROOT)
    waits, began = [], time.monotonic()
    while process.poll() is None:
        start = time.monotonic()
        post(room, stayer, "written meanwhile")
        waits.append(time.monotonic() - start)
        time.sleep(0.02)
    took = time.monotonic() - began
    deletion.refresh_from_db()
    waits.sort()
    print(f"{messages} messages erased in {took:.1f} s; receipt: {deletion.deleted}")
    print(
        f"{len(waits)} messages written meanwhile: median {waits[len(waits) // 2] * 1000:.0f} ms, "
        f"99 % within {waits[int(len(waits) * 0.99)] * 1000:.0f} ms, slowest {waits[-1] * 1000:.0f} ms"
    )
    print("what others wrote is", "unchanged" if fingerprint() == before else "CHANGED", flush=True)


def measure_with_kills(messages: int) -> None:
    from messaging.models import AccountDeletion, Conversation, Message, User
    from messaging.models.accounts.erasure import erase_conversations

    erase_conversations(Conversation.objects.all())
    User.objects.all().delete()
    leaver, _, _ = create_room(messages)
    before, deletion = fingerprint(), AccountDeletion.objects.start(leaver)
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
            deletion.refresh_from_db()
            print(f"killed at {deletion.percent} %", end="  ", flush=True)
    print()
    subprocess.run(FINISH, cwd=ROOT, check=True)
    deletion.refresh_from_db()
    left = Message.rows.filter(content__contains="xylophone").count()
    print(f"killed {kills} times: done {deletion.is_done}, {left} of their messages left,", end=" ")
    print(f"receipt {deletion.deleted}, of {deletion.total}")
    print("what others wrote is", "unchanged" if fingerprint() == before else "CHANGED")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--messages", type=int, default=100_000)
    messages = parser.parse_args().messages
    with empty_installation():
        measure_with_writers(messages)
        measure_with_kills(messages)


if __name__ == "__main__":
    main()
