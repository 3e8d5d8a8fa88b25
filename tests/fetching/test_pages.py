"""What a page says about itself, in every charset, and where it says it."""

import pytest

from messaging.fetching.page_reader import read
from messaging.fetching.pages import PageInfo, fetch_page
from tests.fetching.web import Web, answer, page, redirect


def meta(name: str, content: str, key: str = "property") -> str:
    return f'<meta {key}="{name}" content="{content}">'


def test_open_graph_comes_before_cards_and_these_before_html() -> None:
    everything = (
        "<TITLE>Plain</TITLE>"
        + meta("description", "plain", "name")
        + meta("twitter:title", "Card", "name")
        + meta("twitter:description", "card", "name")
        + meta("twitter:image", "/card.png", "name")
        + meta("og:title", "")
        + meta("OG:Title", "Graph &amp; more")
        + meta("og:title", "Second")
        + meta("og:description", "graph")
        + meta("og:site_name", "Site")
        + meta("og:image", "/graph.png")
    )
    found = {"title": "Graph & more", "description": "graph", "site_name": "Site", "picture": "/graph.png"}
    assert read(everything.encode()) == found
    cards = {"title": "Card", "description": "card", "picture": "/card.png"}
    assert read(everything.encode().replace(b"og:", b"x:").replace(b"OG:", b"x:")) == cards
    assert read(b"<title>A\n <b>b</title>") in ({"title": "A\n b"}, {"title": "A\n <b>b"})


def test_only_the_head_is_read() -> None:
    assert read(b"<p>x<title>A</title>" + meta("og:title", "B").encode()) == {"title": "B"}
    assert read(b"<title>A</title></head>" + meta("og:title", "B").encode()) == {"title": "A"}
    assert read(b"<title>A</title><body>" + meta("og:title", "B").encode()) == {"title": "A"}
    assert read(b"<title>A</title><svg><title>B</title></svg>") == {"title": "A"}
    assert read(b"<script>'<title>A</title>'</script><!-- <title>B</title> -->") == {}
    assert read(b"<title>" + b"a" * 9000)["title"] == "a" * 3000
    assert read(meta("title", "A", "name").encode()) == {}


@pytest.mark.parametrize(
    ("body", "charset"),
    [
        ("<title>Grüße €</title>".encode(), "utf-8"),
        ("<title>Grüße €</title>".encode(), ""),
        ("<title>Grüße €</title>".encode("cp1252"), "iso-8859-1"),
        ("<title>Grüße €</title>".encode("cp1252"), "us-ascii"),
        ("<meta charset=windows-1252><title>Grüße €</title>".encode("cp1252"), ""),
        ("<meta charset='windows-1252'><title>Grüße €</title>".encode("cp1252"), "no-such"),
        (
            '<meta http-equiv="content-type" content="text/html; charset=iso-8859-15">'
            "<title>Grüße €</title>".encode("iso-8859-15"),
            "",
        ),
        ("\ufeff<title>Grüße €</title>".encode("utf-16-le"), "utf-8"),
        ("\ufeff<title>Grüße €</title>".encode("utf-16-be"), "iso-8859-1"),
        ("\ufeff<title>Grüße €</title>".encode(), "shift_jis"),
    ],
)
def test_charsets(body: bytes, charset: str) -> None:
    assert read(body, charset) == {"title": "Grüße €"}


@pytest.mark.parametrize(
    "charset", ["utf-8", "utf-7", "unicode_escape", "punycode", "hex", "zlib", "../x", "idna"]
)
def test_a_wrong_charset_is_no_error(charset: str) -> None:
    """Letters that are no letters in it are replaced; what browsers do not know is not used."""
    assert read("<title>Gr\xfc\xdfe +ADw- \\x3c</title>".encode("latin-1"), charset) == {
        "title": "Gr\ufffd\ufffde +ADw- \\x3c"
    }


def test_the_picture_is_found_from_the_page(web: Web) -> None:
    web.pages["/from"] = redirect("/deep/page")
    web.pages["/deep/page"] = page("Deep", meta("og:image", "pic ture.png?a=1&amp;b=é"))
    found = fetch_page(web.url("/from"), web)
    assert found == PageInfo("Deep", picture=web.url("/deep/pic%20ture.png?a=1&b=%C3%A9"))


@pytest.mark.parametrize("charset", ["'; rm -rf /", "utf-8; charset=utf-16", "é", "-I", "a" * 5000, "\x01"])
def test_the_charset_of_the_server_is_no_argument_of_its_own(web: Web, charset: str) -> None:
    web.pages["/"] = answer(b"<title>Safe</title>", kind=f'text/html; charset="{charset}"')
    assert fetch_page(web.url("/"), web).title == "Safe"
