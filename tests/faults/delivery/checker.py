"""All laws, and what a history breaks of them."""

from itertools import islice

from tests.faults.delivery import laws_of_messages, laws_of_pages
from tests.faults.delivery.history import History
from tests.faults.delivery.ledger import Ledger

LAWS_OF_TABS = (laws_of_pages.every_moment, laws_of_pages.tabs, laws_of_pages.taken_away)
SHOWN = 5  # faults of each law


def faults(history: History) -> list[str]:
    """What is wrong in a history that has ended, each fault with the name of its law."""
    ledger = Ledger(history)
    laws = {law.__name__: law(ledger) for law in laws_of_messages.LAWS}
    laws |= {law.__name__: law(ledger) for law in (laws_of_pages.fresh_pages, laws_of_pages.unread)}
    laws |= {law.__name__: law(history, ledger) for law in LAWS_OF_TABS}
    laws["strangers"] = laws_of_pages.strangers(history)
    if ledger.final["database"]["intact"] != [["ok"]]:
        laws["intact"] = iter([f"the database says: {ledger.final['database']['intact']}"])
    return [f"{name}: {one}" for name, found in laws.items() for one in islice(found, SHOWN)]
