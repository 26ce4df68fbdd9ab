"""The pictures of the documentation: the real site with the sample province, as the demo accounts see it."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page

from app.extensions import db
from app.factory import create_app
from app.services import sample
from app.storage.migration import upgrade
from app.storage.unit_of_work import unit_of_work
from config import settings_from
from launcher.testing import TestServices
from samples.workbook import write_sample_workbook
from tests.running_site import (
    CHROMIUM,
    ROOT,
    SITE_DATABASE,
    chromium_running,
    environment_of,
    new_context,
    publish_and_receive,
    serving,
    sign_in,
)

FOLDER = ROOT / "docs" / "pictures"
LARGEST = 150_000
PASSWORD = "mat-khau-thu-2026"
DESK = {"width": 1120, "height": 680}
PHONE = {"width": 390, "height": 780}


def main() -> int:
    """Make all pictures anew; return 1 where there is no browser to look with."""
    if CHROMIUM is None:
        sys.stderr.write("Cần Chromium để chụp ảnh (apt-get install chromium).\n")
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, TestServices.from_environment(os.environ) as services:
        prepare(services, Path(folder) / "var")
        with serving(services, Path(folder)) as address, chromium_running() as browser:
            for picture in PICTURES:
                picture(Photographer(browser, address, Path(folder)))
    return 0


def prepare(services: TestServices, data: Path) -> None:
    """Make the database of the site: the sample province, its procedures, its dossiers."""
    owner_url, _ = services.new_database(SITE_DATABASE)
    settings = settings_from(environment_of(services, SITE_DATABASE, data))
    upgrade(owner_url, settings.app_role)
    application = create_app(settings)
    with application.app_context():
        application.appbuilder.sm.make_roles()
        with unit_of_work() as work:
            sample.load_province(work, PASSWORD)
            work.commit()
        db.session.remove()
    publish_and_receive(application)


class Photographer:
    """Somebody who logs in, goes to a place and takes its picture."""

    def __init__(self, browser: Browser, address: str, folder: Path) -> None:
        self.browser = browser
        self.address = address
        self.folder = folder

    def enters(self, user_name: str, viewport: dict[str, int] = DESK, **options) -> Page:
        page = new_context(
            self.browser, self.address, viewport, color_scheme="light", reduced_motion="reduce", **options
        ).new_page()
        sign_in(page, user_name, PASSWORD)
        return page

    def takes(self, page: Page, name: str) -> None:
        page.wait_for_load_state("load")
        page.evaluate("document.activeElement && document.activeElement.blur()")
        page.evaluate("document.fonts.ready")
        keep(page.screenshot(animations="disabled", caret="hide"), name)
        page.context.close()


def keep(picture: bytes, name: str) -> None:
    """Write a picture; one that is too large for the documentation is an error, not a surprise."""
    if len(picture) > LARGEST:
        raise SystemExit(f"{name}.png: {len(picture)} bytes, more than {LARGEST}")
    (FOLDER / f"{name}.png").write_bytes(picture)


def first_dossier(page: Page, shelf: str) -> str:
    """Return the address of the first dossier on a pile."""
    page.goto(f"/dossiers/?shelf={shelf}")
    return page.locator("tbody a").first.get_attribute("href") or ""


def worklist(photographer: Photographer) -> None:
    page = photographer.enters("xuly.caolanh")
    page.goto("/dossiers/?shelf=all")
    photographer.takes(page, "worklist")


def dossier_beside_the_list(photographer: Photographer) -> None:
    page = photographer.enters("xuly.caolanh", {"width": 1280, "height": 600})
    page.goto("/dossiers/?shelf=todo")
    page.locator("tbody a[href^='/dossiers/']").nth(3).click()
    page.locator("#beside h2").first.wait_for()
    page.evaluate("window.scrollTo(0, 0)")
    photographer.takes(page, "dossier-beside-the-list")


def dossier_page(photographer: Photographer) -> None:
    page = photographer.enters("xuly.caolanh", {"width": 1280, "height": 620})
    page.goto(first_dossier(page, "mine"))
    photographer.takes(page, "dossier")


def reception_form(photographer: Photographer) -> None:
    page = photographer.enters("tiepnhan.caolanh", {"width": 1180, "height": 600})
    page.goto("/reception/2.000815")
    page.get_by_label("Họ, chữ đệm và tên").fill("Nguyễn Thị Minh Châu")
    page.get_by_label("Số định danh cá nhân").fill("087185001234")
    page.get_by_label("Ngày, tháng, năm sinh").fill("12/04/1985")
    page.get_by_label("Số điện thoại").fill("0912345678")
    page.get_by_label("Nơi cư trú").fill("Số 12 đường Nguyễn Huệ, phường Cao Lãnh")
    page.get_by_label("Tên giấy tờ").fill("Bằng tốt nghiệp đại học")
    page.get_by_label("Số trang bản chính").fill("10")
    page.get_by_label("Số bản sao").fill("3")
    page.get_by_label("Kết quả kiểm tra bản chính").select_option(label="Không có vi phạm")
    page.locator("#panel").get_by_text("36.000 đ").first.wait_for()
    page.get_by_text("Còn thiếu thông tin").wait_for(state="detached")
    page.locator("#panel details[data-why^=charge] summary").click()
    page.evaluate("window.scrollTo(0, 0)")
    photographer.takes(page, "reception")


def receipt(photographer: Photographer) -> None:
    """The first page of a receipt, where pdftoppm can draw it."""
    draw = shutil.which("pdftoppm")
    if draw is None:
        sys.stderr.write("pdftoppm (poppler-utils) is missing: receipt.png stays as it is\n")
        return
    page = photographer.enters("tiepnhan.caolanh")
    paper = photographer.folder / "receipt.pdf"
    paper.write_bytes(page.request.get(f"{first_dossier(page, 'all')}/receipt.pdf").body())
    out = photographer.folder / "receipt"
    subprocess.run([draw, "-png", "-r", "75", "-gray", "-f", "1", "-l", "1", "-singlefile", paper, out], check=True)
    keep(out.with_suffix(".png").read_bytes(), "receipt")
    page.context.close()


def procedure_in_words(photographer: Photographer) -> None:
    page = photographer.enters("pheduyet", {"width": 1120, "height": 700})
    page.goto("/procedures/?q=2.000635")
    page.locator("#found tbody a").first.click()
    page.get_by_role("link", name="Phiên bản 1").click()
    page.wait_for_url("**/versions/1")
    page.wait_for_load_state("load")
    page.get_by_role("heading", name="Phí, lệ phí").evaluate("heading => heading.scrollIntoView()")
    photographer.takes(page, "procedure-in-words")


def import_preview(photographer: Photographer) -> None:
    workbook = write_sample_workbook(photographer.folder / "danh-muc-thu-tuc.xlsx")
    page = photographer.enters("danhmuc")
    page.goto("/catalog/upload")
    page.get_by_label("Tệp Excel (.xlsx)").set_input_files(workbook)
    page.get_by_role("button", name="Tải lên và xem trước").click()
    page.get_by_role("button", name="Chấp nhận").wait_for()
    photographer.takes(page, "import-preview")


def replay(photographer: Photographer) -> None:
    page = photographer.enters("kiemtra")
    page.goto(f"{first_dossier(page, 'returned')}/history")
    page.get_by_role("button", name="Tính lại").first.click()
    page.get_by_text("Trùng khớp hoàn toàn").wait_for()
    photographer.takes(page, "replay")


def worklist_on_a_phone(photographer: Photographer) -> None:
    page = photographer.enters("tiepnhan.caolanh", PHONE)
    page.goto("/dossiers/?shelf=all")
    photographer.takes(page, "worklist-phone")


PICTURES: tuple[Callable[[Photographer], None], ...] = (
    worklist, dossier_beside_the_list, dossier_page, reception_form, receipt, procedure_in_words, import_preview,
    replay, worklist_on_a_phone,
)  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
