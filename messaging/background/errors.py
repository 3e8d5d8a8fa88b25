"""What is kept of an exception: class and place. Its message and traceback can hold people's words."""

from traceback import walk_tb

from django.conf import settings

ROOT = f"{settings.BASE_DIR}/"


def describe(error: BaseException) -> tuple[str, str]:
    """The exception's class, and the last line of our own code that it came through, as `file:line`.

    Both at most 200 characters long. The place is empty where the exception was never raised.
    """
    lines = [(frame.f_code.co_filename, number) for frame, number in walk_tb(error.__traceback__)]
    ours = [line for line in lines if line[0].startswith(ROOT) and "site-packages" not in line[0]]
    file, number = (ours or lines or [("", 0)])[-1]
    place = f"{file.removeprefix(ROOT)}:{number}" if file else ""
    return f"{type(error).__module__}.{type(error).__qualname__}"[-200:], place[-200:]
