"""A temporary installation: it is filled and read by processes of its own, so the tests need no Django."""

import json
import subprocess
import sys
from typing import Any

from tests.served.processes import ROOT, outside

# Prints what the tests need to know of the database that it fills.
PREPARE = """
import json
from django.core.management import call_command
from django.test import Client
call_command("migrate", verbosity=0)
call_command("createcachetable", verbosity=0)
from django.conf import settings
from messaging.models import User
from tests.factories import RoomFactory
people = [User.objects.create_user(f"person{number}") for number in range(PEOPLE + STRANGERS)]
room = RoomFactory.create(name="Harbour", by=people[0], members=people[1:PEOPLE], is_private=STRANGERS > 0)
cookies = []
for person in people:
    client = Client()
    client.force_login(person)
    cookies.append(client.cookies[settings.SESSION_COOKIE_NAME].value)
cookies = [f"{settings.SESSION_COOKIE_NAME}={value}" for value in cookies]
print(json.dumps({"room": room.pk, "cookies": cookies, "csrf_name": settings.CSRF_COOKIE_NAME}))
"""


def prepare(environment: dict[str, str], people: int, strangers: int = 0) -> dict[str, Any]:
    """Migrate the database and create a room of so many people, who are called person0, person1, …

    Args:
        environment: says which database.
        strangers: how many people come after them who are not in the room, which is private then.

    Returns:
        The id of the `room`, the session `cookies` of all people, and the `csrf_name` of the token's cookie.
    """
    return run_in_shell(f"PEOPLE, STRANGERS = {people}, {strangers}\n{PREPARE}", environment)


def run_in_shell(code: str, environment: dict[str, str]) -> Any:
    """Run code in a Django shell of the installation; it prints JSON. Returns the value of that."""
    command = [sys.executable, str(ROOT / "manage.py"), "shell", "-v", "0", "-c", code]
    variables = outside() | {"PYTHONPATH": str(ROOT)} | environment
    done = subprocess.run(command, env=variables, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return json.loads(done.stdout)
