"""Why something was not fetched. The messages are for tests and are shown to nobody."""


class NotFetched(Exception):
    """Nothing was fetched. `may_retry` says whether a later try can succeed."""

    may_retry = True


class NotAllowed(NotFetched):
    """The address, or the answer, is not one that previews are made of. It will not be better later."""

    may_retry = False
