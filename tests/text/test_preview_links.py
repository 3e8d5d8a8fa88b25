"""Of which links of a message previews are shown."""

import pytest

from messaging.text import render
from messaging.text.preview_links import MAX_PREVIEWED, host_of, preview_links

OWN = "chat.example.org"


@pytest.mark.parametrize(
    ("content", "links"),
    [
        ("no link", []),
        ("https://a.example/b?c=1&d=2#e", ["https://a.example/b?c=1&d=2#e"]),
        ("[words](http://a.example/) and www.b.com", ["http://a.example/", "http://www.b.com"]),
        ("> quoted https://a.example/\n\nhttps://b.example/", ["https://b.example/"]),
        ("- one\n  - https://a.example/", ["https://a.example/"]),
        ("**https://a.example/** [`code`](https://b.example/)", ["https://a.example/", "https://b.example/"]),
        (
            "`https://a.example/` and ||https://b.example/ `x`|| then https://c.example/",
            ["https://c.example/"],
        ),
        ("```\nhttps://a.example/\n```\n    https://b.example/", []),
        ("```python\n'https://a.example/'\n```", []),
        ("mailto:ada@a.example ada@a.com @ada ftp://a.example/", []),
        (f"https://{OWN}/conversations/7/ and http://{OWN.upper()}:8000/", []),
        ("https://a.example/ https://a.example/#two https://a.example/", ["https://a.example/"]),
        ("https://bücher.com/", ["https://xn--bcher-kva.com/"]),
        ("![picture](https://a.example/x.png)", ["https://a.example/x.png"]),
    ],
)
def test_links_of_a_message(content: str, links: list[str]) -> None:
    assert preview_links(render(content, {"ada": 7}), OWN) == links


def test_the_first_links_alone() -> None:
    links = [f"https://{letter}.example/" for letter in "abcdef"]
    assert preview_links(render(" ".join(links)), OWN) == links[:MAX_PREVIEWED]
    assert preview_links(render(f"https://{OWN}/ " + " ".join(links)), OWN) == links[:MAX_PREVIEWED]


def test_host_of_a_link() -> None:
    hosts = [host_of(url) for url in ("https://Ada:x@A.example:8/b", "http://[::1]:8/", "http://[::1", "")]
    assert hosts == ["a.example", "::1", "", ""]
