"""The name of a browser in the list of sessions. It is only shown; nothing depends on it."""

from django.utils.translation import gettext as _

BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "Firefox/": "Firefox",
    "FxiOS/": "Firefox",
    "CriOS/": "Chrome",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Macintosh": "Mac",
    "CrOS": "Chromebook",
    "Linux": "Linux",
}


def device_of(user_agent: str) -> str:
    """What a `User-Agent` says, in short: "Firefox on Windows". The first sign that is found counts: Edge and
    Chrome call themselves Safari too."""
    browser = next((name for sign, name in BROWSERS.items() if sign in user_agent), _("Unknown browser"))
    system = next((name for sign, name in SYSTEMS.items() if sign in user_agent), None)
    return _("%(browser)s on %(system)s") % {"browser": browser, "system": system} if system else browser
