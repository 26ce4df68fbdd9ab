"""What another body's system keeps is received or only explained here, and never said to be decided here."""

import io

import pytest
from pypdf import PdfReader
from sqlalchemy import func, select

from app.extensions import db
from app.services import dossier as dossiers
from app.services import receipt
from app.services.errors import MoveNotAllowedError
from app.services.overview import overview
from app.services.sample import SAMPLES
from app.storage.dossier import Dossier
from app.storage.unit_of_work import unit_of_work
from tests.desk import AT, COPIES, PROCESSOR, RECEIVER, acting, publish, received

RESIDENCE = "1.004222"
TEXT = (SAMPLES / "procedures" / f"{RESIDENCE}.yaml").read_text(encoding="utf-8")
OWNER = "Công an cấp xã giải quyết; hồ sơ và trạng thái do hệ thống quản lý cư trú của ngành Công an giữ."
MOVED = {"new_address": "12 Nguyễn Huệ", "exempt_person": False, "lawful_home": False}
FILED = {
    "code": RESIDENCE, "facts": MOVED, "digital_citizen": False, "received": frozenset({"declaration", "home_proof"}),
}  # fmt: skip


def paper_of(dossier_id) -> str:
    with acting(RECEIVER) as rights, unit_of_work() as work:
        dossier = dossiers.open_dossier(work.session, dossier_id, rights)
        pages = PdfReader(io.BytesIO(receipt.pdf(receipt.issue(work, dossier, rights=rights, at=AT)))).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


@pytest.mark.parametrize(("facts", "number"), [({}, "chưa ghi"), ({"police_number": "CA-26-17"}, "CA-26-17")])
def test_dossier_and_receipt_say_who_decides_that_the_state_is_mirrored_and_its_number_there(database, facts, number):
    publish(RESIDENCE)
    dossier_id = received(**{**FILED, "facts": MOVED | facts})
    with acting(PROCESSOR) as rights:
        kept = overview(db.session(), dossiers.open_dossier(db.session(), dossier_id, rights), rights, at=AT).kept
    assert kept is not None
    assert kept.numbered is not None
    said = f"{OWNER} {kept.mirrored.vi} Số hồ sơ ở hệ thống của ngành Công an: {number}."
    assert " ".join((kept.owner.vi, kept.mirrored.vi, kept.numbered.vi)) == said
    paper = paper_of(dossier_id)
    assert said in paper
    assert "20.000" in paper


def test_where_the_desk_only_guides_nothing_is_received_whichever_door_asks(database):
    publish(RESIDENCE, TEXT.replace("desk: transfers", "desk: guides"))
    with pytest.raises(MoveNotAllowedError, match="không được nhận ở đây"):
        received(**FILED)
    with acting(RECEIVER):
        assert db.session.scalar(select(func.count()).select_from(Dossier)) == 0


def test_of_what_is_kept_here_nothing_of_the_kind_is_said(database):
    publish(COPIES)
    dossier_id = received()
    with acting(PROCESSOR) as rights:
        assert (
            overview(db.session(), dossiers.open_dossier(db.session(), dossier_id, rights), rights, at=AT).kept is None
        )
    assert "giữ" not in paper_of(dossier_id)
