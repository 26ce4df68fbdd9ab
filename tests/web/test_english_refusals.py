"""What is refused is refused in English to who chose English: the sentence, its values that are words, what to do."""

import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import Workbook
from sqlalchemy import select

from app.extensions import db
from app.importers.columns import HEADERS
from app.services import job as jobs
from app.services.job import HANDLERS
from app.storage.job import Job
from tests.conftest import PASSWORD
from tests.web import test_english_pages
from tests.web.test_english_pages import EnglishPage, vietnamese_in

furnished, data, english = test_english_pages.furnished, test_english_pages.data, test_english_pages.english

NOBODY = "00000000-0000-0000-0000-000000000000"
COPIES = "/reception/2.000815"
SOURCE = "UBND tỉnh"
UNREADABLE = {
    "applicant-citizen_id": "12",
    "applicant-birth_day": "31/02/1990",
    "applicant-phone": "1",
    "applicant-email": "x",
    "filing-channel": "telepathy",
    "answers-originals-0-pages": "nhiều",
    "answers-originals-0-copies": "1,5",
}
BROKEN_YAML = """format: 1
code: 2.000635
name: &name x
kind: !!str a
code: "2.000635"
since: 2026-13-01
"""


def reader(user_name: str):
    return pytest.mark.parametrize("english", [user_name], indirect=True)


def heard(answer, data: list[str], *sentences: str) -> None:
    """Check that the page says these sentences, and nothing in Vietnamese but data and what a file must be written in.

    The first test of the module read the data; what later ones upload stands here.
    """
    data = [*data, *(f"“{header}”" for header in HEADERS.values()), SOURCE]
    page = EnglishPage(answer.get_data(as_text=True))
    said = " ".join(page.texts)
    assert [one for one in sentences if one not in said] == [], said
    assert [text for text in page.texts if vietnamese_in(text, data)] == []


def sheet(*rows: tuple[object, ...]) -> bytes:
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def uploaded(browser: FlaskClient, content: bytes):
    sent = {"workbook": (io.BytesIO(content), "danh-muc.xlsx"), "source": SOURCE}
    return browser.post("/catalog/upload", data=sent)


def imported(furnished: Flask, browser: FlaskClient, content: bytes):
    """Upload a workbook, let the job read it, and return its page."""
    address = uploaded(browser, content).headers["Location"]
    with furnished.app_context():
        for job_id in db.session.scalars(select(Job.id).where(Job.state == "queued")).all():
            jobs.run(job_id, HANDLERS)
    return browser.get(address)


def sent(browser: FlaskClient, **answers: str):
    """Open the form of certified copies and send it with these answers."""
    page = browser.get(COPIES).get_data(as_text=True)
    keys = {name: re.search(rf'name="{name}" value="([^"]+)"', page)[1] for name in ("intake_key", "desk", "version")}
    return browser.post(COPIES, data={**keys, **answers})


def first_dossier(browser: FlaskClient, shelf: str) -> str:
    page = browser.get(f"/dossiers/?shelf={shelf}").get_data(as_text=True)
    return re.search(r'href="(/dossiers/[0-9a-f-]{36})"', page)[1]


def procedure_address(browser: FlaskClient, code: str) -> str:
    page = browser.get(f"/procedures/?q={code}").get_data(as_text=True)
    return re.search(r'href="(/procedures/[0-9a-f-]{36})"', page)[1]


@reader("tiepnhan.caolanh")
def test_a_missing_answer(english, data):
    answer = sent(english)
    assert answer.status_code == 422
    heard(answer, data, "Enter “Full name”.", "Choose “Kind of applicant”.", "Enter “Date of birth”.")


@reader("tiepnhan.caolanh")
def test_an_answer_that_cannot_be_read(english, data):
    answer = sent(english, **UNREADABLE)
    assert answer.status_code == 422
    heard(
        answer,
        data,
        "“Citizen number”: a citizen number has exactly 12 digits; look at the identity card again.",
        "“Date of birth”: there is no day 31/02/1990; month 2 of 1990 has 28 days.",
        "“Phone”: this is not a phone number; enter 10 digits that begin with 0",
        "“E-mail”: this is not an e-mail address",
        "“Way of filing”: choose an entry of the list.",
        "enter a whole number in digits, for example 12 or 1.234.567.",
        "enter a whole number only; dots part the thousands, for example 1.234.567.",
        "Line 1: ",
    )


@reader("tiepnhan.caolanh")
def test_a_procedure_without_a_version(english, data):
    answer = english.get("/reception/9.999999")
    assert answer.status_code == 404
    heard(answer, data)


