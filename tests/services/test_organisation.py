"""An organisation applies as itself: its own record, its own history, its name on lists and papers."""

import io
from dataclasses import replace

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from app.extensions import db
from app.services import dossier as dossiers
from app.services import earlier, receipt
from app.services.errors import UnusableInputError
from app.services.overview import overview
from app.services.party import applicant_data, applicant_from, known_party
from app.services.sample import SAMPLES
from app.services.worklist import Shelf, worklist
from app.storage.earlier import count_earlier
from app.storage.party import DossierParty, Party
from app.storage.unit_of_work import unit_of_work
from tests.conftest import Beforehand
from tests.desk import (
    AT,
    COMPANY,
    PERSON,
    PROCESSOR,
    RECEIVER,
    acting,
    intake,
    publish,
    publish_copies,
    received,
)

FOR_COMPANY = {"applicant": COMPANY, "applicant_kind": "enterprise"}


@pytest.fixture
def beforehand() -> Beforehand:
    return publish_copies


@pytest.fixture(autouse=True)
def at_work(database) -> None:
    """Every test here has the database."""


def test_the_organisation_is_the_applicant_and_a_person_represents_it():
    dossier_id = received(**FOR_COMPANY)
    with acting(PROCESSOR) as rights:
        view = overview(db.session(), dossiers.open_dossier(db.session(), dossier_id, rights), rights, at=AT)
        named = db.session.execute(
            select(DossierParty.role, Party.kind, Party.full_name).join(Party, Party.id == DossierParty.party_id)
        ).all()
    assert sorted(map(tuple, named)) == [
        ("applicant", "organisation", "Công ty TNHH Sen Hồng"),
        ("representative", "person", "Trần Văn Sáu"),
    ]
    assert view.is_of_organisation
    assert (view.applicant["identifier"], view.number_label.vi) == ("1400999003", "Mã số thuế")
    assert (view.representative["position"], view.representative["identifier_end"]) == ("Giám đốc", "235")
    assert "087080001235" not in str([view.applicant, view.representative])


def test_the_worklist_shows_the_organisation_and_the_search_finds_it():
    received()
    received(**FOR_COMPANY)
    with acting(PROCESSOR) as rights:
        found = worklist(db.session(), rights, shelf=Shelf.ALL, text="sen hong", after=None, at=AT)
    assert [line.person for line in found.lines] == ["Công ty TNHH Sen Hồng"]


@pytest.mark.parametrize(("kind", "called"), [("enterprise", "Doanh nghiệp"), ("organisation", "Tổ chức")])
def test_the_receipt_names_the_organisation_its_tax_code_and_who_represents_it(kind, called):
    dossier_id = received(**{**FOR_COMPANY, "applicant_kind": kind})
    with acting(RECEIVER) as rights, unit_of_work() as work:
        dossier = dossiers.open_dossier(work.session, dossier_id, rights)
        paper = receipt.pdf(receipt.issue(work, dossier, rights=rights, at=AT))
    text = " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(paper)).pages).split())
    assert f"{called}: Công ty TNHH Sen Hồng; người đại diện: Trần Văn Sáu" in text
    assert "Mã số thuế: 1400999003" in text
    assert "Số định danh cá nhân/hộ chiếu" not in text
    assert "087080001235" not in text


def test_the_number_that_is_opened_with_a_purpose_is_the_representatives():
    dossier_id = received(**FOR_COMPANY)
    with acting(PROCESSOR) as rights, unit_of_work() as work:
        number = dossiers.open_identity(work, dossier_id, purpose="Đối chiếu", rights=rights, at=AT)
    assert number == "087080001235"


def test_an_organisation_has_its_own_history_and_its_representative_another():
    asking = (SAMPLES / "definitions" / "1.007277.yaml").read_text(encoding="utf-8")
    publish("1.007277", asking)
    person = replace(PERSON, identifier="087080001235")
    house = {
        "asset_kind": "land_house", "price": 2_000_000_000, "acquired_by": "transfer", "debt_recorded": False,
        "exempt": False, "seller_integrated": True,
    }  # fmt: skip
    bought = {"code": "1.007277", "channel": "online", "facts": house, "received": frozenset({"land_form"})}
    received(**bought, **FOR_COMPANY)
    with acting(RECEIVER):
        version = dossiers.version_to_receive(db.session(), "1.007277", AT)
        assert set(earlier.facts_of(db.session(), version, person, AT).values()) == {0}
        parties = [known_party(db.session(), each) for each in (COMPANY, person)]
        asked = {"what": "charges", "kind": "registration", "procedure_id": version.procedure_id, "since": None}
        assert [count_earlier(db.session(), party_id=party, **asked) for party in parties] == [1, 0]


def test_two_bodies_with_decisions_of_one_number_stay_two():
    one = replace(COMPANY, full_name="Ban Quản lý chợ Cao Lãnh", identifier="12/QĐ-UBND", identifier_kind="decision")
    other = replace(one, full_name="Ban Quản lý bến xe Cao Lãnh")
    for each in (one, other, one):
        received(applicant=each, applicant_kind="organisation")
    with acting(RECEIVER):
        assert known_party(db.session(), one) != known_party(db.session(), other)
        assert len(db.session.scalars(select(Party).where(Party.kind == "organisation")).all()) == 2


def test_no_organisation_is_a_digital_citizen_whatever_is_sent():
    with acting(RECEIVER) as rights, unit_of_work() as work:
        sent = intake(rights, **FOR_COMPANY, digital_citizen=True)
        _, facts = dossiers.prepared(work.session, sent, rights=rights, at=AT)
    assert facts["digital_citizen"] is False


@pytest.mark.parametrize(
    "said", [{"applicant": COMPANY}, {"applicant_kind": "organisation"}, {"applicant": COMPANY, "applicant_kind": ""}]
)
def test_an_organisation_named_as_a_person_or_the_reverse_is_refused(said):
    with pytest.raises(UnusableInputError, match="không khớp"):
        received(**said)


def test_a_kind_of_applicant_that_may_not_apply_is_refused_whoever_sends_it():
    publish("1.004222")
    with pytest.raises(UnusableInputError, match="không dành cho loại người nộp này") as refused:
        received(code="1.004222", **FOR_COMPANY)
    assert "Cá nhân" in str(refused.value.todo)


def test_a_request_that_waits_for_a_leader_keeps_the_organisation_and_old_ones_are_still_read():
    assert applicant_from(applicant_data(COMPANY)) == COMPANY
    assert applicant_from(applicant_data(PERSON)) == PERSON
    kept = {
        name: value
        for name, value in applicant_data(PERSON).items()
        if name not in ("identifier_kind", "representative")
    }
    assert applicant_from(kept) == PERSON
