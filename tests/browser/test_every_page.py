"""Every page that a role can reach fits the screen, suits all readers, complains about nothing, wears our dress."""

from collections.abc import Callable, Iterator
from hashlib import sha256
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import Browser, Page

from tests import running_site
from tests.conftest import PASSWORD
from tests.crawl import crawl, kind_of
from tests.running_site import AXE, NARROW, WIDE

ACTORS = {
    "quantri": 18, "danhmuc": 15, "pheduyet": 12, "tiepnhan.caolanh": 8, "xuly.caolanh": 6, "lanhdao.caolanh": 16,
    "buudien.caolanh": 8, "kiemtra": 16,
}  # fmt: skip
"""Who looks, and how many kinds of pages they find at least: a crawl that sees nothing proves nothing."""

SMALLEST = {"width": 360, "height": 740}
GRAVE = ("serious", "critical")
STOCK = "/static/appbuilder/"
FINDINGS = """
async (rules) => (await axe.run(document, {resultTypes: ["violations"], ...rules})).violations.flatMap(
  (one) => one.nodes.map(
    (node) => [one.impact, one.id, node.target.join(" "), node.any.map((check) => check.message).join("; ")]
  )
)
"""
OVERFLOW = """
() => document.scrollingElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll("main *, header *")]
  .filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
  .slice(-3).map((one) => one.outerHTML.slice(0, 120))
"""


@pytest.fixture(scope="module")
def first_to_see(tmp_path_factory, worker_id) -> Callable[[tuple[str, frozenset[str]]], bool]:
    """Whether a kind of page has not been examined yet, by any role in any process: one page needs one look of axe."""
    base = tmp_path_factory.getbasetemp()
    seen = (base if worker_id == "master" else base.parent) / "examined"
    seen.mkdir(exist_ok=True)

    def claim(kind: tuple[str, frozenset[str]]) -> bool:
        route, asked = kind
        try:
            (seen / sha256(f"{route}?{sorted(asked)}".encode()).hexdigest()).touch(exist_ok=False)
        except FileExistsError:
            return False
        return True

    return claim


@pytest.fixture
def visitor(request: pytest.FixtureRequest, site: str, chromium: Browser) -> Iterator["Visitor"]:
    context = running_site.new_context(chromium, site, WIDE, bypass_csp=True, reduced_motion="reduce")
    page = context.new_page()
    running_site.sign_in(page, request.param, PASSWORD)
    yield Visitor(page)
    context.close()


class Visitor:
    """Somebody who looks at pages and writes down everything that is wrong with them."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.faults: list[str] = []
        page.on("console", lambda message: self.wrong(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.wrong(str(error)))
        page.on("request", lambda asked: self.wrong(f"stock file {asked.url}") if STOCK in asked.url else None)

    def wrong(self, what: str) -> None:
        self.faults.append(f"{urlsplit(self.page.url).path}: {what}")

    def opens(self, address: str) -> list[str]:
        """Open a page, look at it at every width, and return where it leads."""
        self.page.set_viewport_size(WIDE)
        answer = self.page.goto(address)
        if answer is None or answer.status >= 400:
            self.wrong(f"{address} answers {answer and answer.status}")
        for viewport in (WIDE, NARROW, SMALLEST):
            self.page.set_viewport_size(viewport)
            for element in self.page.evaluate(OVERFLOW):
                self.wrong(f"at {viewport['width']} px wider than the screen: {element}")
        self.page.set_viewport_size(WIDE)
        links = self.page.eval_on_selector_all(
            "a[href]", "found => found.flatMap(a => [a.getAttribute('href'), a.dataset.address || ''])"
        )
        return [urljoin(urlsplit(self.page.url).path, link).partition("#")[0] for link in links if link]

    def examines(self) -> None:
        """Let axe look at the page in the light and, for the contrast, in the dark theme."""
        self.page.add_script_tag(path=AXE)
        self.finds({})
        self.page.emulate_media(color_scheme="dark")
        self.finds({"runOnly": ["color-contrast"]})
        self.page.emulate_media(color_scheme="light")

    def finds(self, rules: dict[str, object]) -> None:
        for impact, rule, where, why in self.page.evaluate(FINDINGS, rules):
            if impact in GRAVE:
                self.wrong(f"axe {rule} ({impact}) at {where}: {why}")


@pytest.mark.skipif(not AXE.exists(), reason="chưa cài axe-core (npm ci)")
@pytest.mark.parametrize(("visitor", "at_least"), ACTORS.items(), indirect=["visitor"], ids=list(ACTORS))
def test_every_page_fits_is_accessible_and_complains_about_nothing_for(application, visitor, first_to_see, at_least):
    kinds = []
    for address in crawl(application, visitor.opens):
        kind = kind_of(application, address)
        kinds.append(kind)
        if first_to_see(kind):
            visitor.examines()
    assert visitor.faults == [], "\n".join(visitor.faults)
    assert len(kinds) >= at_least, kinds


@pytest.mark.skipif(not AXE.exists(), reason="chưa cài axe-core (npm ci)")
def test_the_login_and_a_page_that_is_not_there_are_accessible_too(site, chromium):
    context = running_site.new_context(chromium, site, bypass_csp=True, reduced_motion="reduce")
    visitor = Visitor(context.new_page())
    visitor.opens("/login/")
    visitor.examines()
    assert visitor.faults == []
    visitor.opens("/khong-co-trang-nay")
    visitor.examines()
    assert [fault for fault in visitor.faults if "404" not in fault] == []
    context.close()


@pytest.mark.skipif(not AXE.exists(), reason="chưa cài axe-core (npm ci)")
def test_a_form_full_of_errors_is_accessible_too(site, chromium):
    context = running_site.new_context(chromium, site, bypass_csp=True, reduced_motion="reduce")
    page = context.new_page()
    running_site.sign_in(page, "tiepnhan.caolanh", PASSWORD)
    page.goto("/reception/2.000815")
    page.get_by_role("button", name="Tiếp nhận hồ sơ", exact=True).click()
    page.locator("[data-error-summary]").wait_for()
    visitor = Visitor(page)
    visitor.examines()
    assert visitor.faults == []
    context.close()
