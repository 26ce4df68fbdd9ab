"""Walking through the pages as a person would by following links: each kind of page a few times, not each row."""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import parse_qsl, urlsplit

from flask import Flask
from werkzeug.exceptions import HTTPException

NO_PAGES = (".pdf", ".yaml", ".json", ".xlsx", "/file", "/source", "/canonical")
GENERATED = "/procedures/<code>/dossiers/"
STAY_AWAY = ("/static/", "/lang/", "/login/")
"""The language and the login stay as they are while somebody looks round."""


def kind_of(application: Flask, address: str) -> tuple[str, frozenset[str]] | None:
    """Return what kind of page an address is: its route and the names it asks with; None where it is no page."""
    parts = urlsplit(address)
    if parts.netloc or not parts.path or parts.path.endswith(NO_PAGES) or parts.path.startswith(STAY_AWAY):
        return None
    try:
        rule, _ = application.url_map.bind("").match(parts.path, method="GET", return_rule=True)
    except HTTPException:
        return (parts.path, frozenset())  # a broken link is a page to look at, and will be found broken
    names = frozenset(name for name, value in parse_qsl(parts.query) if value)
    # A generated list may be asked in every mixture of its fields: one of them is as good as another.
    return (rule.rule, frozenset({"asked"} if names else names) if rule.rule == GENERATED else names)


def crawl(
    application: Flask, links_of: Callable[[str], Iterable[str]], *, each: int = 1, most: int = 200
) -> Iterator[str]:
    """Visit pages breadth first from the home page; `links_of` opens one and returns the addresses on it."""
    seen: Counter[tuple[str, frozenset[str]]] = Counter()
    waiting, known = deque(["/"]), {"/"}
    while waiting and seen.total() < most:
        address = waiting.popleft()
        kind = kind_of(application, address)
        if kind is None or seen[kind] >= each:
            continue
        seen[kind] += 1
        for link in links_of(address):
            if link not in known:
                known.add(link)
                waiting.append(link)
        yield address
