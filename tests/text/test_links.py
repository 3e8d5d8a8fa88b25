"""Which addresses become links, and where an address ends."""

import pytest

from messaging.text import render

REL = 'rel="noopener noreferrer nofollow ugc"'


def link(address: str, text: str | None = None, direction: str = ' dir="ltr"') -> str:
    return f'<a href="{address}"{direction} {REL}>{text or address}</a>'


@pytest.mark.parametrize(
    ("content", "address", "after"),
    [
        ("https://a.example/b，然后", "https://a.example/b", "，然后"),
        ("https://a.example/b。好", "https://a.example/b", "。好"),
        ("https://a.example/b）吗", "https://a.example/b", "）吗"),
        ("https://a.example/b、c", "https://a.example/b", "、c"),
        ("https://a.example/b؟", "https://a.example/b", "؟"),
        ("https://a.example/b।", "https://a.example/b", "।"),
        ("https://a.example/b”", "https://a.example/b", "”"),
        ("https://a.example/b…", "https://a.example/b", "…"),
        ("https://a.example/b.", "https://a.example/b", "."),
        ("https://a.example/b_(c)", "https://a.example/b_(c)", ""),
    ],
)
def test_punctuation_behind_an_address_belongs_to_the_sentence(
    content: str, address: str, after: str
) -> None:
    assert render(content) == f"<p>{link(address)}{after}</p>"


def test_letters_of_every_script_stay_in_a_path() -> None:
    assert (
        render("看https://a.example/路径。")
        == f"<p>看{link('https://a.example/%E8%B7%AF%E5%BE%84', 'https://a.example/路径')}。</p>"
    )


@pytest.mark.parametrize(
    "address",
    [
        "http://[2001:db8::1]:8080/x",
        "http://[::1]/",
        "http://build_server/x",
        "http://a_b.example.com:81/c",
        "http://localhost:8000/a",
        "http://nas/",
        "https://user:word@a.example/",
    ],
)
def test_hosts_of_every_kind_are_linked(address: str) -> None:
    assert render(f"see {address} now") == f"<p>see {link(address)} now</p>"


@pytest.mark.parametrize(
    "content",
    [
        "git@github.com:foo/bar.git",
        "root@example.com:/etc/hosts",
        "deploy@example.com/srv",
        "ssh://git@github.com/x",
        "postgres://user:word@db.example.com/x",
        "http://[zz]/",
    ],
)
def test_remote_paths_and_other_schemes_are_no_links(content: str) -> None:
    assert render(content) == f"<p>{content}</p>"


def test_colon_behind_an_email_address_belongs_to_the_sentence() -> None:
    assert render("ada@example.com: hi") == f"<p>{link('mailto:ada@example.com', 'ada@example.com')}: hi</p>"


@pytest.mark.parametrize(
    ("content", "html"),
    [
        ("_https://a.example/x_ done", f"<p><em>{link('https://a.example/x')}</em> done</p>"),
        ("_see https://a.example/x_", f"<p><em>see {link('https://a.example/x')}</em></p>"),
        ("**https://a.example/x**", f"<p><strong>{link('https://a.example/x')}</strong></p>"),
        ("~~https://a.example/x~~", f"<p><s>{link('https://a.example/x')}</s></p>"),
        ("_a_ https://a.example/x_", f"<p><em>a</em> {link('https://a.example/x_')}</p>"),
        ("https://a.example/_x_y_", f"<p>{link('https://a.example/_x_y_')}</p>"),
    ],
)
def test_emphasis_around_an_address_ends_behind_it(content: str, html: str) -> None:
    assert render(content) == html


@pytest.mark.parametrize(
    ("target", "address"),
    [
        ("www.example.com", "http://www.example.com"),
        ("example.com/x", "http://example.com/x"),
        ("ada@example.com", "mailto:ada@example.com"),
        ("http://[::1]/x", "http://[::1]/x"),
    ],
)
def test_target_without_a_scheme_is_linked_where_bare_text_would_be(target: str, address: str) -> None:
    assert render(f"[z]({target})") == f"<p>{link(address, 'z', '')}</p>"


@pytest.mark.parametrize(
    "target", ["main.py", "/people/1/", "//a.example", "javascript:x@example.com:1", "x"]
)
def test_other_targets_are_no_links(target: str) -> None:
    assert ">z</a>" not in render(f"[z]({target})")
