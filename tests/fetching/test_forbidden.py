"""Whatever URL a member links to, and wherever it redirects: no address is reached but that of a public host.

The servers are real. Those on 127.0.0.1 and ::1 note each connection; the port is allowed, so that nothing
but the address itself is the reason for a refusal.
"""

from unittest.mock import patch

import pytest

from messaging.fetching.addresses import is_of_this_machine, is_public
from messaging.fetching.errors import NotAllowed, NotFetched
from messaging.fetching.fetching import MAX_REDIRECTS, PAGE, PICTURE, fetch
from messaging.fetching.network import Network
from tests.fetching.forbidden import FORBIDDEN
from tests.fetching.web import PUBLIC, Web, page, redirect


@pytest.fixture
def web(web: Web) -> Web:
    """With names that lead inside, and a page that must not be asked for under other names."""
    web.names |= {
        "localhost": ["127.0.0.1", "::1"],
        "localhost.": ["127.0.0.1"],
        "here.example": ["127.0.0.1"],
        "here6.example": ["::1"],
        "mapped.example": ["::ffff:127.0.0.1"],
        "mixed.example": [PUBLIC, "127.0.0.1"],  # one of several is enough
        "metadata.example": ["169.254.169.254"],
    }
    web.pages["/"] = page()
    return web


def test_a_public_page_is_reached(web: Web) -> None:
    assert b"A page" in fetch(web.url("/"), PAGE, web).body
    assert len(web.requests) == 1


def test_the_first_mark_ends_the_host(web: Web) -> None:
    for path in ("#@127.0.0.1:PORT/", "?@127.0.0.1:PORT/..", "/@127.0.0.1:PORT/../"):
        web.pages[path.replace("PORT", str(web.port))] = page()
        fetch(web.url(path.replace("PORT", str(web.port))), PAGE, web)
    assert (web.reached, len(web.requests)) == ([], 3)


def test_nothing_forbidden_is_reached(web: Web) -> None:
    assert len(FORBIDDEN) >= 60
    for url in FORBIDDEN:
        with pytest.raises(NotAllowed):
            fetch(url.replace("PORT", str(web.port)), PAGE, web)
    assert (web.reached, web.requests) == ([], [])


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See", "307 Temporary", "308 Permanent"])
def test_no_redirect_leads_to_it(web: Web, status: str) -> None:
    for number, url in enumerate(FORBIDDEN):
        if url.startswith(("http://page.example", "http:\\")) or "://" not in url or "\n" in url:
            continue  # read as an address on the same site, or not sent in a header
        target = url.replace("PORT", str(web.port)).encode().decode("latin-1")
        web.pages[f"/{number}"] = redirect(target, status).decode().encode("latin-1")
        with pytest.raises(NotAllowed):
            fetch(web.url(f"/{number}"), PAGE, web)
    assert web.reached == []
    assert len(web.requests) > 60  # each only once


def test_chains_of_redirects_end(web: Web) -> None:
    for number in range(9):
        web.pages[f"/{number}"] = redirect(f"/{number + 1}")
    web.pages["/9"] = page()
    web.pages["/loop"] = redirect("/loop")
    web.pages["/inside"] = redirect("/then")
    web.pages["/then"] = redirect(web.url("/", "here.example"))
    web.pages["/empty"] = redirect("")
    for path, number in (("/0", 4), ("/loop", 4), ("/inside", 2), ("/empty", 4)):
        web.requests.clear()
        with pytest.raises(NotAllowed):
            fetch(web.url(path), PAGE, web)
        assert len(web.requests) == number
    assert b"A page" in fetch(web.url(f"/{9 - MAX_REDIRECTS}"), PAGE, web).body
    assert web.reached == []


def test_a_name_is_resolved_once(web: Web) -> None:
    """Checked, and connected to: the same answer. The next answer is asked for at the next redirect alone."""
    web.names["turns.example"] = [[PUBLIC], ["127.0.0.1"]]
    assert b"A page" in fetch(web.url("/", "turns.example"), PAGE, web).body
    assert web.asked == ["turns.example"]
    web.names["turns.example"] = [[PUBLIC], ["127.0.0.1"]]
    web.pages["/again"] = redirect("/")
    with pytest.raises(NotAllowed):
        fetch(web.url("/again", "turns.example"), PAGE, web)
    assert web.reached == []


def test_pictures_are_fetched_in_the_same_way(web: Web) -> None:
    for url in FORBIDDEN:
        with pytest.raises(NotAllowed):
            fetch(url.replace("PORT", str(web.port)), PICTURE, web)
    assert (web.reached, web.requests) == ([], [])


def test_the_environment_names_no_proxy(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{web.port}")
    fetch(web.url("/"), PAGE, web)
    assert (web.reached, len(web.requests)) == ([], 1)


def test_nobody_is_named_in_a_request(web: Web) -> None:
    web.pages["/cookie"] = redirect("/", "302 Found").replace(b"\r\n\r\n", b"\r\nSet-Cookie: a=b\r\n\r\n")
    fetch(web.url("/cookie?q=1#part"), PAGE, web)
    assert web.requests[0].splitlines() == [
        "GET /cookie?q=1 HTTP/1.1",
        f"Host: page.example:{web.port}",
        "User-Agent: Parley (link previews)",
        "Accept: text/html",
        "Accept-Encoding: gzip",
        "Connection: close",
        "",
    ]
    assert "cookie" not in web.requests[1].lower()


def test_public_addresses() -> None:
    assert all(map(is_public, ("1.1.1.1", "93.184.215.14", "172.32.0.1", "2606:4700::1111", "2a00:1450::1")))
    assert not any(map(is_public, ("", "localhost", "1.1.1", "fe80::1%lo", "2a00:1450::1%lo", "01.1.1.1")))


def test_an_address_of_this_machine_is_not_allowed() -> None:
    assert is_of_this_machine("127.0.0.1")
    assert is_of_this_machine("::1")
    with patch("messaging.fetching.network.is_public", return_value=True):
        assert not Network().is_allowed("127.0.0.1")
    assert not is_of_this_machine("192.0.2.1")


def test_ports_and_names_of_the_real_network() -> None:
    assert Network.ports == {80, 443}
    with pytest.raises(NotFetched):
        fetch("http://nobody.invalid/", PAGE, Network())
