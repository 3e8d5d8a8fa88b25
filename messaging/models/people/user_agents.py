"""What to call a browser in the list of one's sessions. It is for people; nothing is decided by it."""

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
    browser = next((name for sign, name in BROWSERS.items() if sign in user_agent), "A browser")
    system = next((f" on {name}" for sign, name in SYSTEMS.items() if sign in user_agent), "")
    return browser + system
