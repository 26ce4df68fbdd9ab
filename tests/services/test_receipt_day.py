"""A receipt says why the appointment is that day where nobody could guess it."""

import io
from datetime import UTC, datetime
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.clock import now
from app.extensions import db
from app.services import evaluation as evaluations
from app.services import receipt
from app.storage.dossier import Dossier
from app.storage.unit_of_work import unit_of_work
from rules.evaluation.outcome import Evaluation
from rules.say.appointment import why_that_day
from tests import procedure_texts as texts
from tests.conftest import Beforehand
from tests.desk import RECEIVER, acting, publish, publish_copies, received

AFTER_THE_CUTOFF = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
"""Monday 15:30 in Vietnam, on the eve of a day off."""

IN_TIME = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)

SENTENCE = (
    "Tiếp nhận sau 15:00 nên tính từ ngày làm việc tiếp theo: 07:00 thứ Tư 25/11/2026; "
    "24/11 nghỉ Ngày Văn hóa Việt Nam."
)


@pytest.fixture
def beforehand() -> Beforehand:
    return publish_copies


@pytest.fixture(autouse=True)
def at_work(database) -> None:
    """Every test here has the database."""


def printed(at: datetime, **changes: Any) -> tuple[list[str], Evaluation]:
    """Receive a dossier at this moment, print its receipt, and return the text of its pages and what was computed."""
    dossier_id = received(at=at, **changes)
    with acting(RECEIVER) as rights, unit_of_work() as work:
        dossier = work.session.scalars(
            select(Dossier).options(joinedload(Dossier.rules_version)).where(Dossier.uuid == dossier_id)
        ).one()
        pages = PdfReader(io.BytesIO(receipt.pdf(receipt.issue(work, dossier, rights=rights, at=now())))).pages
        outcome = evaluations.latest(db.session(), dossier).outcome
    return [" ".join(page.extract_text().split()) for page in pages], Evaluation.from_data(outcome)


def test_a_receipt_of_the_eve_of_a_day_off_names_the_cutoff_and_the_day_off_in_one_sentence():
    pages, outcome = printed(AFTER_THE_CUTOFF)
    assert len(pages) == 1
    assert "17 giờ 00 phút, ngày 25 tháng 11 năm 2026" in pages[0]
    assert f"Cách tính ngày hẹn: {SENTENCE}" in pages[0]
    assert why_that_day(outcome.deadline).vi == SENTENCE


def test_a_receipt_whose_day_is_plain_says_nothing_more():
    pages, outcome = printed(IN_TIME)
    assert "Cách tính ngày hẹn" not in pages[0]
    assert why_that_day(outcome.deadline).vi == ""


def test_a_dossier_received_in_time_on_the_eve_of_a_day_off_is_counted_past_it_and_says_so():
    publish(texts.CODE, texts.WHOLE)
    pages, outcome = printed(
        IN_TIME, code=texts.CODE, facts={"copies": 3, "says_why": False}, received=frozenset({"declaration"})
    )
    assert "17 giờ 00 phút, ngày 27 tháng 11 năm 2026" in pages[0]
    assert "Cách tính ngày hẹn: 24/11 nghỉ Ngày Văn hóa Việt Nam." in pages[0]
    assert why_that_day(outcome.deadline).vi == "24/11 nghỉ Ngày Văn hóa Việt Nam."
