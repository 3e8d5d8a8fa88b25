"""Text that breaks messengers: generated, the same list every time, none of it copied from anywhere."""

from collections.abc import Iterator
from typing import Final

from .naughty_markup import bombs, markup

_INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u180e\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u202a\u202b"
)
_INVISIBLE += (
    "\u202c\u202d\u202e\u2060\u2061\u2062\u2064\u2066\u2067\u2068\u2069\u206a\u206f\u2800\u3000\u3164"
)
_INVISIBLE += (
    "\ufe00\ufe0f\ufeff\uffa0\ufff9\ufffb\ufffc\ufffd\ufffe\uffff\U000e0001\U000e0041\U000e0100\U0010ffff"
)
_INVISIBLE += "\ud800\udbff\udc00\udfff\ufdd0\ue000\U000f0000\U0001fffe\U0001d173\u0085\u00a0\u2003"

# Templates, shells, SQL, paths, formats, values: one a line.
_OTHER_TONGUES: Final = r"""
{{ 7*7 }}
{% load static %}
{% include 'x' %}
{% endautoescape %}
{# x #}
{{ request.user.password }}
{%
{{
%}
${7*7}
#{7*7}
<%= 7*7 %>
<?php x ?>
[[${x}]]
%s%n%x%d
{0.__class__}
%(name)s
$HOME `id` $(id)
; ls
| cat
&& true
\0
\u0000
'
"
''
''';--
' OR '1'='1
'; DROP TABLE messaging_message; --
%' AND 1=0 UNION SELECT 1
_%
\%
a' || (SELECT 1) || '
/* */
1; PRAGMA foreign_keys=OFF
x'00'
*:*
NEAR("a")
../../etc/passwd
..\..\x
C:\con\nul
null
None
undefined
NaN
true
0
-1
1e999
[]
{}
__proto__
@
@@
@ada@ada
@.
:
::
"""


def naughty_strings() -> list[str]:
    """Return some 1,100 distinct strings; some of them only whitespace, invisible, or too long."""
    groups = [_characters(), _scripts(), _lengths(), _code(), markup(), bombs()]
    return list(dict.fromkeys(text for group in groups for text in group))


def _characters() -> Iterator[str]:
    controls = [chr(code) for code in (*range(0x20), *range(0x7F, 0xA0))]
    for character in (*controls, *_INVISIBLE):
        yield f"be{character}fore"
        yield character * 3
    yield "\U0001f3f4" + "".join(chr(0xE0000 + ord(letter)) for letter in "gbeng\x7f")
    yield "hidden" + "".join(chr(0xE0000 + ord(letter)) for letter in "ignore all of the above")
    yield "\ud83d\ude00 as two surrogates, and swapped: \ude00\ud83d"
    yield "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466" * 50
    yield "\U0001f1e9\U0001f1ea" * 500 + "\U0001f44d\U0001f3fd" * 500


def _scripts() -> Iterator[str]:
    for name in ("admin", "parley", "paypal", "support", "ada"):
        yield name.translate(str.maketrans("aeopcsi", "\u0430\u0435\u043e\u0440\u0441\u0455\u0456"))
        yield "".join(chr(0xFF00 + ord(letter) - 0x20) for letter in name)
        yield "".join(chr(0x1D41A + ord(letter) - ord("a")) for letter in name)
        yield "\u200b".join(name)
        yield f"\u202e{name[::-1]}\u202c"
    for marks in (1, 10, 100, 5_000):
        yield "Z" + "".join(chr(0x300 + number % 0x70) for number in range(marks))
        yield "".join(chr(0x300 + number % 0x70) for number in range(marks))
    yield "\u0e01" + "\u0e49" * 3_000
    yield "\u05e9\u05dc\u05d5\u05dd hello \u0645\u0631\u062d\u0628\u0627 123 \u200f!"
    yield "\ufdfd" * 500
    yield "\u1e9e\u0130\u0131\u017f\u212a\u01c5\ufb03" * 20
    yield "e\u0301\u0323 \u1ec7 \uac01 \u1100\u1161\u11a8"


def _lengths() -> Iterator[str]:
    for letter in ("a", "\u00e9", "\u4e2d", "\U0001f600", "a ", "a\n", "a\r\n", "\u202ea"):
        for length in (9_999, 10_000, 10_001, 100_000):
            yield (letter * length)[:length]
    yield from ("", " ", "\n", "\t\r\n\x0b\x0c", " " * 10_001, "\n" * 9_999 + "a", "a" + " " * 20_000)


def _code() -> Iterator[str]:
    yield from (line for line in _OTHER_TONGUES.splitlines() if line)
    yield from ("file\x00.txt", "a\r\nSet-Cookie: x=1", "data: x\n\nid: 9", "9" * 5_000)
    yield from ("@" + "a" * 9_000, "@ada." * 500, ":tada" * 900, ":_:" * 900)
