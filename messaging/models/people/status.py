"""What a person says about themselves for a while: "At lunch", until two o'clock."""

from messaging.text import clean_text

STATUS_LENGTH = 100


def clean_status(status: str) -> str:
    """A status as it is stored; "" for none.

    Raises:
        ValidationError: it is too long, or has nothing that can be seen.
    """
    return clean_text(status, max_length=STATUS_LENGTH, single_line=True) if status.strip() else ""
