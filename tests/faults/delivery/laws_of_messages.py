"""Laws of what is stored: nothing lost, nothing doubled, nothing that nobody wrote, in order."""

from collections import Counter
from collections.abc import Iterator

from tests.faults.delivery.ledger import NEVER, Act, Ledger, Stored

# The final answers that an act may get. A reply or an edit may meet a removal, and an edit another edit.
ANSWERS = {"send": {200}, "reply": {200, 422}, "edit": {200, 404, 409, 422}, "remove": {200}, "see": {204}}


def answers(ledger: Ledger) -> Iterator[str]:
    """Every act is answered in the end, as it can be; no answer is an error of the program."""
    for act in ledger.acts.values():
        if act.ended == NEVER or act.status == 0:
            yield f"{act} was never answered"
        elif act.status not in ANSWERS[act.name] and not (act.status == 404 and act.who in ledger.away):
            yield f"{act} was answered {act.status}"
        if 500 in act.attempts:
            yield f"{act} was answered 500"


def durable(ledger: Ledger) -> Iterator[str]:
    """What was acknowledged is stored once; what was refused is not stored."""
    for act in ledger.sent:
        count = len(ledger.made_by(act))
        if act.is_done and not count:
            yield f"{act} is lost"
        if count > 1:
            yield f"{act} is stored {count} times"
        if count and not act.may_be_done:
            yield f"{act} was refused with {act.status}, but is stored"


def no_phantoms(ledger: Ledger) -> Iterator[str]:
    """Somebody wrote each text that is stored, and no text is stored twice."""
    sent = {(act.who, act.about["client_id"]): act for act in ledger.sent}
    for one in ledger.messages.values():
        act = sent.get((one.sender, one.client))
        if act is None:
            yield f"message {one.pk} ({one.texts}) was never sent by {one.sender} as {one.client}"
        elif not one.is_removed and one.texts[0] != act.about["content"]:
            yield f"message {one.pk} began as {one.texts[0]!r}, but {act} was sent"
        if act and act.name == "reply" and act.about["parent"] != one.parent:
            yield f"message {one.pk} replies to {one.parent}, but {act} to {act.about['parent']}"
    texts = Counter(text for one in ledger.messages.values() for text in one.texts if text)
    for text, count in texts.items():
        if count > 1:
            yield f"{text!r} is stored {count} times"


def order(ledger: Ledger) -> Iterator[str]:
    """Each message has a place of its own. What began after another was answered has a later place."""
    places = Counter(one.seq for one in ledger.messages.values())
    yield from (f"two messages have the place {seq}" for seq, count in places.items() if count > 1)
    done = [(act, made[0]) for act in ledger.sent if act.is_done and (made := ledger.made_by(act))]
    by_end = sorted(done, key=lambda pair: pair[0].ended)
    latest: tuple[Act, Stored] | None = None
    for act, message in sorted(done, key=lambda pair: pair[0].begun):
        while by_end and by_end[0][0].ended < act.begun:
            answered = by_end.pop(0)
            if latest is None or answered[1].seq > latest[1].seq:
                latest = answered
        if latest and latest[1].seq > message.seq:
            yield f"{act} has the place {message.seq}, after {latest[0]} was answered at {latest[1].seq}"


def edits(ledger: Ledger) -> Iterator[str]:
    """Each acknowledged edit is the text after those that its author saw, and the only one there; other texts
    were never edits."""
    done = Counter(
        (act.about["message"], act.about["revision"]) for act in ledger.named("edit") if act.is_done
    )
    for (message, revision), count in done.items():
        if count > 1:
            yield f"{count} edits of message {message} were accepted whose author had seen {revision} before"
    written: dict[int, set[str]] = {pk: set() for pk in ledger.messages}
    for act in ledger.named("edit"):
        one, text = ledger.messages.get(act.about["message"]), act.about["content"]
        if one is None:
            yield f"{act} is of a message that is not there"
            continue
        if act.may_be_done:
            written[one.pk].add(text)
        place = act.about["revision"] + 1
        if act.is_done and not one.is_removed and one.texts[place : place + 1] != [text]:
            yield f"{act} is not text {place} of message {one.pk}: {one.texts}"
    for one in ledger.messages.values():
        if strange := set(one.texts[1:]) - written[one.pk]:
            yield f"message {one.pk} had texts that nobody wrote: {sorted(strange)}"


def removals(ledger: Ledger) -> Iterator[str]:
    """What was removed is gone with all its texts, and only that."""
    removers = _removers(ledger)
    for one in ledger.messages.values():
        if any(act.is_done for act in removers[one.pk]) and not one.is_removed:
            yield f"message {one.pk} ({one.text}) was removed, but is there"
        if one.is_removed and not any(act.may_be_done for act in removers[one.pk]):
            yield f"message {one.pk} is removed, but nobody removed it"
        if one.is_removed and any(one.texts):
            yield f"message {one.pk} is removed, but its texts are stored: {one.texts}"
    ends = {
        pk: min((act.ended for act in acts if act.is_done), default=NEVER) for pk, acts in removers.items()
    }
    for act in ledger.named("edit", "reply"):
        about = act.about["message" if act.name == "edit" else "parent"]
        if act.is_done and act.begun > ends.get(about, NEVER) and not _repeats(ledger, act):
            yield f"{act} was accepted after message {about} was removed"


def _removers(ledger: Ledger) -> dict[int, list[Act]]:
    """The attempts to remove each message, by its id."""
    removers: dict[int, list[Act]] = {pk: [] for pk in ledger.messages}
    for act in ledger.named("remove"):
        removers[act.about["message"]].append(act)
    return removers


def _repeats(ledger: Ledger, act: Act) -> bool:
    """Whether an earlier attempt may have been accepted before."""
    return len(act.attempts) > 1


def synced(ledger: Ledger) -> Iterator[str]:
    """In a run whose syncs are recorded, there is one between each request that was done and its answer.

    For a removal it may be that of an earlier one: a message that is removed is not written again.
    """
    removers = _removers(ledger)
    for act in ledger.named("send", "reply", "edit", "remove") if ledger.is_traced else ():
        same = removers[act.about["message"]] if act.name == "remove" else [act]
        begun = min(one.begun for one in same)
        if act.is_done and not any(begun <= at <= act.ended for at in ledger.syncs):
            yield f"{act} was answered before it was on the disk"


LAWS = (answers, durable, no_phantoms, order, edits, removals, synced)
