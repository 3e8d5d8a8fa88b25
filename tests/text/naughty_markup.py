"""Markup that breaks messengers: HTML, htmx and Markdown, generated."""

import random
from collections.abc import Callable, Iterator
from html import escape
from itertools import product
from typing import Final
from urllib.parse import quote

_SEED: Final = 20_260_101
_SAMPLE: Final = 330


def _words(text: str) -> list[str]:
    return text.split()


_TAGS = _words(
    "a img svg math script iframe object embed form input button video audio body style link meta base"
    " marquee template isindex x-y svg><set svg><animate svg><use svg><foreignObject><p math><mtext"
    " math><maction noscript><p select><option table><td details"
)
_EVENTS = _words("onclick onload onerror onfocus onmouseover ontoggle onbegin onanimationstart onpointerdown")
_ADDRESSES = _words("href src xlink:href action formaction srcdoc data poster style background")
_HTMX = _words(
    "hx-get hx-post hx-trigger hx-on:click hx-vals hx-target hx-swap-oob hx-ext hx-include hx-preserve"
)
_SCHEMES = ["java\tscript:", "java\nscript:", "\x01javascript:", "\u202ejavascript:"]
_SCHEMES += _words(
    "javascript: JaVaScRiPt: vbscript: data:text/html, data:image/svg+xml, blob: //evil.example/"
)
_SCHEMES += _words(
    "about: file:/// view-source: intent: javascript&colon; javascript&#58; javascript%3A feed:javascript:"
)

_ENCODINGS: list[Callable[[str], str]] = [
    str,
    str.upper,
    escape,
    quote,
    lambda text: "".join(f"&#{ord(letter)};" for letter in text),
    lambda text: "".join(f"&#x{ord(letter):x}" for letter in text),
    lambda text: text.replace("<", "\uff1c").replace(">", "\uff1e"),
    lambda text: text.replace("<", "\\x3c").replace(">", "\\x3e"),
    lambda text: text.replace(" ", "/"),
    lambda text: "\x00".join(text),
]


def markup() -> Iterator[str]:
    """Yield HTML, htmx attributes and elements, and links, some 600."""
    yield from _html()
    yield from _htmx()
    yield from _markdown_links()


def _html() -> Iterator[str]:
    shapes = [
        '<{tag} {event}="alert(1)">x',
        "<{tag} {event}=alert(1)//",
        "<{tag} {address}='{scheme}alert(1)'>x</{tag}>",
        '"><{tag}/{event}=`alert(1)`>',
        "<!--><{tag} {address}={scheme}alert(1)>-->",
        "</p></textarea></title></style><{tag} {event}=alert(1)>",
        "<{tag}\n{event}\n=\nalert(1)\n>",
        "<<{tag}>{tag} {event}=alert(1) id=app class=mention data-author=1 style=position:fixed>",
        "<![CDATA[<{tag} {event}=alert(1)>]]>",
    ]
    chance = random.Random(_SEED)
    for number in range(_SAMPLE):
        words = {"tag": _TAGS, "event": _EVENTS, "address": _ADDRESSES, "scheme": _SCHEMES}
        filling = {name: chance.choice(choices) for name, choices in words.items()}
        yield chance.choice(_ENCODINGS)(shapes[number % len(shapes)].format(**filling))
    yield "<script>alert(1)</script>"
    yield '<svg><style><img src=x onerror="alert(1)"></style></svg>'
    yield '<math><mi><mglyph><style><img title="</style><img src=x onerror=alert(1)>">'
    yield '<span class="mention">@ada</span><span class="k">x</span>'


def _htmx() -> Iterator[str]:
    for name, prefix in product(_HTMX, ("", "data-")):
        yield f'<div {prefix}{name}="/messages/1/delete/">x</div>'
        yield f'[x](http://a.example "{prefix}{name}=/x")'
        yield f'```py" {prefix}{name}="/x\ncode\n```'
    yield '<hx-partial hx-target="body"><p>gone</p></hx-partial>'
    yield '<hx-upsert id="m-1">x</hx-upsert>'
    yield '<div id="m-1" hx-swap-oob="outerHTML">x</div>'
    yield "`<hx-partial>` **<hx-partial>** [<hx-partial>](http://a.example/<hx-partial>)"


def _markdown_links() -> Iterator[str]:
    shapes = [
        "[x]({0}alert(1))",
        "[x](<{0}alert(1)>)",
        "![x]({0}alert(1))",
        "<{0}alert(1)>",
        "[x]: {0}alert(1)\n\n[x]",
    ]
    shapes += ["[![a]({0}b)]({0}c)", "{0}alert(1)", '[x](http://a.example/"onclick="{0}alert(1))']
    for shape, scheme in product(shapes, _SCHEMES):
        yield shape.format(scheme)
    for address in (
        "http://[::1",
        "http://a.example\\@b.example",
        "https://a:b@c.example",
        "http://\u0430.example",
    ):
        yield f"[x]({address}) <{address}> {address}"
    for reference in (
        "&#0;",
        "&#8238;",
        "&#xD800;",
        "&#x110000;",
        "&zwj;",
        "&lt;b&gt;",
        "&#64;ada",
        "&NewLine;- x",
    ):
        yield f"a {reference} [b{reference}](http://a.example/{reference})"
    yield "http://a.example/%E2%80%AE/%00/%0d%0aSet-Cookie:x=1"
    yield "https://xn--80ak6aa92e.com and mailto:a@b.example?bcc=c@d.example"


def bombs() -> Iterator[str]:
    """Yield text of 10,000 characters that makes a Markdown parser or a highlighter slow."""
    words = (
        "[ ] ( * _ ` ~ > # | & < ! ![ [[ ]( ** *a_ a* `a ``a` ~~a |- |a <a: <http://a> (http://a.de/( a. a+"
    )
    words += " www. :// &#1; :tada: [a](b [a](<b ![a](b) [a]( ]() a@b.de"
    lines = [
        "> ",
        "- ",
        "1. ",
        "\n|",
        "\n>",
        "\n- ",
        "\n\n- ",
        "\n1. ",
        "\n```\n",
        "\n    a",
        "\t",
        "> - ",
        "a\n",
        "a ",
    ]
    lines += ["\n> ```java\n://", "*a **a ", "a** a* ", "[a](b 'c", "a@b.de ", "http://a.de ", "\\"]
    for mark in (*words.split(), *lines):
        yield (mark * 10_000)[:10_000]
        yield ("a" + mark + " b") * 50
    yield "|".join("a" * 2_000) + "\n" + "|".join("-" * 2_000) + "\na" * 1_000
    for language in ("java", "c", "python", "html", "r", "sql", "nonsense"):
        for body in ("a a a ", "\n ", "_", "'", "<a "):
            yield f"```{language}\n" + (body * 10_000)[:9_900] + "\n```"
            yield f"```{language}\n" + (body * 2_000)[:1_900] + "\n```"
