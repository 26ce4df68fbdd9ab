"""A running site for whole journeys: web server and job worker as processes, Chromium as people use it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from launcher.testing import TestServices
from tests import running_site
from tests.conftest import PASSWORD
from tests.province_at_work import keep_at_work
from tests.running_site import AT_WORK, CHROMIUM, SITE_DATABASE, WIDE


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the journeys, and skip them with the reason where there is no browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.timeout(240))
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="máy này chưa cài Chromium (apt-get install chromium)"))


@pytest.fixture(scope="session")
def site(application, services: TestServices, tmp_path_factory) -> Iterator[str]:
    """Start the site on a copy of the sample province and return its address."""
    keep_at_work(application, services)
    running_site.copy_database(services, AT_WORK, SITE_DATABASE)
    with running_site.serving(services, tmp_path_factory.mktemp("site")) as address:
        yield address


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, never a downloaded one."""
    with running_site.chromium_running() as browser:
        yield browser


@pytest.fixture
def faults() -> Iterator[list[str]]:
    """What pages complained about on the console; a journey with any is no journey."""
    found: list[str] = []
    yield found
    assert found == []


Enter = Callable[..., Page]
# htmx complains of a request that a newer one replaced, or whose page was left before the answer: both are meant.
REPLACED = ("htmx:afterRequest", "htmx:sendAbort")


def is_fault(message: ConsoleMessage) -> bool:
    """Whether a page complains on the console of something that went wrong."""
    return message.type == "error" and not message.text.startswith(REPLACED)


@pytest.fixture
def enter(site: str, chromium: Browser, faults: list[str]) -> Iterator[Enter]:
    """Log in as a demo user in a browser of their own and return the first page."""
    contexts: list[BrowserContext] = []

    def log_in(user_name: str, viewport: dict[str, int] = WIDE, **options) -> Page:
        context = running_site.new_context(chromium, site, viewport, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: faults.append(message.text) if is_fault(message) else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        running_site.sign_in(page, user_name, PASSWORD)
        return page

    yield log_in
    for context in contexts:
        context.close()
