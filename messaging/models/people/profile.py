"""How a person is shown: the name, and the initials that stand for a picture."""

from messaging.text import clean_text

NAME_LENGTH = 80
USERNAME_LENGTH = 64


def clean_name(name: str) -> str:
    """A display name as it is stored; "" for none.

    Raises:
        ValidationError: it is too long, or has nothing that can be seen.
    """
    return clean_text(name, max_length=NAME_LENGTH, single_line=True) if name.strip() else ""


def initials(name: str, username: str) -> str:
    """One or two letters that stand for the person where there is no picture."""
    words = [word for word in name.split() if word[0].isalnum()] or [username]
    return (words[0][0] + words[-1][0] if len(words) > 1 else words[0][:2]).upper()
