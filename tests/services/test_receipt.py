"""The receipt says what the rules said: the right fee and date for each of the six sample procedures."""

import io
import re
from dataclasses import asdict

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from app.clock import local
from app.extensions import db
from app.services import receipt
from app.storage.dossier import Dossier, DossierFacts, DossierPaper, IssuedPaper
from app.storage.evaluation import EvaluationRecord
from app.storage.procedure import Procedure
from rules.evaluation.findings import PaperFinding
from rules.values import Text
from tests.province_at_work import let_go, put_to_work, seen_by

SIX = ("1.001193", "1.001612", "1.004222", "2.000635", "2.000815", "2.001827")


@pytest.fixture(scope="module")
def at_work(application, services):
    put_to_work(application, services)
    yield application
    let_go(application)


def dossiers_of(code: str) -> list[Dossier]:
    return list(
        db.session.scalars(
            select(Dossier)
            .join(Procedure, Procedure.id == Dossier.procedure_id)
            .where(Procedure.code == code)
            .order_by(Dossier.id)
        )
    )


def printed(citation: str | dict[str, str]) -> str:
    """A citation as a receipt prints it: in Vietnamese, whatever English its note has."""
    return citation if isinstance(citation, str) else citation["vi"]


def shown(amount: int | None) -> str:
    return "Chưa có quy định áp dụng" if amount is None else f"{amount:,}".replace(",", ".")


@pytest.mark.parametrize("code", SIX)
def test_the_receipt_prints_the_fee_and_the_appointment_that_were_computed(at_work, code):
    with seen_by(at_work, "kiemtra"):
        dossiers = dossiers_of(code)
        assert dossiers, f"the samples hold no dossier of {code}"
        for dossier in dossiers[:3]:
            issued = db.session.scalars(select(IssuedPaper).where(IssuedPaper.dossier_id == dossier.id)).one()
            outcome = db.session.scalars(
                select(EvaluationRecord.outcome).where(EvaluationRecord.dossier_id == dossier.id)
            ).first()
            pages = PdfReader(io.BytesIO(receipt.pdf(issued))).pages
            assert len(pages) == 1
            text = " ".join(" ".join(page.extract_text() for page in pages).split())
            due = local(dossier.appointment_due)
            day = f"ngày {due.day:02} tháng {due.month:02}" if due.month < 3 else f"ngày {due.day:02} tháng {due.month}"
            assert dossier.code in text
            assert f"{due:%H} giờ {due:%M} phút, {day} năm {due.year}" in text
            assert outcome["deadline"]["appointment"] == due.isoformat()
            for line in outcome["charges"]:
                shown = (
                    "Chưa có quy định áp dụng" if line["amount"] is None else f"{line['amount']:,}".replace(",", ".")
                )
                assert line["label"]["vi"] in text
                assert shown in text
                assert all(printed(reason["citation"]) in text for reason in line["reasons"])


@pytest.mark.parametrize("code", SIX)
def test_no_reason_on_a_receipt_counts_below_nothing(at_work, code):
    with seen_by(at_work, "kiemtra"):
        for dossier in dossiers_of(code):
            issued = db.session.scalars(select(IssuedPaper).where(IssuedPaper.dossier_id == dossier.id)).first()
            for reason in _reasons(issued.data) if issued else ():
                assert not re.search(r"(?<!\w)-\d", reason), reason


def test_a_birth_is_said_to_be_registered_in_time_or_late_in_plain_words(at_work):
    with seen_by(at_work, "kiemtra"):
        papers = db.session.scalars(
            select(IssuedPaper).where(IssuedPaper.dossier_id.in_([one.id for one in dossiers_of("1.001193")]))
        ).all()
        said = {reason.partition(":")[0] for paper in papers for reason in _reasons(paper.data)}
        timely = {one for one in said if one.startswith("Việc đăng ký")}
        assert timely
        assert timely <= {"Việc đăng ký đúng hạn, trong 60 ngày", "Việc đăng ký sau thời hạn 60 ngày"}


