"""The people of an archive. Each nick becomes a new, inactive person, never an existing account."""

import re
import unicodedata
from collections.abc import Iterable

from django.contrib.auth.hashers import make_password

from messaging.models import User, UserGroup
from messaging.models.people.profile import USERNAME_LENGTH
from messaging.models.people.usernames import RESERVED

NICK = "nick:"


class ImportedPeople:
    """A mapping from a nick to the id of the person created for it, by this or an earlier import."""

    def __init__(self) -> None:
        known = User.objects.filter(external_id__startswith=NICK).values_list("external_id", "pk")
        self._ids = {external_id.removeprefix(NICK): pk for external_id, pk in known}
        handles = UserGroup.objects.all().existing().values_list("handle", flat=True)
        self._usernames = {*RESERVED, *handles, *User.objects.values_list("username", flat=True)}
        self._next_number: dict[str, int] = {}

    def __getitem__(self, nick: str) -> int:
        return self._ids[nick]

    def get(self, nick: str) -> int | None:
        """The id of the person, or None if nobody was created for this nick yet."""
        return self._ids.get(nick)

    def add(self, nicks: Iterable[str]) -> None:
        """Create the people who do not exist yet. Must be called in a transaction."""
        new = sorted(set(nicks) - self._ids.keys())
        if not new:
            return
        User.objects.bulk_create(
            [
                User(
                    username=self._free_username(nick),
                    display_name=nick,
                    external_id=NICK + nick,
                    is_active=False,
                    password=make_password(None),
                )
                for nick in new
            ]
        )
        created = User.objects.filter(external_id__in=[NICK + nick for nick in new])
        self._ids |= {name.removeprefix(NICK): pk for name, pk in created.values_list("external_id", "pk")}

    def _free_username(self, nick: str) -> str:
        plain = unicodedata.normalize("NFKD", nick).encode("ascii", "ignore").decode().lower()
        stem = re.sub(r"[^a-z0-9_.-]+", "-", plain).strip("-.") or "person"
        username = stem[:USERNAME_LENGTH]
        while username in self._usernames:
            number = self._next_number[stem] = self._next_number.get(stem, 1) + 1
            username = f"{stem[: USERNAME_LENGTH - 8]}-{number}"
        self._usernames.add(username)
        return username
