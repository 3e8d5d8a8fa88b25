"""Why something was not fetched. The messages are for tests and are shown to nobody."""


class NotFetched(Exception):
    """Nothing was fetched. `may_retry` says whether a later try can succeed."""

    may_retry = True


class NotAllowed(NotFetched):
    """No preview can be made of this address or answer, and a later try would not help."""

    may_retry = False