@pytest.mark.parametrize(
    ("code", "only_shown"), [("2.000815", "Bản chính giấy tờ, văn bản"), ("2.000635", "Giấy tờ tùy thân")]
)
def test_a_paper_that_was_only_shown_is_said_to_have_been_given_back(at_work, code, only_shown):
    with seen_by(at_work, "kiemtra"):
        papers = db.session.scalars(
            select(IssuedPaper).where(IssuedPaper.dossier_id.in_([one.id for one in dossiers_of(code)]))
        ).all()
        listed = [(row["name"], row["note"]) for paper in papers for row in paper.data["documents"]]
        assert {note for name, note in listed if name.startswith(only_shown)} == {"xuất trình, đã trả lại"}
        assert {note for name, note in listed if not name.startswith(only_shown)} <= {""}
        listing = next(one for one in papers if only_shown in str(one.data["documents"]))
        pages = PdfReader(io.BytesIO(receipt.pdf(listing))).pages
        assert len(pages) == 1
        assert re.search(rf"{only_shown}.* xuất trình, đã trả lại", " ".join(pages[0].extract_text().split()))


def test_a_fee_by_formula_is_worked_out_in_figures_a_citizen_can_check(at_work):
    with seen_by(at_work, "kiemtra"):
        dossier = dossiers_of("2.000815")[0]
        issued = db.session.scalars(select(IssuedPaper).where(IssuedPaper.dossier_id == dossier.id)).one()
        kept = db.session.scalars(select(DossierFacts.facts).where(DossierFacts.dossier_id == dossier.id)).first()
        text = " ".join(PdfReader(io.BytesIO(receipt.pdf(issued))).pages[0].extract_text().split())
        for row in kept["originals"]:
            of_one = min(200_000, 2000 * min(row["pages"], 2) + 1000 * max(row["pages"] - 2, 0))
            assert f"{row['title']}, {row['pages']} trang: " in text
            assert f"; × {row['copies']} bản = {shown(of_one * row['copies'])} đ." in text
        assert "số nhỏ nhất" not in text
        assert "“" not in text.split("7. Phí, lệ phí")[1].split("Tổng số tiền")[0]


@pytest.mark.parametrize("code", SIX)
def test_no_receipt_tells_a_citizen_that_a_rule_applies_in_every_case(at_work, code):
    with seen_by(at_work, "kiemtra"):
        for dossier in dossiers_of(code):
            issued = db.session.scalars(select(IssuedPaper).where(IssuedPaper.dossier_id == dossier.id)).one()
            assert "Mọi trường hợp" not in str(issued.data)
            assert all(reason["citation"] for reason in issued.data["appointment"]["reasons"])


def test_copies_stand_under_the_heading_of_copies_and_not_of_photocopies(at_work):
    with seen_by(at_work, "kiemtra"):
        papers = db.session.scalars(
            select(IssuedPaper).where(IssuedPaper.dossier_id.in_([one.id for one in dossiers_of("1.001612")]))
        ).all()
        listed = [row for paper in papers for row in paper.data["documents"]]
        authorised = [row for row in listed if row["name"].startswith("Văn bản ủy quyền của thành viên hộ gia đình")]
        assert authorised
        assert {(row["originals"], row["certified"], row["photocopies"]) for row in authorised} == {(0, 1, 0)}


@pytest.mark.parametrize(
    ("accepted", "column"),
    [
        ((), "certified"),
        (("original", "photocopy"), "certified"),
        (("photocopy",), "photocopies"),
        (("compared_copy", "photocopy"), "photocopies"),
    ],
)
def test_a_paper_of_which_only_photocopies_are_accepted_stands_under_theirs(accepted, column):
    asked = PaperFinding("proof", Text("Giấy"), "required", 0, 2, "hand_in", None, None, (), accepted=accepted)
    handed = DossierPaper(code="proof", label="Giấy", originals=0, copies=2, detail={})
    row = asdict(receipt._handed_in(handed, asked))
    assert {name: row[name] for name in ("certified", "photocopies")} == {
        "certified": 0,
        "photocopies": 0,
        column: 2,
    }


def _reasons(data: dict) -> list[str]:
    return [reason["sentence"] for fee in data["fees"] for reason in fee["reasons"]]
