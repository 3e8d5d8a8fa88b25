"""More than a thousand generated XSS payloads; the same on every run.

{elements of HTML, SVG, MathML and htmx} x {event attributes} x {schemes} x {encodings} x {contexts}, a
seeded choice of them. Whatever one of them starts calls `alert` or asks for an address with `canary` in it.
"""

import random
from collections.abc import Callable

from django.core.exceptions import ValidationError

from messaging.text import clean_text

NUMBER = 1_200

ELEMENTS = [
    *("img", "svg", "math", "video", "audio", "iframe", "object", "embed", "input", "button", "form"),
    *("details open", "select", "textarea", "body", "div", "a", "table", "marquee", "style", "link", "meta"),
    *("base", "template", "noscript", "xmp", "title", "svg><animate", "svg><set", "svg><use", "svg><image"),
    *("svg><foreignObject><img", "math><mtext><img", "math><maction", "picture><source", "video><source"),
    *("keygen", "isindex", "dialog open", "slot", "portal", "frameset", "x-y", "hx-partial", "hx-upsert"),
]
EVENTS = [
    *("onerror", "onload", "onfocus autofocus", "ontoggle", "onbegin", "onstart", "onmouseover", "onclick"),
    *("onanimationstart", "onpointerenter", "onpageshow", "onhashchange", "onscrollend", "onbeforetoggle"),
    *("hx-on:load", "hx-on::before-request", "onsecuritypolicyviolation", "ontransitionend"),
]
SCHEMES = [
    *("javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", "&#106;avascript:alert(1)"),
    *("javascript&colon;alert(1)", " javascript:alert(1)", "\x01javascript:alert(1)", "vbscript:alert(1)"),
    *("data:text/html,<script>alert(1)</script>", "data:image/svg+xml,<svg onload=alert(1)>", "blob:canary"),
    *("//canary.test/", "/canary", "https://canary.test/x", "file:///canary", "\\\\canary.test\\x"),
]
ATTRIBUTES = [
    *(
        "src={}",
        "href={}",
        "xlink:href={}",
        "action={}",
        "formaction={}",
        "data={}",
        "poster={}",
        "srcset={}",
    ),
    *(
        "style=background:url({})",
        "srcdoc='<script>alert(1)</script>'",
        "http-equiv=refresh content=0;url={}",
    ),
    *("hx-get={} hx-trigger=load", "data-hx-get={} data-hx-trigger=load", "hx-swap-oob=innerHTML:#main"),
    *("hx-target=body hx-get={}", "id=main class=notices", "hx-boost=true href={}", "background={}"),
]


def _entities(text: str) -> str:
    return "".join(f"&#{ord(letter)};" for letter in text)


ENCODINGS: list[Callable[[str], str]] = [
    str,
    str,
    str,
    str.upper,
    _entities,
    lambda text: text.replace("<", "&lt;").replace(">", "&gt;"),
    lambda text: text.replace("<", "%3C").replace(">", "%3E"),
    lambda text: text.replace("<", "\\u003c").replace(">", "\\u003e"),
    lambda text: text.replace("<", "\uff1c").replace(">", "\uff1e"),
    lambda text: text.replace(" ", "/"),
    lambda text: text.replace(" ", "\n"),
    lambda text: text.replace(" ", "\x0c"),
    lambda text: text.replace("=", " = "),
    lambda text: text.replace(">", ""),
    lambda text: text.replace("<", "<<"),
    lambda text: text.replace("<", "<\u200b"),
]
CONTEXTS = [
    *("{}", "{}", "{}", '">{}', "'>{}", "--><!-- {}", "]]>{}", "`{}`", "```html\n{}\n```", "    {}"),
    *("</textarea>{}", "</title>{}", "</script>{}", "</style>{}", "</template></div></article>{}"),
    *("[{}](https://a.test)", '[a](https://a.test "{}")', "[a](<{}>)", "[a]({})", "![{}](/canary)"),
    *("![a](https://canary.test/x)\n{}", "# {}", "- {}\n  - {}", "- [x] {}", "> {}", "|a|b|\n|-|-|\n|{}|{}|"),
    *(
        "<https://a.test/{}>",
        ":{}:",
        "@ada{}",
        "[r]: {}\n[a][r]",
        "**{}**",
        "~~{}~~",
        "1. {}\n\n{{{{ {} }}}}",
    ),
]


def payloads(number: int = NUMBER) -> list[str]:
    """That many different texts."""
    chance = random.Random(7)
    found: dict[str, None] = {}
    while len(found) < number:
        scheme = chance.choice(SCHEMES)
        tag = f"<{chance.choice(ELEMENTS)} {chance.choice(EVENTS)}=alert(1) "
        tag += f"{chance.choice(ATTRIBUTES).format(scheme)}>canary"
        core = chance.choice([tag, tag, tag, tag, "<script>alert(1)</script>", scheme])
        encoded = chance.choice(ENCODINGS)(core)
        found[chance.choice(CONTEXTS).replace("{{", "{").replace("}}", "}").replace("{}", encoded)] = None
    return list(found)


def cleaned_lines(texts: list[str], length: int) -> list[str]:
    """The texts as a one-line field of `length` characters stores them, without those that it refuses."""
    stored: dict[str, None] = {}
    for text in texts:
        try:
            stored[clean_text(text[:length], max_length=length, single_line=True)] = None
        except ValidationError:
            continue
    return list(stored)