@reader("xuly.caolanh")
def test_a_dossier_that_somebody_else_changed(english, data):
    answer = english.post(f"{first_dossier(english, 'all')}/return", data={"lock_version": "0"})
    assert answer.status_code == 409
    heard(answer, data, "Dossier H20.", "is in the state")


@reader("xuly.caolanh")
def test_an_act_in_the_wrong_state_names_state_and_act(english, data):
    answer = english.post(f"{first_dossier(english, 'returned')}/take-over", data={"lock_version": "4"})
    assert answer.status_code == 409
    heard(answer, data, "is in the state “Result returned”, in which “Take over” cannot be done.")


@reader("danhmuc")
@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        (f"/procedures/{NOBODY}", "There is no such procedure."),
        (f"/procedures/{NOBODY}/versions/9", "There is no such procedure."),
        (f"/catalog/{NOBODY}", "There is no such import."),
    ],
)
def test_what_is_not_there(english, data, address, sentence):
    answer = english.get(address)
    assert answer.status_code == 404
    heard(answer, data, sentence)


@reader("danhmuc")
@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty. Export the catalogue from the National Public Service Portal"),
        (b"<html><table>", "This is a web page (HTML) renamed to an Excel file. Open the file in Excel"),
        (b"PK\x03\x04 broken", "The Excel file is damaged"),
    ],
)
def test_a_file_that_is_no_workbook(english, data, content, sentence):
    answer = uploaded(english, content)
    assert answer.status_code == 422
    heard(answer, data, sentence)


@reader("danhmuc")
def test_a_workbook_without_its_header(furnished, english, data):
    answer = imported(furnished, english, sheet(("Mã số", "Tên"), ("1.001193", "Khai sinh")))
    heard(
        answer,
        data,
        "Columns are missing from the header row: “Cơ quan ban hành”, “Cơ quan thực hiện”, “Lĩnh vực” "
        "(found: “Mã số”, “Tên”). Add the missing columns, then upload the file again. Export the catalogue",
    )
    heard(english.get("/catalog/"), data)


@reader("danhmuc")
def test_rows_of_a_workbook_that_are_not_taken(furnished, english, data):
    rows = [(2.00095, "A", "", "", ""), ("xyz", "B", "", "", ""), ("1.000001", "", "", "", "")]
    answer = imported(furnished, english, sheet(tuple(HEADERS.values()), *rows))
    heard(
        answer,
        data,
        "Sheet!A2: The code is the number 2.00095 instead of text, so a 0 at its end may be lost (probably 2.000950).",
        "Sheet!A3: “xyz” is not the code of a procedure.",
        "A code is one digit from 1 to 6, a dot and six digits",
        "Sheet!B4: The cell under “Tên” is empty.",
    )


@reader("quantri")
def test_what_a_job_has_done(english, data):
    heard(english.get("/jobs/"), data, "Rows read: ")


@reader("danhmuc")
def test_a_definition_that_is_no_yaml(english, data):
    address = procedure_address(english, "2.000815")
    answer = english.post(f"{address}/upload", data={"text": BROKEN_YAML})
    assert answer.status_code == 422
    heard(
        answer,
        data,
        "Places to correct in the definition file: 5; nothing has been saved.",
        "2.000635 without quotes would be read as a decimal number and lose digits.",
        'Put it in quotes: "2.000635".',
        "The anchor &name cannot be used.",
        "“code” already stands in line 2.",
        "There is no day 2026-13-01.",
    )


@reader("danhmuc")
def test_a_definition_of_another_procedure_or_without_a_structure(english, data):
    address = procedure_address(english, "2.000815")
    listed = english.post(f"{address}/upload", data={"text": "- 1\n"})
    heard(listed, data, "The file is not a definition.", "Begin the file with format: 1.")
    nothing = english.post(f"{address}/upload", data={"text": ""})
    assert nothing.status_code == 422
    heard(nothing, data)


@reader("quantri")
def test_a_day_that_the_calendar_does_not_have(english, data):
    answer = english.post("/calendar/2026/days/2026-03-03/withdraw", data={"reason": "x"})
    assert answer.status_code == 404
    heard(answer, data, "The calendar has no special day on 03/03/2026.")


def test_the_same_refusals_are_vietnamese_to_who_chose_vietnamese(furnished):
    browser = furnished.test_client()
    browser.post("/login/", data={"username": "tiepnhan.caolanh", "password": PASSWORD})
    page = sent(browser, **UNREADABLE).get_data(as_text=True)
    assert "“Ngày, tháng, năm sinh”: không có ngày 31/02/1990, tháng 2 năm 1990 có 28 ngày." in page
    assert "“Cách nộp”: hãy chọn một mục trong danh sách." in page
